"""Where the cells of a table stand, after rowspans and colspans are spread out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scraper.page.lines import Cell

_SPAN = re.compile(r"\s(row|col)span=\"\s*(\d{1,9})")
_LONGEST = 1000  # what a cell may span, as in browsers
_WIDEST = 40  # a cell behind so many columns covers its own place only: a hostile table would multiply the page


Span = tuple[int, int, bool]
"""How many rows and columns a cell covers, and whether it is one of a header."""


class Grid:
    """One table while its tags are read."""

    def __init__(self, table: int) -> None:
        self._table = table
        self._row = -1
        self._column = 0
        self._covered: dict[int, int] = {}  # column -> the first row that a cell above no longer covers

    def place_cells(self, spans: Sequence[Span | None]) -> list[Cell]:
        """The places of the next cells; None begins a row, and before any row the first cell opens one."""
        cells = []
        table, row, column, covered = self._table, self._row, self._column, self._covered
        for span in spans:
            if span is None or row < 0:
                row, column = row + 1, 0
            if span is None:
                continue
            rows, columns, header = span
            while covered and covered.get(column, 0) > row:
                column += 1
            if column >= _WIDEST:
                rows = 1
            elif rows > 1:
                for below in range(column, min(column + columns, _WIDEST)):
                    covered[below] = row + rows
            cells.append(Cell(table, row, column, rows, columns, header))
            column += columns
        self._row, self._column = row, column
        return cells


def read_span(tag: str) -> Span:
    """What the tag `td rowspan="2"` says of its cell."""
    rows = columns = 1
    if "span=" in tag:
        for name, value in _SPAN.findall(tag):
            span = min(int(value), _LONGEST) or 1
            rows, columns = (span, columns) if name == "row" else (rows, span)
    return rows, columns, tag.startswith("th")
