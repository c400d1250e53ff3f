"""Pages that nobody would publish: `python -m benchmarks.fuzz [--seconds 60] [--seed 1] [--atheris]`.

The examples in every layout are changed byte by byte and piece by piece, and each must be read or refused: another
exception, or a line without a place, is a fault. Pieces are repeated to a small and to a large page: time must not grow
faster than the page. Of some pages the memory is measured. Faults are made smaller and shown.

With `--atheris` the changes are chosen by the code that they reach (the group `fuzz` of pyproject.toml).
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import random
import signal
import sys
import time
import traceback
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from benchmarks.corpus_report import print_row
from benchmarks.layouts import LAYOUTS
from benchmarks.made_categories import made_from
from scraper.fetching.read import read_page
from scraper.parse import parse_page
from snapshots.errors import NoticediffError
from snapshots.notice import Page

EXAMPLES = Path(__file__).parents[1] / "examples" / "pages"
SMALL, FACTOR = 4_000, 8
MOST_GROWTH = 24
"""Linear is 8, quadratic 64; the machine may be busy."""
MOST_MEMORY = 400
"""Bytes for a byte of the page, and a megabyte besides."""
LONGEST = 10
"""Seconds of CPU time for one page."""
LEAST = 0.004
"""Seconds below which nothing is measured."""
SHRINKING = 15
"""Seconds for each fault."""
_TOKEN_LINES = (
    "《 》 【 】 ( ) （ ） “ ” 、 ， 。 ； ： / | \t \n \u2028 \u3000 \xa0 \ufeff \x00",
    "或 及 和 注: 1、 2、 ① ② 一、 (1) 2.1 a. 资质1: (2选1): 二选一 任选其一 同时提供: 内测阶段 a@b.cc (diào)",
    "类目新增 类目调整 类目下线 非个人主体 境外主体 #【甲-乙】 【甲-乙】更名为【甲-丙】 现资质要求",
    "类目适用范围 适用于甲。",
    "需补充【甲-乙】类目 非个人主体小程序开放的服务类目 二级分类 于2025年1月1日生效 申请邮件必须附上以下资料:",
    "2025年1-3月小程序类目调整汇总公告 <p> </p> <br> <table> </table> <tr> <td> <h2> </h2> <h3> <td/rowspan=9>",
    "<td/colspan=99> <div> </div> <noframes> <title> <!-- <script> &amp; &#0; <ul><li> ## --- <form>",
)
_TOKENS = [token for line in _TOKEN_LINES for token in line.split(" ")]


@dataclass(slots=True)
class Findings:
    """What the run has done and what it found."""

    pages: int = 0
    refused: int = 0
    growth_tried: int = 0
    worst_growth: tuple[float, str] = (0.0, "")
    memory_tried: int = 0
    worst_memory: float = 0.0
    faults: dict[str, bytes] = field(default_factory=dict)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and print what was found; 1 where something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--atheris", action="store_true")
    asked = parser.parse_args(arguments)
    if asked.atheris:
        return run_atheris(asked.seconds, asked.seed)
    findings = run_plainly(asked.seconds, asked.seed)
    growth, piece = findings.worst_growth
    print_row(("seconds", "seed", "pages", "refused", "growth tried", "worst", "memory tried", "worst", "faults"))
    print_row(("---",) * 9)
    print_row((f"{asked.seconds:g}", str(asked.seed), str(findings.pages), str(findings.refused),
               str(findings.growth_tried), f"{growth:.1f}× of {FACTOR}× ({piece!r})", str(findings.memory_tried),
               f"{findings.worst_memory:.0f}", str(len(findings.faults))))  # fmt: skip
    for fault, content in findings.faults.items():
        print(f"\n{fault}\n    {content[:900].decode('utf-8', 'backslashreplace')!r}")
    return int(bool(findings.faults))


def run_plainly(seconds: float, seed: int) -> Findings:
    """Change pages by chance for some seconds."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, no secret
    seeds = list(find_seeds())
    findings = Findings()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        content = change_page(chance.choice(seeds), chance)
        findings.pages += 1
        try:
            with limit_time():
                findings.refused += read_or_refuse(content)
        except Exception as error:  # noqa: BLE001 - any exception is what is looked for
            _keep(findings, error, content)
        if findings.pages % 20 == 0:
            _try_growth(chance, findings)
        if findings.pages % 50 == 0:
            _try_memory(content, findings)
    return findings


def run_atheris(seconds: float, seed: int) -> int:
    """Let atheris choose the changes; it ends the process itself."""
    atheris = importlib.import_module("atheris")  # only where it is installed
    atheris.instrument_all()
    corpus = Path(sys.argv[0]).with_name("__pycache__") / "fuzz"
    corpus.mkdir(parents=True, exist_ok=True)
    for content in find_seeds():
        (corpus / hashlib.sha256(content).hexdigest()).write_bytes(content[:6_000])
    options = [f"-max_total_time={seconds:g}", f"-seed={seed}", "-max_len=8000", "-timeout=20", "-rss_limit_mb=2000"]
    atheris.Setup([sys.argv[0], *options, str(corpus)], read_or_refuse)
    atheris.Fuzz()
    return 0


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


