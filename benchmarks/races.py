"""Two runs on one store at a time: `python -m benchmarks.races [--rounds 500] [--seed N]`.

In each round two commands start almost together: `track` against another `track`, against `add`, `review`, and commands
that read. Each does its work, or ends with 5 and one line that says who holds the store. The store is then as after
the two in one order or the other; what was read is what stood there before, after, or between two sources.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

from msgspec import Struct

from benchmarks.crash_series import Stage, build_nights, render_notice, serve_series
from benchmarks.crashes import START, TRACK, copy_place, make_place
from benchmarks.observed import State, compare_states, list_leftovers, list_torn, observe
from benchmarks.real_runs import Ran, run_program, start_program

BUSY = 5
NIGHTS = 4
READING = (
    ("show", "--format", "json"),
    ("diff", "2014-12-31", "latest", "--format", "json"),
    ("snapshots", "--format", "json"),
)
SOURCES = ("notices", "catalogue", "overseas")
_GOOD_CODES = frozenset({0, 3, 4})
_SECOND = 1.0
_ADDED = "added.html"


class Pair(Struct, frozen=True, kw_only=True):
    """Two commands, and what may come of them: the state by whether each was let in, and what reading may give."""

    first: tuple[str, ...]
    second: tuple[str, ...]
    both: tuple[State, ...]
    only: tuple[State, State]
    answers: frozenset[str]

    @property
    def name(self) -> str:
        """What the pair is called in the table."""
        return f"{self.first[-1]} and {self.second[0] if self.second != TRACK else 'track'}"


class Outcome(Struct, frozen=True, kw_only=True):
    """How many rounds there were of each pair and end, the longest wait of one that was not let in, and the faults."""

    kinds: Counter[str]
    longest: float
    faults: tuple[str, ...]


def main(arguments: list[str]) -> int:
    """Race, and print what came of it; 1 where anything was not as after one order of the two."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.races")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=500)
    options = parser.parse_args(arguments)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="races-") as root, serve_series(Path(root)) as stage:
        outcome = race(stage, seed=options.seed, rounds=options.rounds)
    print(f"seed {options.seed}, {options.rounds} rounds, {time.monotonic() - began:.0f} s")
    for kind, count in sorted(outcome.kinds.items()):
        print(f"{kind}: {count}")
    print(f"longest until told that another holds the store: {outcome.longest:.2f} s")
    print(f"not as after one order of the two: {len(outcome.faults)}")
    for fault in outcome.faults:
        print(f"FAULT {fault}")
    return int(bool(outcome.faults))


