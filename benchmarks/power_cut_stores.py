"""Power cuts during an upgrade and a backup: `python -m benchmarks.power_cut_stores [--every N] [--chances N]`.

An upgrade of a store of release 0.1.0 leaves the old store or the new one, and the next command brings what an
undisturbed upgrade brings. A backup leaves the earlier copy or the new one, whole, and the new one when it has ended;
the store is as it was. See power_cuts for the disks.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from benchmarks.crash_series import build_nights, serve_series
from benchmarks.crash_upgrades import COMMAND, STORE, dump_store, judge_upgrade, make_old_place
from benchmarks.crashes import START, TRACK, WORKERS, Outcome, consult_doctor, copy_place, make_place
from benchmarks.disk_calls import Recording
from benchmarks.power_cuts import Cut, choose_cuts, record_checked, save_cut
from benchmarks.real_runs import run_program

_Judge = Callable[[Path, bool], tuple[str, ...]]
"""What is wrong with a place after a power cut, and whether the run had ended by then."""
_COPY = "copy.db"
_BACKUP = ("--quiet", "--store", STORE, "backup", "--force", _COPY)


def main(arguments: list[str]) -> int:
    """Cut the power and print what came of it; 1 where anything was not survived."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.power_cut_stores")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=int, default=1, help="only after each n-th change")
    parser.add_argument("--chances", type=int, default=2, help="how many disks by chance after each change")
    options = parser.parse_args(arguments)
    is_bad = False
    for name, cut in (("upgrade", cut_upgrade), ("backup", cut_backup)):
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="crashes-") as root:
            outcome = cut(Path(root), seed=options.seed, every=options.every, chances=options.chances)
        print(f"{name}: seed {options.seed}, {time.monotonic() - began:.0f} s")
        print(f"{outcome.disturbed} disks: {', '.join(f'{n} {kind}' for kind, n in outcome.kinds.most_common())}")
        print(f"not survived: {len(outcome.faults)}")
        for fault in outcome.faults:
            print(f"FAULT {fault}")
        is_bad = is_bad or bool(outcome.faults)
    return int(is_bad)


def cut_upgrade(root: Path, *, seed: int, every: int = 1, chances: int = 1) -> Outcome:
    """What came of power cuts during an upgrade."""
    folder = make_old_place(root)
    old = dump_store(folder)
    recording = record_checked(folder, COMMAND, START)
    upgraded = copy_place(folder, "upgraded")
    answer = run_program(upgraded, COMMAND, START).output
    judge = partial(_judge_cut_upgrade, old=old, upgraded=dump_store(upgraded), answer=answer)
    return _cut_all(folder, recording, judge, seed=seed, every=every, chances=chances)


def cut_backup(root: Path, *, seed: int, every: int = 1, chances: int = 1) -> Outcome:
    """What came of power cuts during a backup that takes the place of an earlier one."""
    with serve_series(root) as stage:
        folder = make_place(stage, "backup")
        first, second = build_nights(seed, 2)
        stage.show(first)
        run_program(folder, TRACK, START)
        run_program(folder, _BACKUP, START)
        stage.show(second)
        run_program(folder, TRACK, START)
    earlier, later = dump_store(folder, _COPY), dump_store(folder)
    recording = record_checked(folder, _BACKUP, START)
    judge = partial(_judge_backup, earlier=earlier, later=later)
    return _cut_all(folder, recording, judge, seed=seed, every=every, chances=chances)


def _cut_all(
    folder: Path,
    recording: Recording,
    judge: _Judge,
    *,
    seed: int,
    every: int,
    chances: int,
) -> Outcome:
    cuts = tuple(choose_cuts(recording, f"{seed}", every=every, chances=chances))
    with ProcessPoolExecutor(WORKERS, get_context("forkserver")) as pool:
        found = tuple(pool.map(partial(_cut, folder, recording, judge), cuts))
    faults = [f"--seed {seed}, {cut}: {fault}" for cut, told in zip(cuts, found, strict=True) for fault in told]
    return Outcome(disturbed=len(cuts), kinds=Counter(cut.kind for cut in cuts), faults=tuple(faults))


def _cut(folder: Path, recording: Recording, judge: _Judge, cut: Cut) -> tuple[str, ...]:
    place = folder.with_name(f"cut-{cut.after}-{cut.how.rpartition(' ')[2]}")
    save_cut(recording, cut, place)
    return judge(place, cut.after == len(recording.changes))


def _judge_cut_upgrade(place: Path, has_ended: bool, *, old: str, upgraded: str, answer: str) -> tuple[str, ...]:
    """What is wrong with the place: an upgrade that is gone after its end is made again, and nobody was told of it."""
    del has_ended
    return judge_upgrade(place, old, upgraded, answer)


def _judge_backup(place: Path, has_ended: bool, *, earlier: str, later: str) -> tuple[str, ...]:
    """What is wrong with the place after a backup that was cut off; the place is gone afterwards."""
    right = {later} if has_ended else {earlier, later}
    faults = [*_judge_copy(dump_store(place, _COPY), right), *consult_doctor(place, START)]
    if dump_store(place) != later:
        faults.append("the store is not as it was")
    shutil.rmtree(place)
    return tuple(faults)


def _judge_copy(found: str, right: set[str]) -> Iterator[str]:
    if found not in right:
        yield "the copy is another one than it should be"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
