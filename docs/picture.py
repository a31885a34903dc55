"""Makes docs/demo.svg, the picture in the README, from a real run of the demo. Run it in a checkout:

.venv/bin/python docs/picture.py
"""

import io
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.text import Text

COLUMNS = 108
ROWS_OF_A_SITE = 4  # of the table; the rest is left out, and a line says so
TARGET = Path(__file__).parent / "demo.svg"


def main() -> None:
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    with TemporaryDirectory() as folder:
        say(console, "$ newscrawl demo", shortened(run(folder, "demo")))
        say(console, "$ newscrawl demo    # again", [line for line in run(folder, "demo") if " new, " in line])
        identity = article(Path(folder, "news.db"))
        say(console, f"$ newscrawl show {identity}", run(folder, "show", identity))
    svg = console.export_svg(title="newscrawl demo", unique_id="newscrawl")
    # The fonts would be fetched from elsewhere; every reader has a monospaced one.
    svg = re.sub(r"@font-face\s*\{.*?\}", "", svg, flags=re.S)
    TARGET.write_text("\n".join(line.rstrip() for line in svg.splitlines()) + "\n", encoding="utf-8")


def run(folder: str, *words: str) -> list[str]:
    """What a person sees, in colour."""
    environment = {**os.environ, "FORCE_COLOR": "1", "COLUMNS": str(COLUMNS), "TTY_INTERACTIVE": "0"}
    command = [sys.executable, "-m", "crawler", *words]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=True)
    return (done.stdout + done.stderr).decode().replace("python -m crawler", "newscrawl").splitlines()


def shortened(lines: list[str]) -> list[str]:
    kept, rows = [], 0
    for line in lines:
        plain = Text.from_ansi(line).plain
        if plain.startswith("           ") and plain.rstrip()[-1:].isdigit():
            rows += 1
            if rows == ROWS_OF_A_SITE:
                kept.append("           ⋮")
            if rows >= ROWS_OF_A_SITE:
                continue
        else:
            rows = 0
        kept.append(line)
    return kept


def article(db: Path) -> str:
    """One with a digest, a source and a footer that was taken out; not too long."""
    chosen = (
        "select id from articles where site = 'finews' and source is not null and json_array_length(removed) > 3"
        " and share_url is not null order by abs(body_length - 160) limit 1"
    )
    return str(sqlite3.connect(db).execute(chosen).fetchone()[0])


def say(console: Console, command: str, lines: list[str]) -> None:
    console.print(Text(command, style="bold green"))
    for line in lines:
        console.print(Text.from_ansi(line), soft_wrap=True)
    console.print()


if __name__ == "__main__":
    main()