def race(stage: Stage, *, seed: int, rounds: int, nights: int = NIGHTS) -> Outcome:
    """What came of so many rounds, in turn between the pairs."""
    chance = random.Random(seed)  # noqa: S311 - a simulation
    kinds: Counter[str] = Counter()
    faults: list[str] = []
    longest = 0.0
    folder = make_place(stage, "before")
    (stage.folder / _ADDED).write_text(render_notice(100, {"手加": "手加文件"}), encoding="utf-8")
    turns = iter(range(rounds))
    for number, night in enumerate(build_nights(seed, nights)):
        stage.show(night)
        instant = START + dt.timedelta(days=number)
        found = run_program(folder, ("findings", "--format", "json"), instant).output
        makers = _list_makers(stage, re.findall(r'"id": "([0-9a-f]{12})"', found))
        pairs: dict[int, Pair] = {}
        for turn in islice(turns, -(-rounds // nights)):
            which = turn % len(makers)
            pair = pairs[which] = pairs[which] if which in pairs else makers[which](folder, instant)
            place = copy_place(folder, "race")
            gap = chance.uniform(-0.1, 0.4) if chance.random() < 0.5 else 0.0  # noqa: PLR2004
            rans, seconds = _start_both(place, pair, instant, gap)
            ends = " and ".join("not let in" if ran.code == BUSY else "done" for ran in rans)
            kinds[f"{pair.name}: {ends}"] += 1
            longest = max([longest, *(lasted for ran, lasted in zip(rans, seconds, strict=True) if ran.code == BUSY)])
            where = f"--seed {seed} --rounds {rounds}, turn {turn}, {pair.name}"
            faults += [f"{where}: {fault}" for fault in _judge(place, pair, rans)]
        run_program(folder, TRACK, instant)
    return Outcome(kinds=kinds, longest=longest, faults=tuple(faults))


def _list_makers(stage: Stage, findings: list[str]) -> Sequence[Callable[[Path, dt.datetime], Pair]]:
    """What builds the pairs of a night; before the first one there is nothing to read, and nothing to decide on."""
    add = ("add", str(stage.folder / _ADDED))
    writing = [partial(_pair_writers, TRACK), partial(_pair_writers, add)]
    if not findings:
        return writing
    review = ("review", findings[0], "--accept", "--because", "seen")
    return [*writing, partial(_pair_writers, review), *(partial(_pair_reader, reading) for reading in READING)]


def _pair_writers(second: tuple[str, ...], folder: Path, instant: dt.datetime) -> Pair:
    return Pair(
        first=TRACK,
        second=second,
        both=(_play(folder, instant, TRACK, second), _play(folder, instant, second, TRACK)),
        only=(_play(folder, instant, TRACK), _play(folder, instant, second)),
        answers=frozenset(),
    )


def _pair_reader(second: tuple[str, ...], folder: Path, instant: dt.datetime) -> Pair:
    tracked = _play(folder, instant, TRACK)
    return Pair(
        first=TRACK,
        second=second,
        both=(tracked,),
        only=(tracked, _play(folder, instant)),
        answers=frozenset(_list_answers(folder, instant, second)),
    )


def _play(folder: Path, instant: dt.datetime, *commands: tuple[str, ...]) -> State:
    """The state after the commands, one after the other."""
    place = copy_place(folder, "played")
    for command in commands:
        run_program(place, command, instant)
    return observe(place)


def _list_answers(folder: Path, instant: dt.datetime, reading: tuple[str, ...]) -> Iterator[str]:
    """What reading gives before the run, and after each source of it."""
    place = copy_place(folder, "read")
    yield run_program(place, reading, instant).output
    for source in SOURCES:
        run_program(place, (*TRACK, source), instant)
        yield run_program(place, reading, instant).output


def _start_both(
    place: Path, pair: Pair, instant: dt.datetime, gap: float
) -> tuple[tuple[Ran, Ran], tuple[float, float]]:
    """How the two ended and how long each took; `gap` is how much later the second starts, below 0 the first."""
    commands = (pair.first, pair.second)
    order = (0, 1) if gap >= 0 else (1, 0)
    began, processes = [0.0, 0.0], {}
    for which in order:
        began[which] = time.monotonic()
        processes[which] = start_program(place, commands[which], instant)
        if which == order[0]:
            time.sleep(abs(gap))
    ended = [0.0, 0.0]
    waiting = {0, 1}
    while waiting:
        for which in tuple(waiting):
            if not processes[which].is_running:
                ended[which] = time.monotonic()
                waiting.remove(which)
        time.sleep(0.005)
    for process in processes.values():
        with process:
            pass
    return (processes[0].ran, processes[1].ran), (ended[0] - began[0], ended[1] - began[1])


def _judge(place: Path, pair: Pair, rans: Sequence[Ran]) -> Iterator[str]:
    for ran in rans:
        if ran.code == BUSY:
            lines = ran.talk.splitlines()
            if len(lines) != 1 or "holds the store" not in lines[0]:
                yield f"ended with 5, and says: {ran.talk!r}"
        elif ran.code not in _GOOD_CODES or "Traceback" in ran.talk:
            yield f"ended with {ran.code}: {ran.talk}"
            return
    busy = [ran.code == BUSY for ran in rans]
    if all(busy):
        yield "neither was let in"
        return
    if pair.answers and not busy[1] and rans[1].output not in pair.answers:
        yield f"{' '.join(pair.second)} answers with something that never stood there"
    state = observe(place)
    wanted = (pair.only[1],) if busy[0] else (pair.only[0],) if busy[1] else pair.both
    differences = [tuple(compare_states(state, one)) for one in wanted]
    if all(differences):
        least = min(differences, key=len)
        yield "; ".join(least)
    yield from list_torn(place)
    yield from list_leftovers(place)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
