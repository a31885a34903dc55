"""A crawl that is killed at random moments and started again loses nothing and stores nothing twice."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.loopback import ROOT, environment

HARNESS = ROOT.parent / "shared" / "tools" / "faults" / "kill_resume.py"
IN_FLIGHT = 16


@pytest.mark.skipif(not HARNESS.exists(), reason=f"{HARNESS} is not there")
def test_twenty_kills_lose_nothing(tmp_path: Path) -> None:
    out = tmp_path / "kill.json"
    crawler = f"{sys.executable} tests/benchmarks/kill.py {{url}} {{db}}"
    asked = ["--runs", "4", "--kills", "5", "--seed", "71", "--out", str(out)]
    command = [sys.executable, str(HARNESS), *asked, "--crawler", crawler, "--sql", "select url from articles"]
    subprocess.run(command, cwd=ROOT, env=environment(), check=True, capture_output=True, timeout=500)
    total = json.loads(out.read_text())["sum"]
    assert total["kills"] == 20
    assert (total["lost"], total["stored2"]) == (0, 0)
    assert total["fetched2"] <= total["kills"] * (IN_FLIGHT + 1)
