"""Stores that are damaged on the disk: `python -m benchmarks.damaged_stores [--flips N] [--cuts N] [--seed N]`.

One bit is flipped in each table and index of a store, in many places, or a store loses its end; and a log that a killed
run has left beside it loses the same. Then every reading command is asked, and `doctor`. What came of it:

    refused    a command names the damage and ends with 6, or with 2 if nothing is left
    told       `doctor` does
    no effect  all answer as before
    earlier    the log is not believed from there on: the state is that after an earlier source
    silent     an answer differs, and nothing says why
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import re
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path

import time_machine
from click.testing import CliRunner
from msgspec import Struct
from msgspec.structs import replace

from benchmarks.crash_series import Stage, build_nights, serve_series
from benchmarks.crashes import START, TRACK, WORKERS, copy_place, make_place
from benchmarks.faulty_calls import has_strace, list_calls, run_killed
from benchmarks.real_runs import run_program
from noticediff.cli import main as program

STORE = "notices.db"
NIGHTS = 6
END = START + dt.timedelta(days=NIGHTS)
LOGIN = "<!DOCTYPE html><html><head><title>登录</title></head><body><form><p>请先登录</p><input></form></body></html>"
QUESTIONS = (
    "snapshots --format json",
    "show --format json",
    "diff 2014-12-31 latest --format json",
    "digest --since 2025-01-02 --format json",
    "findings",
    "quarantine list",
    "quarantine show 1",
    "export --warc FOLDER/pages.warc.gz",
    "track --dry-run",
)
STATES = 3
"""How many of the questions, the first ones, are about states, and not about what was told and held."""
SOURCES = ("notices", "catalogue", "overseas")
Answers = tuple[tuple[int, str, str], ...]
"""Exit code, output and talk, question by question."""
NO_STORE, DAMAGED, FAULT = 2, 6, 70
_HEADER = 100


class Damage(Struct, frozen=True, kw_only=True):
    """What happens to the file: a bit flipped at an offset, or its end cut off there; its name ends with `beside`."""

    place: str
    offset: int
    bit: int | None = None
    beside: str = ""

    def __str__(self) -> str:
        return f"{self.place}, {'cut' if self.bit is None else f'bit {self.bit}'} at {self.offset}"


class Finding(Struct, frozen=True, kw_only=True):
    """What became of a damage: its class, and what shows it."""

    kind: str
    words: str


def main(arguments: list[str]) -> int:
    """Damage stores and print a table of what was found; 1 where anything ended in a fault of the program."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.damaged_stores")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--flips", type=int, default=25, help="how many for each table and index")
    parser.add_argument("--cuts", type=int, default=40)
    parser.add_argument("--list", type=int, default=0, help="how many silent ones are shown")
    options = parser.parse_args(arguments)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="crashes-") as root, serve_series(Path(root)) as stage:
        folder = make_store(stage)
        damages = [*draw_flips(folder / STORE, options.seed, options.flips), *draw_cuts(folder / STORE, options.cuts)]
        found = [*try_damages(folder, damages)]
        if has_strace():
            killed = kill_before_folding(stage, folder)
            beside = [*draw_beside(killed / STORE, options.seed, options.cuts)]
            damages += beside
            found += try_damages(killed, beside, list_earlier(folder))
    print(f"seed {options.seed}, {time.monotonic() - began:.0f} s")
    print_table(damages, found)
    shown = 0
    for damage, finding in zip(damages, found, strict=True):
        if finding.kind == "fault" or (finding.kind == "silent" and shown < options.list):
            shown += finding.kind == "silent"
            print(f"{finding.kind.upper()} --seed {options.seed} {damage}: {finding.words}")
    return int(any(finding.kind == "fault" for finding in found))


def print_table(damages: list[Damage], found: list[Finding]) -> None:
    """The findings, a row for each place that was damaged."""
    kinds = ("refused", "told", "no effect", "earlier", "silent", "fault")
    rows: dict[str, Counter[str]] = defaultdict(Counter)
    for damage, finding in zip(damages, found, strict=True):
        rows[damage.place][finding.kind] += 1
        rows["all"][finding.kind] += 1
    print(f"| damaged | tried | {' | '.join(kinds)} | of those with an effect, found |")
    print(f"| {' | '.join(['---'] * (len(kinds) + 3))} |")
    for place in sorted(rows, key=lambda place: (place == "all", place)):
        row = rows[place]
        effects = row.total() - row["no effect"] - row["earlier"]
        share = f"{(row['refused'] + row['told']) / effects:.0%}" if effects else "–"
        print(f"| {place} | {row.total()} | {' | '.join(str(row[kind]) for kind in kinds)} | {share} |")


def make_store(stage: Stage) -> Path:
    """A folder with a store of some nights: changes, a failure that is over, a page in quarantine, a decision."""
    folder = make_place(stage, "sound")
    nights = build_nights(seed=1, count=NIGHTS)
    nights = (*nights[:-1], replace(nights[-1], pages={**nights[-1].pages, "/catalogue": LOGIN}))
    for number, night in enumerate(nights):
        stage.show(night)
        run_program(folder, TRACK, START + dt.timedelta(days=number))
    listed = run_program(folder, ("findings", "--format", "json"), END).output
    for finding in _list_ids(listed)[:1]:
        run_program(folder, ("review", finding, "--accept", "--because", "seen"), END)
    return folder


