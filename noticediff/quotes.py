"""The words of stored pages: the lines that an evidence names, read again from the page as it came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from differ.changes import Evidence
from scraper.page.decode import decode_page
from scraper.page.lines import extract_lines
from scraper.page.markdown import looks_like_markdown, markdown_lines
from snapshots.notice import Page
from snapshots.period import InForce
from snapshots.snapshot import StoredDocument

if TYPE_CHECKING:
    from snapshots.store import Store

LONGEST_QUOTE = 60
"""Lines of one place that are quoted; `left_out` counts the rest."""


class QuotedLine(Struct, frozen=True):
    """A line of a page, verbatim."""

    number: int
    text: str


class Quote(Struct, frozen=True, kw_only=True):
    """A place that says so, with its words; a list that lacks a category has no line that says so."""

    document: str
    title: str | None
    page: str
    captured: dt.datetime
    in_force: InForce
    lines: tuple[int, int] | None
    quoted: tuple[QuotedLine, ...]
    left_out: int


class Quoter:
    """Quotes stored pages, each read once."""

    def __init__(self, store: Store, documents: Mapping[str, StoredDocument]) -> None:
        self._store = store
        self._documents = documents
        self._lines: dict[str, dict[int, str]] = {}

    def quote_places(self, places: Iterable[Evidence]) -> tuple[Quote, ...]:
        """The words of each place whose document is stored, in that order."""
        return tuple(self._quote(place) for place in places if place.document in self._documents)

    def quote_entries(self, places: Iterable[Evidence]) -> tuple[Quote, ...]:
        """The same, each with all lines of the entry that holds it: a marker alone says little."""
        return self.quote_places(dict.fromkeys(map(self._widen, places)))

    def _widen(self, place: Evidence) -> Evidence:
        stored, lines = self._documents.get(place.document), place.lines
        if stored is None or lines is None:
            return place
        holders = (entry.lines for entry in stored.document.entries if entry.lines[0] <= lines[0] <= entry.lines[1])
        return Evidence(document=place.document, lines=next(holders, lines))

    def _quote(self, place: Evidence) -> Quote:
        stored = self._documents[place.document]
        found: list[QuotedLine] = []
        if place.lines is not None and stored.page_sha256:  # a reviewed rename has no page
            first, last = place.lines
            page = self._read(stored.page_sha256)
            found = [QuotedLine(number, page[number]) for number in range(first, last + 1) if number in page]
        return Quote(
            document=stored.id,
            title=stored.document.title,
            page=stored.url or stored.page_name,
            captured=stored.captured,
            in_force=stored.in_force,
            lines=place.lines,
            quoted=tuple(found[:LONGEST_QUOTE]),
            left_out=max(0, len(found) - LONGEST_QUOTE),
        )

    def _read(self, sha256: str) -> dict[int, str]:
        if sha256 not in self._lines:
            self._lines[sha256] = number_lines(self._store.load_page(sha256))
        return self._lines[sha256]


def number_lines(page: Page) -> dict[int, str]:
    """The lines of the page by their numbers, the cells of one row together."""
    decoded = decode_page(page)
    is_markdown = not decoded.is_html and looks_like_markdown(decoded.text)
    found: dict[int, str] = {}
    for line in markdown_lines(decoded.text) if is_markdown else extract_lines(decoded):
        there = found.get(line.number)
        found[line.number] = line.text if there is None else f"{there} | {line.text}"
    return found
