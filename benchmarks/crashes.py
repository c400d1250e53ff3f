"""Runs that are killed, and disks that fail: `python -m benchmarks.crashes writes|kills|errors`.

    writes    each call by which a night's run changes its folder is once the one at which it is killed
    kills     a long series of nights, each killed several times at random
    errors    each of those calls fails once: no space left, an I/O error

After each, each source is as it was before the run or as it is after it, every digest is whole, `doctor` finds nothing,
and the next run, undisturbed, brings what an undisturbed series brings: every change told once, and nothing left over.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Literal

from msgspec import Struct

from benchmarks.arrivals import (
    FILES,
    Begun,
    count_channels,
    has_arrived,
    list_astray,
    list_open,
    rename_place,
    size_arrived,
)
from benchmarks.crash_series import Night, Stage, build_nights, serve_series
from benchmarks.faulty_calls import Call, list_calls, run_failing, run_killed
from benchmarks.observed import State, compare_states, find_mixed, list_leftovers, list_torn, observe
from benchmarks.real_runs import Ran, run_program
from snapshots.errors import NoticediffError

START = dt.datetime(2025, 1, 1, 3, 0, tzinfo=dt.UTC)
TRACK = ("--quiet", "track")
ERRORS = ("ENOSPC", "EIO")
WORKERS = 2
_LATER = dt.timedelta(minutes=30)
_EACH_ARRIVAL = 3
_GOOD_CODES = frozenset({0, 3, 4})
_KILLED = frozenset({-9, 137})


class Step(Struct, frozen=True, kw_only=True):
    """One night of an undisturbed series: the folder before it, the states before and after, how long its run took."""

    number: int
    night: Night
    folder: Path
    old: State
    new: State
    seconds: float

    @property
    def instant(self) -> dt.datetime:
        """When the night's run begins."""
        return START + dt.timedelta(days=self.number)


class Outcome(Struct, frozen=True, kw_only=True):
    """How often a run was disturbed, what it was doing then, and every way in which that was not survived.

    `arrived` says by channel how many deliveries arrived, and how many came again.
    """

    disturbed: int
    kinds: Counter[str]
    faults: tuple[str, ...]
    arrived: dict[str, tuple[int, int]] = {}


def main(arguments: list[str]) -> int:
    """Run a campaign and print what came of it; 1 where anything was not survived."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crashes")
    parser.add_argument("campaign", choices=["writes", "kills", "errors"])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--nights", type=int, help="how many nights: writes and errors 3, kills 50")
    parser.add_argument("--each", type=int, default=20, help="kills: how many kills a night")
    parser.add_argument("--every", type=int, default=1, help="writes, errors: only each n-th call")
    options = parser.parse_args(arguments)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="crashes-") as root, serve_series(Path(root), with_services=True) as stage:
        if options.campaign == "kills":
            outcome = kill_at_random(stage, seed=options.seed, nights=options.nights or 50, each=options.each)
        else:
            outcome = disturb_calls(
                stage, options.campaign, seed=options.seed, nights=options.nights or 3, every=options.every
            )
    print(f"{options.campaign}: seed {options.seed}, {time.monotonic() - began:.0f} s")
    print(f"disturbed {outcome.disturbed} times: {', '.join(f'{n} {kind}' for kind, n in outcome.kinds.most_common())}")
    for channel, (once, again) in sorted(outcome.arrived.items()):
        print(f"{channel}: {once} arrived, {again} came again")
    print(f"not survived: {len(outcome.faults)}")
    for fault in outcome.faults:
        print(f"FAULT {fault}")
    return int(bool(outcome.faults))


def disturb_calls(
    stage: Stage, campaign: Literal["writes", "errors"], *, seed: int, nights: int, every: int = 1
) -> Outcome:
    """What came of disturbing each call of each night's run, or each n-th of them."""
    kinds: Counter[str] = Counter()
    faults: list[str] = []
    for step in play_nights(stage, seed=seed, nights=nights):
        listed = list_calls(copy_place(step.folder, "calls"), TRACK, step.instant)
        chosen = listed[step.number % every :: every]
        cases = [(call, error) for call in chosen for error in (ERRORS if campaign == "errors" else (None,))]
        with ProcessPoolExecutor(WORKERS, get_context("forkserver")) as pool:
            for (call, error), told in zip(cases, pool.map(_disturb_call, repeat(step), cases), strict=True):
                kinds[call.name if error is None else error] += 1
                faults += [f"--seed {seed}, night {step.number}, {call} {error or 'killed'}: {fault}" for fault in told]
    return Outcome(disturbed=kinds.total(), kinds=kinds, faults=tuple(faults))