def make_page(content: bytes) -> Page:
    """The bytes as a page; what it is must be told from them."""
    return Page(name="page", content=content, sha256=hashlib.sha256(content).hexdigest())


def find_seeds() -> Iterator[bytes]:
    """The examples, and what they say in every other layout."""
    for path in sorted(EXAMPLES.glob("*.html")):
        page = read_page(str(path), None)
        yield page.content
        try:
            document = parse_page(page).documents[0]
        except NoticediffError:
            continue
        made = [made_from(entry) for entry in document.entries if entry.action in ("listed", "added", "adjusted")][:6]
        for layout in LAYOUTS:
            if (layout.form == "catalogue") == (document.kind == "catalogue"):
                yield layout.render(layout.choose(made)).encode()


def change_page(content: bytes, chance: random.Random) -> bytes:
    """The page with some pieces dropped, doubled, moved, torn or put in."""
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 4, 8, 16))):
        start = chance.randrange(len(changed) + 1)
        end = min(start + chance.choice((1, 1, 3, 12, 60, 400)), len(changed))
        match chance.randrange(6):
            case 0:
                del changed[start:end]
            case 1:
                changed[start:start] = changed[start:end] * chance.choice((1, 1, 2, 30))
            case 2 if changed:
                place = min(start, len(changed) - 1)
                changed[place] = chance.randrange(256)
            case 3:
                piece = changed[start:end]
                del changed[start:end]
                place = chance.randrange(len(changed) + 1)
                changed[place:place] = piece
            case 4:
                del changed[len(changed) - (end - start) :]
            case _:
                changed[start:start] = chance.choice(_TOKENS).encode() * chance.choice((1, 1, 1, 3, 40))
    return bytes(changed)


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


def _try_growth(chance: random.Random, findings: Findings) -> None:
    """Measure whether a piece that is repeated eight times as often takes more than linear time."""
    piece = "".join(chance.choices(_TOKENS, k=chance.randint(1, 4)))
    head, tail = chance.choice(_FRAMES)

    # Numbers in the pieces: what is remembered of equal lines must not hide the time.
    pieces = [piece, *(f"{piece}{number}" for number in range(97))] if chance.randrange(2) else [piece]

    def make(size: int) -> bytes:
        count = max(size // len(piece.encode()), 1)
        return f"{head}{''.join(pieces[number % len(pieces)] for number in range(count))}{tail}".encode()

    findings.growth_tried += 1
    small, large = measure_time(make(SMALL)), measure_time(make(SMALL * FACTOR))
    if large > MOST_GROWTH * max(small, LEAST):
        # Once more, and one size further on: the machine may have been busy, and a small page costs its beginnings.
        small = min(measure_time(make(SMALL * FACTOR)) for _ in range(2))
        large = measure_time(make(SMALL * FACTOR * FACTOR))
    growth = large / max(small, LEAST)
    findings.worst_growth = max(findings.worst_growth, (growth, piece))
    if growth > MOST_GROWTH:
        findings.faults.setdefault(
            f"time grows {growth:.0f}× where the page grows {FACTOR}× ({large:.2f} s)",
            f"{head}{piece!r} × n{tail}".encode(),
        )


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


def _try_memory(content: bytes, findings: Findings) -> None:
    """Measure the memory of reading the page so many times over that it has a hundred thousand bytes."""
    content *= 1 + 100_000 // max(len(content), 1)
    findings.memory_tried += 1
    tracemalloc.start()
    try:
        measure_time(content)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    multiple = max(peak - 1_000_000, 0) / max(len(content), 1)
    findings.worst_memory = max(findings.worst_memory, multiple)
    if multiple > MOST_MEMORY:
        findings.faults.setdefault(f"takes {multiple:.0f} bytes for a byte of the page", content)


def _keep(findings: Findings, error: Exception, content: bytes) -> None:
    fault = describe_error(error)
    if isinstance(error, TooSlowError):
        findings.faults[f"more than {LONGEST} s for {len(content)} bytes, in {fault}"] = content
    elif fault not in findings.faults:
        findings.faults[fault] = shrink_page(content, lambda smaller: _fails_so(smaller, fault))


def describe_error(error: Exception) -> str:
    """The error and the place that raised it: one fault for all pages that lead there."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(place.filename).name}, {place.name}: {error}"[:200]


def _fails_so(content: bytes, fault: str) -> bool:
    try:
        read_or_refuse(content)
    except Exception as error:  # noqa: BLE001 - the one that is looked for
        return describe_error(error).partition(":")[0] == fault.partition(":")[0]
    return False


def shrink_page(content: bytes, still_fails: Callable[[bytes], bool]) -> bytes:
    """The page without the pieces that the fault does not need, as far as some seconds reach."""
    end = time.monotonic() + SHRINKING
    size = len(content) // 2
    while size:
        start = 0
        while start < len(content) and time.monotonic() < end:
            smaller = content[:start] + content[start + size :]
            if still_fails(smaller):
                content = smaller
            else:
                start += size
        size //= 2
    return content


if __name__ == "__main__":
    raise SystemExit(main())
