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
from snapshots.folding import fold_characters

if TYPE_CHECKING:
    from collections.abc import Iterator

_SKIPPED = {"script", "style", "noscript", "template", "head", "svg", "iframe", "select", "option", "button", "textarea"}
_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "caption", "dd", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "legend",
    "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead",
    "tr", "ul",
}  # fmt: skip
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\f\v\u200b\ufeff]+")
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
        words = raw.strip().strip("\ufeff").strip()
        if words:
            yield make_line(number, words)


class _Walker:
    """Collects the runs of text of an element tree."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._buffer: list[str] = []
        self._tables = 0

    def flush(self, trail: tuple[int, ...], heading: int, cell: Cell | None) -> None:
        words = "".join(self._buffer)
        self._buffer.clear()
        words = _BREAK.sub(" ", _BREAK_BETWEEN_WIDE.sub("", _SPACES.sub(" ", words))).strip()
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
        stack: list[tuple[etree._Element, tuple[int, ...], int, Cell | None, bool]] = [(root, (), 0, None, False)]
        cells: dict[etree._Element, Cell] = {}
        while stack:
            element, trail, heading, cell, leaving = stack.pop()
            block = element.tag in _BLOCKS
            if leaving:
                if block:
                    self.flush(trail, heading, cell)
                if element.tail and trail:
                    self._buffer.append(element.tail)
                continue
            if not isinstance(element.tag, str) or _is_hidden(element):
                if element.tail and trail:
                    self._buffer.append(element.tail)
                continue
            if element.tag == "br":
                self.flush(trail[:-1], heading, cell)
                self._buffer.append(element.tail or "")
                continue
            if block:
                self.flush(trail[:-1], heading, cell)
            if element.tag == "table":
                cells.update(_place_cells(element, self._tables))
                self._tables += 1
            inner_cell = cells.get(element, cell)
            inner_heading = int(element.tag[1]) if element.tag in _HEADINGS else heading
            stack.append((element, trail, inner_heading, inner_cell, True))
            if element.text:
                self._buffer.append(element.text)
            children = list(element)
            stack.extend(
                (child, (*trail, position), inner_heading, inner_cell, False)
                for position, child in reversed(list(enumerate(children)))
            )


def _html_lines(text: str) -> Iterator[Line]:
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    root = etree.fromstring(text.encode("utf-8", errors="replace"), parser)  # noqa: S320 - libxml2's HTML parser
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
