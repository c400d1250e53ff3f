"""A table that is built again, row by row, from a copy in which an empty place stands for a cell that goes on.

「網約車 | 快車 | (2選1)…」 and below it 「(nothing) | 專車 | (nothing)」: 專車 is a third level of 網約車, and its
requirement is the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scraper.page.lines import Cell, Line
from scraper.profile.profile import Column, Profile
from scraper.tables.cell_kinds import LEVELS
from snapshots.folding import fold_characters

_BREAK = "\u2028"  # what some browsers make of a line break inside a cell


@dataclass(slots=True)
class _Held:
    """A cell: where it begins, how many rows it covers, its words and its lines."""

    row: int
    column: int
    words: str
    lines: Sequence[Line]
    rows: int = 1


class RebuiltTable:
    """The rows of one table while they are read from the top."""

    def __init__(self, table: int, header: Sequence[Line], roles: Sequence[Column], profile: Profile) -> None:
        self._table = table
        self._header = header
        self._roles = roles
        self._may_be_empty = profile.catalogue is not None and profile.catalogue.empty_requirement == "none"
        self._above: list[_Held | None] = [None] * len(roles)
        self._cells: list[_Held] = []
        self._lost: list[tuple[int, Sequence[Line]]] = []
        self._row = 0

    def forget_above(self) -> None:
        """Let nothing that comes rest on the rows that were read."""
        self._above = [None] * len(self._roles)

    def list_lines(self) -> Iterator[Line]:
        """The lines with their cells."""
        for column, line in enumerate(self._header):
            yield from _split_line(line, Cell(self._table, 0, column, 1, 1, header=True))
        placed = [
            (line, Cell(self._table, held.row, held.column, held.rows, 1, header=False))
            for held in self._cells
            for line in held.lines
        ]
        for row, lines in self._lost:
            size = len(self._roles) + len(lines)  # too many for a row of this table, so none is ever placed
            placed += [
                (line, Cell(self._table, row, place, 1, size, header=False, placed=False))
                for place, line in enumerate(lines)
            ]
        for line, cell in sorted(placed, key=lambda pair: pair[0].number):
            yield from _split_line(line, cell)

    def read_row(self, cells: list[list[Line]]) -> None:
        """Take a row's cells, one for each column; a row that is not sound is lost."""
        self._row += 1
        row: list[_Held | None] = []
        for column, lines in enumerate(cells):
            above = self._above[column]
            if lines or (self._may_be_empty and self._roles[column] not in LEVELS):
                row.append(_Held(self._row, column, "\n".join(line.folded for line in lines), lines))
            else:
                row.append(above)
        if not self._is_sound(row):
            self._row -= 1
            self.lose_row(cells)
            return
        for held in row:
            if held is not None and held.row == self._row:
                self._cells.append(held)
            elif held is not None:
                held.rows = self._row - held.row + 1
        self._above = row

    def _is_sound(self, row: list[_Held | None]) -> bool:
        """Whether the row has a name of its own, and rests on the one above only where tables do.

        A level below a new name does not go on from above; nor does a scope beside a new name of any level but the
        lowest: where such a cell is empty, its line is lost.
        """
        cells = {role: held for held, role in zip(row, self._roles, strict=True) if held is not None}
        own = [role for role, held in cells.items() if held.row == self._row]
        levels = [role for role in self._roles if role in LEVELS]
        named = [level for level in levels if level in own and cells[level].words != "/"]
        if len(cells) < len(row) or not named or any(level not in own for level in levels[levels.index(named[0]) :]):
            return False
        return "scope" not in cells or "scope" in own or named == levels[-1:]

    def lose_row(self, cells: list[list[Line]]) -> None:
        """Leave the lines without a column; nothing below may rest on what stands above them."""
        self._row += 1
        self._lost.append((self._row, [line for lines in cells for line in lines]))
        self.forget_above()


def _split_line(line: Line, cell: Cell) -> Iterator[Line]:
    for part in line.text.split(_BREAK):
        if words := part.strip():
            yield Line(number=line.number, text=words, folded=fold_characters(words), cell=cell)
