"""A server that misbehaves: what comes whole is taken, what was cut, inflated, trapped or forbidden is not."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.loopback import ROOT, environment

HARNESS = ROOT.parent / "shared" / "tools" / "faults" / "run_faults.py"
FAULTS = (
    "ok_chunked",
    "short_of_length",
    "gzip_cut",
    "gzip_bad_crc",
    "gzip_bomb_900mib",
    "endless_no_length",
    "endless_headers",
    "nul_bytes",
    "first_two_tries_reset",
    "status_503_then_ok",
    "status_429_seconds",
    "redirect_chain_10",
    "redirect_inner_net",
    "trap_path",
    "robots_r500",
    "robots_rredirect",
)
RSS_MOST_MIB = 250


@pytest.mark.skipif(not HARNESS.exists(), reason=f"{HARNESS} is not there")
def test_faults_are_met(tmp_path: Path) -> None:
    out = tmp_path / "faults.json"
    crawler = f"{sys.executable} tests/benchmarks/fault.py {{url}} {{out}}"
    asked = ["--only", ",".join(FAULTS), "--jobs", "4", "--out", str(out), "--crawler", crawler]
    command = [sys.executable, str(HARNESS), *asked]
    subprocess.run(command, cwd=ROOT, env=environment(), check=True, capture_output=True, timeout=300)
    rows = json.loads(out.read_text())["rows"]
    assert {row["fault"]: row["result"] for row in rows if not row["met"]} == {}
    assert max(row["rss_mib"] for row in rows) <= RSS_MOST_MIB
    assert not [row["fault"] for row in rows if row["inner_net"] or row["local_file"]]
