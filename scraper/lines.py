"""A page as numbered lines in reading order. The only door to lxml.

In a text file a line is the file's line. In HTML it is the n-th run of text: what stands between two block
borders or `<br>`, so that 「<section><span>類目</span><span>新增</span></section>」 is one line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml import etree, html

from scraper.decode import DecodedPage
from snapshots.folding import INVISIBLE, fold_characters

if TYPE_CHECKING:
    from collections.abc import Iterator

_SKIPPED = {
    "script",
    "style",
    "noscript",
    "template",
    "head",
    "svg",
    "iframe",
    "select",
    "option",
    "button",
    "textarea",
}
_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "caption", "dd", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "legend",
    "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead",
    "tr", "ul",
}  # fmt: skip
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\f\v]+")
_BLANK = f" \t\r\n\f\v\xa0\u3000{INVISIBLE}"
_WIDE = "\u2460-\u24ff\u2e80-\u303f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’…—"
_BREAK_BETWEEN_WIDE = re.compile(rf"(?<=[{_WIDE}])\s*\n\s*(?=[{_WIDE}])")
_BREAK = re.compile(r"\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Cell:
    """The place of a line in a table, counted from 0, and how many rows and columns its cell covers."""

    table: int
    row: int
    column: int
    rows: int
    columns: int
    header: bool


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A run of text: its number, its words, and the same words folded, character for character, for matching.

    `heading` is the level of an HTML or Markdown heading, 0 for none. `trail` is the way from the root of the HTML
    to the element that holds the line, as positions: equal beginnings mean a shared ancestor.
    """

    number: int
    text: str
    folded: str
    heading: int = 0
    cell: Cell | None = None
    trail: tuple[int, ...] = field(default=())


def extract_lines(page: DecodedPage) -> tuple[Line, ...]:
    """Every line of the page that has text, in reading order."""
    return tuple(_html_lines(page.text) if page.is_html else _text_lines(page.text))


def make_line(number: int, text: str) -> Line:
    """A line outside any markup."""
    return Line(number=number, text=text, folded=fold_characters(text))


def _text_lines(text: str) -> Iterator[Line]:
    for number, raw in enumerate(text.split("\n"), start=1):
        words = raw.strip().strip(_BLANK)
        if words:
            yield make_line(number, words)


@dataclass(frozen=True, slots=True)
class _Visit:
    """An element that the walk comes to, or leaves, and what it stands in."""

    element: etree._Element
    trail: tuple[int, ...] = ()
    heading: int = 0
    cell: Cell | None = None
    leaving: bool = False


class _Walker:
    """Collects the runs of text of an element tree."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._buffer: list[str] = []
        self._tables = 0

    def flush(self, trail: tuple[int, ...], heading: int, cell: Cell | None) -> None:
        words = "".join(self._buffer)
        self._buffer.clear()
        words = _BREAK.sub(" ", _BREAK_BETWEEN_WIDE.sub("", _SPACES.sub(" ", words))).strip(_BLANK)
        if words:
            self.lines.append(
                Line(
                    number=len(self.lines) + 1,
                    text=words,
                    folded=fold_characters(words),
                    heading=heading,
                    cell=cell,
                    trail=trail,
                )
            )

    def walk(self, root: etree._Element) -> None:
        """Go through the tree without recursion: real pages nest deeper than Python's stack."""
        stack = [_Visit(root)]
        cells: dict[etree._Element, Cell] = {}
        while stack:
            visit = stack.pop()
            element, block = visit.element, visit.element.tag in _BLOCKS
            if visit.leaving:
                if block:
                    self.flush(visit.trail, visit.heading, visit.cell)
                self._read_tail(visit)
            elif not isinstance(element.tag, str) or _is_hidden(element):
                self._read_tail(visit)
            elif element.tag == "br":
                self.flush(visit.trail[:-1], visit.heading, visit.cell)
                self._read_tail(visit)
            else:
                if block:
                    self.flush(visit.trail[:-1], visit.heading, visit.cell)
                if element.tag == "table":
                    cells.update(_place_cells(element, self._tables))
                    self._tables += 1
                stack += self._enter(visit, cells.get(element, visit.cell))

    def _enter(self, visit: _Visit, cell: Cell | None) -> Iterator[_Visit]:
        """Read what stands before the first child; the visits still to make, the last one first."""
        element = visit.element
        heading = int(element.tag[1]) if element.tag in _HEADINGS else visit.heading
        self._buffer.append(element.text or "")
        yield _Visit(element, visit.trail, heading, cell, leaving=True)
        for position, child in reversed(list(enumerate(element))):
            yield _Visit(child, (*visit.trail, position), heading, cell)

    def _read_tail(self, visit: _Visit) -> None:
        if visit.trail:
            self._buffer.append(visit.element.tail or "")


def _html_lines(text: str) -> Iterator[Line]:
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    root = etree.fromstring(text.encode("utf-8", errors="replace"), parser)
    if root is None:
        return
    walker = _Walker()
    walker.walk(root)
    walker.flush((), 0, None)
    yield from walker.lines


def _is_hidden(element: etree._Element) -> bool:
    return (
        element.tag in _SKIPPED
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or bool(_HIDDEN.search(element.get("style") or ""))
    )


def _place_cells(table: etree._Element, number: int) -> dict[etree._Element, Cell]:
    """Each cell of the table with its row and column after rowspans and colspans are spread out."""
    placed: dict[etree._Element, Cell] = {}
    covered: dict[int, int] = {}  # column -> how many further rows a cell above still covers
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table"), None) is table]
    for row_number, row in enumerate(rows):
        column = 0
        blocked = {place: left - 1 for place, left in covered.items() if left > 1}
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            while covered.get(column, 0) > 0:
                column += 1
            height, width = _span(cell, "rowspan"), _span(cell, "colspan")
            placed[cell] = Cell(number, row_number, column, height, width, cell.tag == "th")
            for place in range(column, column + width):
                if height > 1:
                    blocked[place] = height - 1
            column += width
        covered = blocked
    return placed


def _span(cell: etree._Element, name: str) -> int:
    value = cell.get(name, "1").strip()
    return min(int(value), 1000) if value.isdigit() and int(value) > 0 else 1
