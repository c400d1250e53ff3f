"""Where the time of a page goes: `python -m benchmarks.stations [--rounds N] [--page FILE]`, part of `make bench`.

The process's clock interrupts the reading at even steps of CPU time, and each time the innermost function of the
program says at which station it was; time in C counts for the function that called it. A station's share of the time,
in multiples of the floor (lxml.html.document_fromstring of the same bytes), is a row; cold and warm as in bench.py.
"""

from __future__ import annotations

import argparse
import gc
import signal
import time
from collections import Counter
from functools import partial
from pathlib import Path
from types import FrameType

from lxml import html

from benchmarks.bench import CORPUS_PAGE, clear_caches, make_page, measure, warm_up
from benchmarks.pages import make_article, make_catalogue
from scraper.parse import parse_page
from snapshots.codec import encode_json
from snapshots.notice import Page

_STATIONS = {
    "scraper.page.decode": "decoding",
    "scraper.page.markup": "markup to runs of text",
    "scraper.page.grid": "places of cells",
    "scraper.page.lines": "lines",
    "scraper.page.repairs": "repairs",
    "scraper.profile": "profile and title",
    "scraper.tables": "columns and rows",
    "scraper.catalogue": "catalogue",
    "scraper.notice.entries": "entries",
    "scraper.notice": "frame and prose of a notice",
    "scraper.requirement.readings": "memory of blocks",
    "scraper.requirement.scopes": "scopes",
    "scraper.requirement.references": "references",
    "scraper.requirement.limits": "references",
    "scraper.requirement": "requirement trees",
    "scraper.ledger": "accounting",
    "scraper.parse": "accounting",
    "snapshots.codec": "JSON",
}
_STEP = 0.001


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stations")
    parser.add_argument("--rounds", type=int, default=25, help="how often each page is read (25)")
    parser.add_argument("--page", type=Path, default=CORPUS_PAGE, help="the saved catalogue of July 2026, where it is")
    options = parser.parse_args()
    warm_up()
    pages = {"article 400": make_article(400, 0), "catalogue 400": make_catalogue(400, 0)}
    if options.page.exists():
        pages["catalogue of July"] = options.page.read_bytes()
    rows: dict[str, list[float]] = {}
    for content in pages.values():
        for is_warm in (False, True):
            for station, floors in measure_stations(content, options.rounds, is_warm=is_warm).items():
                rows.setdefault(station, []).append(floors)
    print(
        f"\n{'station, in floors':30}"
        + "".join(f"{f'{name}, {heat}':>26}" for name in pages for heat in ("cold", "warm"))
    )
    for station, shares in rows.items():
        print(f"{station:30}" + "".join(f"{one:25.1f}×" for one in shares))


def measure_stations(content: bytes, rounds: int, *, is_warm: bool) -> dict[str, float]:
    """The time of each station in floors, for a page read so often; each station has its row, and so has their sum."""
    page = make_page(content)
    floor = min(measure(partial(html.document_fromstring, content)) for _ in range(5))
    counts: Counter[str] = Counter()
    spent = 0.0
    for _ in range(rounds):
        if not is_warm:
            clear_caches()
        spent += _sample(page, counts)
    share = spent / rounds / floor / max(counts.total(), 1)
    stations = dict.fromkeys(_STATIONS.values(), 0.0)
    return {station: counts[station] * share for station in stations} | {"all": counts.total() * share}


def _sample(page: Page, counts: Counter[str]) -> float:
    """The CPU seconds of one reading, whose samples are added to the counts."""

    def count(_: int, frame: FrameType | None) -> None:
        counts[_find_station(frame)] += 1

    gc.collect()
    gc.disable()
    before = signal.signal(signal.SIGPROF, count)
    start = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, _STEP, _STEP)
    try:
        encode_json(parse_page(page))
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        seconds = time.process_time() - start
        signal.signal(signal.SIGPROF, before)
        gc.enable()
    return seconds


def _find_station(frame: FrameType | None) -> str:
    """The station of the innermost function that belongs to one."""
    while frame is not None:
        name = str(frame.f_globals.get("__name__"))
        while name:
            if name in _STATIONS:
                return _STATIONS[name]
            name = name.rpartition(".")[0]
        frame = frame.f_back
    return _STATIONS["scraper.parse"]


if __name__ == "__main__":
    main()