def kill_at_random(stage: Stage, *, seed: int, nights: int, each: int) -> Outcome:
    """What came of a series of nights in which each run is killed so many times, and then left alone once.

    One kill in three comes when something has just arrived on one of the ways, which is seldom hit by chance: the store
    has not said yet that it is sent.
    """
    chance = random.Random(seed)  # noqa: S311 - a simulation
    kinds: Counter[str] = Counter()
    faults: list[str] = []
    folder = make_place(stage, "killed")
    doubtful: set[Begun] = set()
    for step in play_nights(stage, seed=seed, nights=nights):
        for time_of in range(each):
            after = step.seconds * chance.random() * chance.random()  # a run with nothing left to tell is short
            instant = step.instant + time_of * _LATER / each
            if time_of % _EACH_ARRIVAL:
                ran = run_program(folder, TRACK, instant, kill_after=after)
            else:
                file = folder / chance.choice(FILES)
                ran = run_program(folder, TRACK, instant, kill_when=partial(has_arrived, file, size_arrived(file)))
            kinds["killed" if ran.code in _KILLED else "had ended"] += 1
            told = [*look_at(folder, step), *consult_doctor(folder, step.instant)]
            doubtful |= list_open(folder) if ran.code in _KILLED else set()
            faults += [f"--seed {seed}, night {step.number}, kill {time_of} after {after:.3f} s: {it}" for it in told]
        told = [*run_undisturbed(folder, step, doubtful)]
        faults += [f"--seed {seed}, night {step.number}, the run after: {it}" for it in told]
    return Outcome(disturbed=kinds["killed"], kinds=kinds, faults=tuple(faults), arrived=count_channels(folder))


def play_nights(stage: Stage, *, seed: int, nights: int) -> Iterator[Step]:
    """The nights of an undisturbed series, each while the sources show it."""
    folder = make_place(stage, "undisturbed")
    run_program(folder, ("--version",), START)  # the first run waits for what all others are forked from
    old = observe(folder)
    for number, night in enumerate(build_nights(seed, nights)):
        stage.show(night)
        before = copy_place(folder, "before")
        instant = START + dt.timedelta(days=number)
        began = time.monotonic()
        ran = run_program(folder, TRACK, instant)
        seconds = time.monotonic() - began
        if ran.code not in _GOOD_CODES:
            raise RuntimeError(f"undisturbed night {number} ended with {ran.code}: {ran.talk}")
        new = observe(folder)
        yield Step(number=number, night=night, folder=before, old=old, new=new, seconds=seconds)
        shutil.rmtree(before)
        old = new


def _disturb_call(step: Step, case: tuple[Call, str | None]) -> tuple[str, ...]:
    """What was not survived when the night's run was disturbed at the call."""
    call, error = case
    folder = copy_place(step.folder, f"{call.name}-{call.number}-{error}")
    faults: list[str] = []
    if error is None:
        ran = run_killed(folder, TRACK, step.instant, call)
        if ran.code not in _KILLED:
            faults.append(f"was not killed, and ended with {ran.code}")
    else:
        ran = run_failing(folder, TRACK, step.instant, call, error)
        faults += judge_error(ran)
    looked = copy_place(folder, "looked-at")
    faults += (*look_at(looked, step), *consult_doctor(looked, step.instant))
    faults += run_undisturbed(folder, step, list_open(looked))
    shutil.rmtree(folder)
    shutil.rmtree(looked)
    return tuple(faults)


def judge_error(ran: Ran) -> Iterator[str]:
    """What is wrong with how a run ended whose call failed: one line in all that says so, and exit code 2.

    What a source or a mail server refused has lines of its own.
    """
    lines = [line for line in ran.talk.splitlines() if "source '" not in line and "notify '" not in line]
    if "Traceback" in ran.talk or "a fault of the program" in ran.talk:
        yield f"exit code {ran.code}: {ran.talk}"
    elif ran.code not in {*_GOOD_CODES, 2}:
        yield f"exit code {ran.code}, and it says: {ran.talk!r}"
    elif ran.code == 2 and len(lines) != 1:  # noqa: PLR2004
        yield f"exit code 2, and it says: {ran.talk!r}"


def look_at(folder: Path, step: Step) -> Iterator[str]:
    """What is wrong with the folder after a run that was disturbed."""
    try:
        state = observe(folder)
    except NoticediffError as error:
        yield f"cannot be opened: {error}"
        return
    yield from list_torn(folder)
    yield from find_mixed(state, step.old, step.new)


def run_undisturbed(folder: Path, step: Step, doubtful: set[Begun]) -> Iterator[str]:
    """What is not as in an undisturbed series after a run that ends by itself.

    A delivery that was begun when its run ended is doubtful: it may come again, under its key.
    """
    ran = run_program(folder, TRACK, step.instant + _LATER)
    if ran.code not in _GOOD_CODES:
        yield f"the next run ended with {ran.code}: {ran.talk}"
        return
    state = observe(folder)
    yield from compare_states(state, step.new)
    yield from list_astray(folder, doubtful)
    yield from list_torn(folder)
    yield from list_leftovers(folder)


def consult_doctor(folder: Path, instant: dt.datetime) -> Iterator[str]:
    """What `doctor` finds damaged."""
    store = folder / "notices.db"
    if not store.exists() or not store.stat().st_size:
        return  # killed before there was one
    ran = run_program(folder, ("--quiet", "--store", "notices.db", "doctor"), instant + _LATER)
    if ran.code:
        yield f"doctor ends with {ran.code}: {ran.output}{ran.talk}"


def make_place(stage: Stage, name: str) -> Path:
    """A folder with the configuration, and nothing else."""
    folder = stage.folder / name
    folder.mkdir()
    (folder / "noticediff.toml").write_text(stage.configure(name), encoding="utf-8")
    return folder


def copy_place(folder: Path, name: str) -> Path:
    """A copy of the folder beside it, in place of an earlier one of that name."""
    copy = folder.with_name(f"{folder.name}-{name}")
    if copy.exists():
        shutil.rmtree(copy)
    shutil.copytree(folder, copy)
    rename_place(copy, folder.name)
    return copy


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
