"""What it costs to read a page that nobody would publish: seconds, how they grow with the page, and memory.

Pieces are repeated to a small and to a large page: time must not grow faster than the page.
"""

from __future__ import annotations

import random
import signal
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NoReturn

from benchmarks.fuzz_pages import TOKENS, make_page
from scraper.parse import parse_page
from snapshots.errors import NoticediffError

SMALL, FACTOR = 4_000, 8
MOST_GROWTH = 24
"""Linear is 8, quadratic 64; the machine may be busy."""
MOST_MEMORY = 400
"""Bytes for a byte of the page, and a megabyte besides."""
LONGEST = 10
"""Seconds of CPU time for one page."""
LEAST = 0.004
"""Seconds below which nothing is measured."""


@dataclass(frozen=True, slots=True)
class Growth:
    """How many times the time of the small page the large one took; `page`: what was read, with the piece named."""

    times: float
    seconds: float
    piece: str
    page: bytes


def read_or_refuse(content: bytes) -> bool:
    """Whether the page is refused; an exception of any other kind, or a line without a place, goes through."""
    try:
        reading = parse_page(make_page(bytes(content)))
    except NoticediffError:
        return True
    lost = [problem.text for problem in reading.problems if problem.code == "unclaimed"]
    if lost:
        raise AssertionError(f"a line has no place: {lost[0][:60]}")
    return False


class TooSlowError(Exception):
    """A page took more than `LONGEST` seconds of CPU time."""


@contextmanager
def limit_time() -> Iterator[None]:
    """Raise TooSlowError in what takes too long."""

    def stop(*_: object) -> NoReturn:
        raise TooSlowError(f"more than {LONGEST} s")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def measure_time(content: bytes) -> float:
    """The CPU time of reading the page, in seconds."""
    start = time.process_time()
    try:
        with limit_time():
            read_or_refuse(content)
    except TooSlowError:
        pass
    except Exception:  # noqa: BLE001 - a crash; the changes look for these
        return 0.0
    return time.process_time() - start


_NOTICE = "2025年1-3月小程序类目调整汇总公告\n类目新增\n非个人主体\n【甲-乙】\n资质要求\n"
_COLUMNS = ("二级分类", "三级分类", "资质要求", "类目适用范围", "备注")
_CATALOGUE = "非个人主体小程序开放的服务类目"
_FRAMES = (
    (_NOTICE, "\n类目适用范围\n适用于甲。"),
    (f"{_NOTICE}《丙》\n类目适用范围\n适用于甲", "。"),
    (_NOTICE[:24], f"{_NOTICE[24:]}《丙》\n类目适用范围\n适用于甲。"),
    (
        f"<!DOCTYPE html><h2>{_CATALOGUE}</h2><h3>甲</h3><table><tr><th>{'<th>'.join(_COLUMNS)}<tr><td>乙<td>/<td>",
        "<td>适用于甲。<td>/</table>",
    ),
    (f"## {_CATALOGUE}\n### 甲\n| {' | '.join(_COLUMNS)} |\n| 乙 | / | ", " | 适用于甲。 | / |\n"),
    ("\n".join((_CATALOGUE, "甲", *_COLUMNS, "乙\n/\n")), "\n适用于甲。\n/\n"),
)
"""What may stand around a piece that is repeated: a requirement, a scope, a title, cells of each form."""


def measure_growth(chance: random.Random) -> Growth:
    """How the time grows where a piece, chosen by chance, is repeated eight times as often."""
    piece = "".join(chance.choices(TOKENS, k=chance.randint(1, 4)))
    head, tail = chance.choice(_FRAMES)

    # Numbers in the pieces: what is remembered of equal lines must not hide the time.
    pieces = [piece, *(f"{piece}{number}" for number in range(97))] if chance.randrange(2) else [piece]

    def make(size: int) -> bytes:
        count = max(size // len(piece.encode()), 1)
        return f"{head}{''.join(pieces[number % len(pieces)] for number in range(count))}{tail}".encode()

    small, large = measure_time(make(SMALL)), measure_time(make(SMALL * FACTOR))
    if large > MOST_GROWTH * max(small, LEAST):
        # Once more, and one size further on: the machine may have been busy, and a small page costs its beginnings.
        small = min(measure_time(make(SMALL * FACTOR)) for _ in range(2))
        large = measure_time(make(SMALL * FACTOR * FACTOR))
    return Growth(large / max(small, LEAST), large, piece, f"{head}{piece!r} × n{tail}".encode())


def measure_memory(content: bytes) -> float:
    """The bytes that a byte of the page takes, which is read so many times over that it has a hundred thousand."""
    content *= 1 + 100_000 // max(len(content), 1)
    tracemalloc.start()
    try:
        measure_time(content)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    return max(peak - 1_000_000, 0) / max(len(content), 1)
