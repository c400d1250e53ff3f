"""Upgrades of a store of release 0.1.0 that are killed: `python -m benchmarks.crash_upgrades [--every N]`.

The first command of this version that opens the store brings it to the present schema. At each call by which it changes
a file it is once killed: the store is then the old one or the new one, whole, and the next command brings the same
as an undisturbed upgrade.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path

from benchmarks.crashes import START, WORKERS, Outcome, consult_doctor, copy_place
from benchmarks.faulty_calls import Call, list_calls, run_killed
from benchmarks.observed import list_leftovers
from benchmarks.real_runs import run_program

DUMP = Path(__file__).parents[1] / "tests" / "snapshots" / "old_stores" / "release-0.1.0.sqlite.sql"
STORE = "notices.db"
COMMAND = ("--quiet", "--store", STORE, "snapshots", "--format", "json")


def main(arguments: list[str]) -> int:
    """Kill upgrades and print what came of it; 1 where a store was lost."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crash_upgrades")
    parser.add_argument("--every", type=int, default=1, help="only each n-th call")
    options = parser.parse_args(arguments)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="crashes-") as root:
        outcome = kill_upgrades(Path(root), every=options.every)
    print(f"upgrades: {time.monotonic() - began:.0f} s")
    print(f"killed {outcome.disturbed} times: {', '.join(f'{n} {kind}' for kind, n in outcome.kinds.most_common())}")
    print(f"not survived: {len(outcome.faults)}")
    for fault in outcome.faults:
        print(f"FAULT {fault}")
    return int(bool(outcome.faults))


def kill_upgrades(root: Path, *, every: int = 1) -> Outcome:
    """What came of killing the upgrade at each call, or at each n-th."""
    folder = make_old_place(root)
    calls = list_calls(copy_place(folder, "calls"), COMMAND, START)[::every]
    upgraded = copy_place(folder, "upgraded")
    answer = run_program(upgraded, COMMAND, START).output
    with ProcessPoolExecutor(WORKERS, get_context("forkserver")) as pool:
        found = tuple(pool.map(_kill_upgrade, repeat(folder), calls, repeat(dump_store(upgraded)), repeat(answer)))
    faults = [f"{call}: {fault}" for call, told in zip(calls, found, strict=True) for fault in told]
    return Outcome(disturbed=len(calls), kinds=Counter(call.name for call in calls), faults=tuple(faults))


def make_old_place(root: Path) -> Path:
    """A folder with a store as release 0.1.0 has left it."""
    folder = root / "old"
    folder.mkdir()
    with closing(sqlite3.connect(folder / STORE)) as connection:
        connection.executescript(DUMP.read_text(encoding="utf-8"))
    return folder


def dump_store(folder: Path, name: str = STORE) -> str:
    """All that the store holds, as lines of SQL; a table built anew has its constraints in any order."""
    with closing(sqlite3.connect(folder / name)) as connection:
        dump = "\n".join(connection.iterdump())
    return "\n".join(sorted(line.rstrip(", ") for line in dump.splitlines()))


def _kill_upgrade(folder: Path, call: Call, upgraded: str, answer: str) -> tuple[str, ...]:
    place = copy_place(folder, f"{call.name}-{call.number}")
    run_killed(place, COMMAND, START, call)
    return judge_upgrade(place, dump_store(folder), upgraded, answer)


def judge_upgrade(place: Path, old: str, upgraded: str, answer: str) -> tuple[str, ...]:
    """What is wrong with the place after an upgrade that was cut off; the place is gone afterwards."""
    looked = copy_place(place, "looked-at")
    faults = [*_judge_dump(dump_store(looked), old, upgraded), *consult_doctor(looked, START)]
    ran = run_program(place, COMMAND, START)
    if ran.code or ran.output != answer:
        faults.append(f"the next command ends with {ran.code}, and answers {ran.output[:80]!r} {ran.talk}")
    if dump_store(place) != upgraded:
        faults.append("the next command does not bring what an undisturbed upgrade brings")
    faults += list_leftovers(place)
    shutil.rmtree(place)
    shutil.rmtree(looked)
    return tuple(faults)


def _judge_dump(found: str, old: str, new: str) -> Iterator[str]:
    if found not in {old, new}:
        yield "the store is neither the old one nor the new one"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
