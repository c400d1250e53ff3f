"""Runs that find no room: `python -m benchmarks.full_disks limit|disk [--nights N] [--step BYTES] [--seed N]`.

    limit    no file can grow beyond a size: a little more at each run, until the night's run goes through
    disk     a disk of its own is nearly full: a little less at each run (the superuser mounts it)

A run that finds no room says so in one line and ends with 2. Each source is then as it was or as it is now, `doctor`
finds nothing, and with room the next run brings what an undisturbed series brings.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from benchmarks.arrivals import list_open
from benchmarks.crash_series import Stage, serve_series
from benchmarks.crashes import (
    TRACK,
    Outcome,
    Step,
    consult_doctor,
    copy_place,
    judge_error,
    look_at,
    play_nights,
    run_undisturbed,
)
from benchmarks.real_runs import Ran, run_program

_MOST_ROOM = 16_000_000
_SIZE = "32m"
_NO_ROOM = 2


def main(arguments: list[str]) -> int:
    """Run out of room and print what came of it; 1 where anything was not survived."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.full_disks")
    parser.add_argument("way", choices=["limit", "disk"])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--nights", type=int, default=3)
    parser.add_argument("--step", type=int, default=4096)
    options = parser.parse_args(arguments)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="crashes-") as root, serve_series(Path(root)) as stage:
        if options.way == "limit":
            outcome = limit_files(stage, seed=options.seed, nights=options.nights, step=options.step)
        else:
            with mount_disk(Path(root) / "disk") as disk:
                outcome = fill_disk(stage, disk, seed=options.seed, nights=options.nights, step=options.step)
    print(f"{options.way}: seed {options.seed}, {time.monotonic() - began:.0f} s")
    print(f"no room {outcome.disturbed} times: {dict(outcome.kinds)}")
    print(f"not survived: {len(outcome.faults)}")
    for fault in outcome.faults:
        print(f"FAULT {fault}")
    return int(bool(outcome.faults))


def limit_files(stage: Stage, *, seed: int, nights: int, step: int) -> Outcome:
    """What came of runs whose files can grow to so many bytes only."""
    kinds: Counter[str] = Counter()
    faults: list[str] = []
    for night in play_nights(stage, seed=seed, nights=nights):
        for room in count(step, step):
            folder = copy_place(night.folder, "limited")
            ran = run_program(folder, TRACK, night.instant, largest_file=room)
            kinds["no room" if ran.code == _NO_ROOM else "went through"] += 1
            told = [*judge_error(ran), *_look_later(folder, night)]
            faults += [f"--seed {seed}, night {night.number}, files of {room} bytes: {fault}" for fault in told]
            if ran.code != _NO_ROOM or room > _MOST_ROOM:
                break
    return Outcome(disturbed=kinds["no room"], kinds=kinds, faults=tuple(faults))


def fill_disk(stage: Stage, disk: Path, *, seed: int, nights: int, step: int) -> Outcome:
    """What came of runs on a disk on which so many bytes are free."""
    kinds: Counter[str] = Counter()
    faults: list[str] = []
    for night in play_nights(stage, seed=seed, nights=nights):
        for room in count(0, step):
            folder = disk / "place"
            shutil.copytree(night.folder, folder)
            filler = disk / "filler"
            ran = _run_filled(folder, filler, night, room)
            kinds["no room" if ran.code == _NO_ROOM else "went through"] += 1
            told = [*judge_error(ran)]
            filler.unlink()
            told += _look_later(folder, night)
            faults += [f"--seed {seed}, night {night.number}, {room} bytes free: {fault}" for fault in told]
            shutil.rmtree(folder)
            if ran.code != _NO_ROOM or room > _MOST_ROOM:
                break
    return Outcome(disturbed=kinds["no room"], kinds=kinds, faults=tuple(faults))


@contextmanager
def mount_disk(place: Path) -> Iterator[Path]:
    """A small disk in memory, as long as it is needed."""
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "none", str(place)], check=True)  # noqa: S607
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)  # noqa: S607


def _run_filled(folder: Path, filler: Path, night: Step, room: int) -> Ran:
    free = shutil.disk_usage(folder).free
    with filler.open("wb") as file:
        file.write(b"x" * max(0, free - room))
    return run_program(folder, TRACK, night.instant)


def _look_later(folder: Path, night: Step) -> Iterator[str]:
    """What is wrong after the run, and after the next one, for which there is room."""
    looked = copy_place(folder, "looked-at")
    yield from look_at(looked, night)
    yield from consult_doctor(looked, night.instant)
    yield from run_undisturbed(folder, night, list_open(looked))
    shutil.rmtree(looked)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
