"""How long reading a page takes, against lxml's parsing of the same bytes: what `make bench` prints.

All figures of a row come from one run: in each round every contestant gets the same page once, and the best CPU time
of the rounds counts. *Cold* is a page whose categories the process has never seen, a new one in each round, so that no
cache can help; *warm* is the same page again. As in the program, garbage is not collected meanwhile.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import subprocess
import sys
import time
from collections.abc import Callable
from functools import _lru_cache_wrapper, partial
from pathlib import Path

from bs4 import BeautifulSoup
from lxml import html

from benchmarks.pages import make_article, make_catalogue, make_forum_post, make_months
from scraper.page.decode import decode_page
from scraper.page.lines import extract_lines
from scraper.parse import parse_page
from snapshots.memory import Memory
from snapshots.notice import Page

CORPUS_PAGE = Path(__file__).parents[2] / "shared" / "corpus" / "wechat-catalogue-2026-07-29.html"
_GOALS = {"article": 2.5, "forum post": 2.5, "catalogue": 5.0}
_SOUP_GOAL = 0.2
_GROWTH_GOAL = 1.2
_MAKERS = {"article": make_article, "forum post": make_forum_post, "catalogue": make_catalogue}


def main() -> None:
    """Print the tables."""
    options = _read_options()
    if options.peak:
        _print_peak(Path(options.peak), options.reader)
        return
    warm_up()
    print(f"{'page':24}{'KB':>8}{'floor ms':>10}{'lines':>8}{'cold':>8}{'warm':>8}{'goal':>7}{'/soup':>8}{'goal':>7}")
    for kind, make in _MAKERS.items():
        for count in (33, 400) if options.short else (33, 400, 4000):
            _print_row(f"{kind} {count}", [make(count, seed) for seed in range(options.rounds)], _GOALS[kind])
    if options.page.exists():
        _print_row("catalogue of July", [options.page.read_bytes()] * options.rounds, _GOALS["catalogue"])
    print("\nTimes are multiples of the floor, lxml.html.document_fromstring of the same bytes;")
    print("/soup is cold against BeautifulSoup(page, 'lxml').get_text() alone.\n")
    _print_months("catalogue 400", make_catalogue(400, 0))
    if options.page.exists():
        _print_months("catalogue of July", options.page.read_bytes())
    _print_growth(400, 4000 if options.short else 40000)
    _print_memory(make_article(400 if options.short else 4000, 0))


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each page is measured (5)")
    parser.add_argument("--short", action="store_true", help="leave the largest pages out")
    parser.add_argument("--page", type=Path, default=CORPUS_PAGE, help="the saved catalogue of July 2026, where it is")
    parser.add_argument("--peak", help=argparse.SUPPRESS)
    parser.add_argument("--reader", help=argparse.SUPPRESS)
    return parser.parse_args()


def _print_row(name: str, pages: list[bytes], goal: float) -> None:
    """One line of the table; each page of `pages` is new to the process."""
    best: dict[str, float] = {}
    for content in pages:
        page = make_page(content)
        decoded = decode_page(page)
        contestants: dict[str, Callable[[], object]] = {
            "floor": partial(html.document_fromstring, content),
            "lines": partial(extract_lines, decoded),
            "cold": partial(parse_page, page),
            "warm": partial(parse_page, page),
            "soup": partial(read_with_soup, content),
        }
        clear_caches()
        for contestant, call in contestants.items():
            best[contestant] = min(measure(call), best.get(contestant, float("inf")))
    floor = best["floor"]
    lines, cold, warm = (best[contestant] / floor for contestant in ("lines", "cold", "warm"))
    soup = best["cold"] / best["soup"]
    print(
        f"{name:24}{len(pages[0]) / 1024:8.0f}{floor * 1000:10.2f}{lines:7.1f}×{cold:7.1f}×{warm:7.1f}×{goal:6.1f}×"
        f"{soup:8.2f}{_SOUP_GOAL:7.1f}"
    )


def _print_months(name: str, content: bytes) -> None:
    """A year of catalogues read one after another, each with one row in a hundred that is new: the first is cold."""
    pages = list(make_months(content, 12))
    clear_caches()
    times = [measure(partial(parse_page, make_page(page))) for page in pages]
    floor = sum(measure(partial(html.document_fromstring, page)) for page in pages)
    later = sum(times[1:]) / (floor * 11 / 12)
    print(f"twelve months of {name} in one process: {sum(times) / floor:.1f}× (the second to the twelfth {later:.1f}×)")


def _print_growth(few: int, many: int) -> None:
    times = {}
    for count in (few, many):
        clear_caches()
        # As many categories are read of each kind of page, so that noise weighs the same.
        pages = [make_page(make_forum_post(count, count + part)) for part in range(many // count)]
        times[count] = sum(measure(partial(parse_page, page)) for page in pages)
    print(
        f"growth of the time per category from {few} to {many}: {times[many] / times[few]:.2f}× (goal {_GROWTH_GOAL}×)"
    )


def _print_memory(content: bytes) -> None:
    """Peak memory over that of an idle process, in a process of its own, as a multiple of the page."""
    path = Path("bench-page.html")
    path.write_bytes(content)
    try:
        peaks = [
            int(subprocess.run([sys.executable, "-m", "benchmarks.bench", "--peak", str(path), "--reader", reader],
                               check=True, capture_output=True, text=True).stdout)
            for reader in ("lxml", "parse_page", "soup")
        ]  # fmt: skip
    finally:
        path.unlink()
    floor, parsed, soup = (peak * 1024 / len(content) for peak in peaks)
    print(f"peak memory over the page's {len(content) // 1024} KB: {parsed:.1f}× (lxml {floor:.1f}×, soup {soup:.1f}×)")


def _print_peak(path: Path, reader: str) -> None:
    content = path.read_bytes()
    warm_up()
    idle = _read_peak()
    if reader == "lxml":
        result: object = html.document_fromstring(content)
    elif reader == "soup":
        result = read_with_soup(content)
    else:
        result = parse_page(make_page(content))
    print(_read_peak() - idle)
    del result


def _read_peak() -> int:
    """The most memory that this process has had, in KB; the child's getrusage would count its parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0])


def warm_up() -> None:
    """Load what is loaded once: lxml, the folding table, the patterns, the profiles."""
    for make in _MAKERS.values():
        content = make(8, 99)
        parse_page(make_page(content))
        read_with_soup(content)


def make_page(content: bytes) -> Page:
    """The page, as read from a file."""
    return Page(name="page.html", content=content, sha256=hashlib.sha256(content).hexdigest())


def read_with_soup(content: bytes) -> str:
    """The page's text by Beautiful Soup alone."""
    return BeautifulSoup(content, "lxml").get_text()


def measure(call: Callable[[], object]) -> float:
    """The CPU seconds of one call."""
    gc.collect()
    gc.disable()
    start = time.process_time()
    call()
    seconds = time.process_time() - start
    gc.enable()
    return seconds


def clear_caches() -> None:
    """Empty what the program keeps of earlier pages, and only that: tables and profiles stay."""
    for clear in find_caches():
        clear()


def find_caches() -> list[Callable[[], None]]:
    """What empties each of the caches that are there now; to look for them takes long in a large process."""
    found: list[Callable[[], None]] = []
    for cache in gc.get_objects():
        if isinstance(cache, _lru_cache_wrapper) and cache.__module__.startswith(("scraper.", "snapshots.")):
            if cache.cache_parameters()["maxsize"] is not None:
                found.append(cache.cache_clear)
        elif isinstance(cache, Memory):
            found.append(cache.clear)
    return found


if __name__ == "__main__":
    main()
