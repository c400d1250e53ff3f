"""How soon a run is told that another one holds the store: `python -m benchmarks.refusals [--rounds N]`.

The holder idles; each command that writes is started from nothing, as cron does, and ends with 5.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.crash_series import render_notice
from snapshots.holder import Holder
from snapshots.store import open_store

COMMANDS = (
    ("track",), ("add", "page.html"), ("review", "0", "--accept", "--because", "seen"), ("quarantine", "drop", "1"),
    ("reparse",), ("doctor", "--repair"),
)  # fmt: skip
BUSY = 5
_CONFIG = 'store = "notices.db"\n[[source]]\nname = "saved"\nfile = "page.html"\n'


def main(arguments: list[str]) -> int:
    """Print a table of wall time and CPU, the medians and the longest; a command that is let in ends it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.refusals")
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args(arguments).rounds
    print("| command | wall | longest | CPU |\n| --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory(prefix="refusals-") as name:
        folder = Path(name)
        (folder / "page.html").write_text(render_notice(1, {"手加": "手加文件"}), encoding="utf-8")
        (folder / "noticediff.toml").write_text(_CONFIG, encoding="utf-8")
        holder = Holder(command="track", pid=os.getpid(), host="here", since=dt.datetime.now(dt.UTC))
        with open_store(str(folder / "notices.db"), holder=holder):
            for command in COMMANDS:
                walls, costs = zip(*(_measure(folder, command) for _ in range(rounds)), strict=True)
                row = f"{median(walls):.2f} s | {max(walls):.2f} s | {median(costs):.2f} s"
                print(f"| `{' '.join(command[:2])}` | {row} |")
    return 0


def _measure(folder: Path, command: tuple[str, ...]) -> tuple[float, float]:
    """How long the command took, and its CPU."""
    before, began = os.times(), time.monotonic()
    done = subprocess.run([sys.executable, "-m", "noticediff", *command], cwd=folder, capture_output=True, check=False)
    wall, after = time.monotonic() - began, os.times()
    if done.returncode != BUSY:
        raise SystemExit(f"{command[0]} ended with {done.returncode}: {done.stderr.decode()}")
    cost = after.children_user + after.children_system - before.children_user - before.children_system
    return wall, cost


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
