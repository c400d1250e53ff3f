"""The runs of docs/reliability.md work: each for a moment, on the examples."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(*arguments: str) -> list[list[str]]:
    """The rows of the table that the run prints."""
    command = [sys.executable, "-m", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.stderr == ""
    return [row.strip("| ").split(" | ") for row in done.stdout.splitlines() if row.startswith("|")]


def test_the_round_trips_read_every_layout_back() -> None:
    rows = run("benchmarks.round_trips", "--examples", "5")
    assert len(rows) > 8
    assert {row[3] for row in rows[2:]} == {"equal"}


def test_the_mutations_are_the_same_for_one_seed() -> None:
    rows = run("benchmarks.mutations", "--each", "1", "--list", "0")
    tried = sum(int(row[1]) for row in rows[2:-1])
    assert int(rows[-1][1]) == tried > 200
    assert all(int(row[1]) == sum(map(int, row[2:])) for row in rows[2:])
    labels = next(row for row in rows if row[0] == "change the encoding label")
    assert labels[1] == labels[2]


def test_the_fuzz_run_reads_or_refuses_pages() -> None:
    rows = run("benchmarks.fuzz", "--seconds", "1")
    assert int(rows[2][2]) > 5
