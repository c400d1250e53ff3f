"""Power cuts during a night's run: `python -m benchmarks.power_cuts [--nights N] [--every N] [--chances N] [--seed N]`.

Each run is recorded with all that it changes on the disk (strace). Then, at each of these changes, the disk is made as
a power cut can leave it: with nothing but what was synced, and by chance with parts of the rest (see disks). What the
hooks got by then has left the machine. From each such disk the program goes on: each source is as before the run or as
after it, `doctor` finds nothing, nothing was told that the store does not know of, and the next run brings what an
undisturbed series brings. When a run has ended, all that it did is there.

With `--spoil store|files` the runs sync no store, or no digest file: a control, which must find faults.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import os
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from unittest import mock

from msgspec import Struct

from benchmarks.arrivals import DELIVERED, list_astray, list_open
from benchmarks.crash_series import Stage, serve_series
from benchmarks.crashes import (
    TRACK,
    WORKERS,
    Outcome,
    Step,
    consult_doctor,
    copy_place,
    look_at,
    play_nights,
    run_undisturbed,
)
from benchmarks.disk_calls import Recording, load_disk, record_run
from benchmarks.disks import Disk, Synced, Told, Written, cut_power, keep_all, keep_by_chance, keep_nothing
from benchmarks.observed import compare_states, observe

_WORST = "only what was synced"


class Cut(Struct, frozen=True):
    """A power cut after so many changes, and how the rest fares: the worst, or by chance."""

    after: int
    how: str

    @property
    def kind(self) -> str:
        """The kind of disk that it leaves."""
        return "worst" if self.how == _WORST else "by chance"

    def __str__(self) -> str:
        return f"after change {self.after}, {self.how}"


def main(arguments: list[str]) -> int:
    """Cut the power and print what came of it; 1 where anything was not survived."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.power_cuts")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--nights", type=int, default=3)
    parser.add_argument("--every", type=int, default=1, help="only after each n-th change")
    parser.add_argument("--chances", type=int, default=2, help="how many disks by chance after each change")
    parser.add_argument("--spoil", choices=sorted(_SPOILS), help="what the runs do not sync")
    options = parser.parse_args(arguments)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="crashes-") as root, serve_series(Path(root)) as stage:
        outcome = cut_nights(
            stage,
            seed=options.seed,
            nights=options.nights,
            every=options.every,
            chances=options.chances,
            spoil=options.spoil,
        )
    print(f"power cuts: seed {options.seed}, {time.monotonic() - began:.0f} s")
    print(f"{outcome.disturbed} disks: {', '.join(f'{n} {kind}' for kind, n in outcome.kinds.most_common())}")
    print(f"not survived: {len(outcome.faults)}")
    for fault in outcome.faults:
        print(f"FAULT {fault}")
    return int(bool(outcome.faults))


def cut_nights(
    stage: Stage,
    *,
    seed: int,
    nights: int,
    every: int = 1,
    chances: int = 1,
    spoil: str | None = None,
) -> Outcome:
    """What came of the disks that power cuts leave of each night's run; equal ones are looked at once."""
    kinds: Counter[str] = Counter()
    faults: list[str] = []
    for step in play_nights(stage, seed=seed, nights=nights):
        recording = record_checked(step.folder, TRACK, step.instant, spoil=_SPOILS[spoil] if spoil else None)
        cuts = tuple(choose_cuts(recording, f"{seed}-{step.number}", every=every, chances=chances))
        with ProcessPoolExecutor(WORKERS, get_context("forkserver")) as pool:
            found = pool.map(_survive_cut, repeat(step), repeat(recording), cuts)
            for cut, told in zip(cuts, found, strict=True):
                kinds[cut.kind] += 1
                faults += [f"--seed {seed}, night {step.number}, {cut}: {fault}" for fault in told]
    return Outcome(disturbed=kinds.total(), kinds=kinds, faults=tuple(faults))


def record_checked(
    folder: Path, arguments: Sequence[str], instant: dt.datetime, *, spoil: Callable[[], None] | None = None
) -> Recording:
    """The run of the program in a copy of the folder.

    Raises RuntimeError where all changes together do not make what the run has left there, byte by byte.
    """
    place = copy_place(folder, "recorded")
    recording = record_run(place, arguments, instant, spoil=spoil)
    rebuilt = dict(cut_power(recording.before, recording.changes, keep_all).list_paths())
    if rebuilt != dict(load_disk(place).list_paths()):
        raise RuntimeError(f"{place}: the changes that were recorded do not make the folder")
    size = sum(len(change.content) for change in recording.changes if isinstance(change, Written))
    print(f"recorded {len(recording.changes)} changes, {size} bytes; replayed, they make the folder that the run left")
    return recording


def choose_cuts(recording: Recording, seed: str, *, every: int, chances: int) -> Iterator[Cut]:
    """The power cuts after each n-th change, and after the last one; of those with equal disks only the first."""
    seen: set[bytes] = set()
    last = len(recording.changes)
    for after in sorted({*range(1, last, every), last}):
        for how in (_WORST, *(f"by chance {seed}-{after}-{number}" for number in range(chances))):
            cut = Cut(after, how)
            disk, told = _make_disk(recording, cut)
            mark = hashlib.sha256(repr((sorted(disk.list_paths()), told)).encode()).digest()
            if mark not in seen or after == last:
                yield cut
            seen.add(mark)


def _make_disk(recording: Recording, cut: Cut) -> tuple[Disk, int]:
    """The disk after the cut, and how much had left the machine by then."""
    changes = recording.changes[: cut.after]
    synced = {change.file for change in recording.changes if isinstance(change, Synced)}
    survivors = keep_nothing if cut.how == _WORST else keep_by_chance(cut.how, synced)
    told = [change.size for change in changes if isinstance(change, Told)]
    return cut_power(recording.before, changes, survivors), told[-1] if told else recording.told_before


def save_cut(recording: Recording, cut: Cut, folder: Path) -> None:
    """Make the folder as it is found when the power is back."""
    disk, told = _make_disk(recording, cut)
    disk.save(folder)
    (folder / DELIVERED).write_bytes(recording.told[:told])


def _survive_cut(step: Step, recording: Recording, cut: Cut) -> tuple[str, ...]:
    """What was not survived."""
    folder = step.folder.with_name(f"cut-{cut.after}-{cut.how.rpartition(' ')[2]}")
    save_cut(recording, cut, folder)
    looked = copy_place(folder, "looked-at")
    faults = [*look_at(looked, step), *consult_doctor(looked, step.instant)]
    if not faults:
        doubtful = list_open(looked)
        faults += list_astray(looked, doubtful)
        if cut.after == len(recording.changes):
            faults += (f"gone when the run had ended: {it}" for it in compare_states(observe(looked), step.new))
        faults += run_undisturbed(folder, step, doubtful)
    shutil.rmtree(folder)
    shutil.rmtree(looked)
    return tuple(faults)


def _sync_no_store() -> None:
    """Let SQLite sync nothing."""
    mock.patch.object(sqlite3.dbapi2, "connect", partial(sqlite3.dbapi2.connect, factory=_Careless)).start()


def _sync_no_files() -> None:
    """Let our own files be synced by nobody; SQLite does not ask Python."""
    mock.patch.object(os, "fsync").start()


class _Careless(sqlite3.Connection):
    def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        return super().execute(sql.replace("synchronous = FULL", "synchronous = OFF"), *parameters)


_SPOILS: dict[str, Callable[[], None]] = {"store": _sync_no_store, "files": _sync_no_files}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