def draw_flips(store: Path, seed: int, each: int) -> Iterator[Damage]:
    """Bits to flip: so many in the used part of each table and index, and in the file's header."""
    chance = random.Random(seed)  # noqa: S311 - a simulation
    with closing(sqlite3.connect(store)) as connection:
        query = "SELECT name, pgoffset, pgsize, unused FROM dbstat ORDER BY name, pgoffset"
        pages: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for name, offset, size, _unused in connection.execute(query):
            pages[name].append((offset, size))
    content = store.read_bytes()
    pages["the file's header"] = [(0, _HEADER)]
    for name, spans in pages.items():
        offsets = [place for offset, size in spans for place in range(offset, offset + size) if content[place]]
        for offset in sorted(chance.sample(offsets, min(each, len(offsets)))):
            yield Damage(place=name, offset=offset, bit=chance.randrange(8))


def draw_cuts(store: Path, count: int) -> Iterator[Damage]:
    """Lengths to cut the file to, evenly over it."""
    size = store.stat().st_size
    for number in range(count):
        yield Damage(place="the file's end", offset=size * number // count)


def kill_before_folding(stage: Stage, folder: Path) -> Path:
    """A copy of the folder after one more night, whose run was killed when all stood in the log beside the store."""
    night = build_nights(seed=1, count=NIGHTS + 1)[-1]
    stage.show(night)
    calls = list_calls(copy_place(folder, "calls"), TRACK, END)
    first = next(call for call in calls if call.name == "pwrite64" and f"/{STORE}>" in call.text)
    killed = copy_place(folder, "killed")
    run_killed(killed, TRACK, END, first)
    return killed


def draw_beside(store: Path, seed: int, count: int) -> Iterator[Damage]:
    """Bits to flip in the log beside the store, lengths to cut it to, and the loss of it and of the shared memory."""
    chance = random.Random(seed)  # noqa: S311 - a simulation
    size = store.with_name(f"{STORE}-wal").stat().st_size
    for number in range(count):
        yield Damage(place="the log, a bit", offset=chance.randrange(size), bit=chance.randrange(8), beside="-wal")
        yield Damage(place="the log, its end", offset=size * number // count, beside="-wal")
    yield Damage(place="the shared memory", offset=0, beside="-shm")


def list_earlier(folder: Path) -> frozenset[Answers]:
    """What is answered about the state before that night, and after each source of it."""
    place = copy_place(folder, "earlier")
    earlier = [ask(place)[:STATES]]
    for source in SOURCES:
        run_program(place, (*TRACK, source), END)
        earlier.append(ask(place)[:STATES])
    return frozenset(earlier)


def try_damages(folder: Path, damages: list[Damage], earlier: frozenset[Answers] = frozenset()) -> Iterator[Finding]:
    """What became of each of the damages, each to a copy of its own; `earlier`: the states that once were right."""
    before = ask(copy_place(folder, "asked"))  # asking folds the log in
    with ProcessPoolExecutor(WORKERS, get_context("forkserver")) as pool:
        yield from pool.map(_try_damage, repeat(folder), damages, repeat(before), repeat(earlier), chunksize=4)


def ask(folder: Path) -> Answers:
    """Exit code, answer and talk of each question to the store, and of `doctor` at the end."""
    os.environ["NO_PROXY"] = "*"
    answers = []
    with time_machine.travel(END, tick=True):
        for question in (*QUESTIONS, "doctor"):
            arguments = [
                "--quiet",
                "--config",
                str(folder / "noticediff.toml"),
                *question.replace("FOLDER", str(folder)).split(),
            ]
            run = CliRunner().invoke(program, arguments)
            answers.append((run.exit_code, run.stdout.replace(str(folder), ""), run.stderr.replace(str(folder), "")))
    return tuple(answers)


def _try_damage(folder: Path, damage: Damage, before: Answers, earlier: frozenset[Answers]) -> Finding:
    copy = Path(tempfile.mkdtemp(prefix="damaged-", dir=folder.parent))
    shutil.copytree(folder, copy, dirs_exist_ok=True)
    file = copy / f"{STORE}{damage.beside}"
    content = bytearray(file.read_bytes())
    if damage.bit is None:
        del content[damage.offset :]
    else:
        content[damage.offset] ^= 1 << damage.bit
    file.write_bytes(content)
    answers = ask(copy)
    shutil.rmtree(copy)
    return judge_answers(answers, before, earlier)


def judge_answers(answers: Answers, before: Answers, earlier: frozenset[Answers] = frozenset()) -> Finding:
    """The class of a damage after which the store answers in this way."""
    for question, (code, _, talk) in zip((*QUESTIONS, "doctor"), answers, strict=True):
        if code == FAULT or code < 0 or "Traceback" in talk:
            return Finding(kind="fault", words=f"{question} ends with {code}: {talk}")
    *asked, doctor = answers
    for question, (code, _, talk) in zip(QUESTIONS, asked, strict=True):
        if code == DAMAGED or (code == NO_STORE and STORE in talk):
            return Finding(kind="refused", words=f"{question}: {talk}")
    if doctor[0] == DAMAGED:
        return Finding(kind="told", words=doctor[1])
    same = [answer[:2] == was[:2] for answer, was in zip(asked, before, strict=False)]
    if not all(same) and answers[:STATES] in earlier:
        return Finding(kind="earlier", words="")
    for question, answer, is_same in zip(QUESTIONS, asked, same, strict=True):
        if not is_same:
            return Finding(kind="silent", words=f"{question} answers with {answer[0]}, and something else than before")
    return Finding(kind="no effect", words="")


def _list_ids(listed: str) -> list[str]:
    return re.findall(r'"id": "([0-9a-f]{12})"', listed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
