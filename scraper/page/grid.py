"""Where the cells of a table stand, after rowspans and colspans are spread out."""

from __future__ import annotations

import re

from scraper.page.lines import Cell

_SPAN = re.compile(r"\s(row|col)span=\"\s*(\d{1,9})")
_LONGEST = 1000  # what a cell may span, as in browsers
_WIDEST = 40  # a cell behind so many columns covers its own place only: a hostile table would multiply the page


class Grid:
    """One table while its tags are read."""

    def __init__(self, table: int) -> None:
        self._table = table
        self._row = -1
        self._column = 0
        self._covered: dict[int, int] = {}  # column -> the first row that a cell above no longer covers

    def open_row(self) -> None:
        """Begin the next row."""
        self._row += 1
        self._column = 0

    def place_cell(self, tag: str) -> Cell:
        """The place of the cell that the tag `td rowspan="2"` opens; before any `<tr>` it opens the first row."""
        if self._row < 0:
            self.open_row()
        rows = columns = 1
        if "span=" in tag:
            for name, value in _SPAN.findall(tag):
                span = min(int(value), _LONGEST) or 1
                rows, columns = (span, columns) if name == "row" else (rows, span)
        while self._covered.get(self._column, 0) > self._row:
            self._column += 1
        column = self._column
        self._column += columns
        if column >= _WIDEST:
            rows = 1
        elif rows > 1:
            for covered in range(column, min(column + columns, _WIDEST)):
                self._covered[covered] = self._row + rows
        return Cell(self._table, self._row, column, rows, columns, tag.startswith("th"))
