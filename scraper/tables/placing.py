"""The cells of a row that lost some, put into the columns of its table, where only one way to do so is left.

A copy leaves out the cells that a rowspan above covers. What is left stands in the order of the columns, and these
rules of the world say where a cell cannot stand:

- a number stands where the row above has a number, a list of papers in no column of names, and so on;
- the levels of a category that are covered are the first ones: a cell of a parent never ends above its child, and a
  category that says by `-` that it has no third level stands above no other third level;
- a name that the table has as a level 1 is no lower level;
- a row has a name of its own: one without may have lost it, and is no continuation of the row above;
- a row with a cell of its own in the first column covers nothing: what it lacks at its end is empty.

Where several ways are left, the one that repeats names of the row above in their columns is taken; where none does,
the one that a row of as many cells took before. Else the row spans the whole table: its cells' places are lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from msgspec import structs

from scraper.page.lines import Cell, Line
from scraper.profile.profile import Profile
from scraper.tables.columns import LEVELS, NAMES, Heading
from scraper.tables.fitting import fits_text, is_name
from snapshots.folding import fold

_EMPTY = frozenset({"/", "-", "—"})
_MOST_COLUMNS = 10

Way = tuple[int, ...]
"""The column of each cell of a row."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A cell of a row, before its column is known; no lines: it is empty."""

    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """The words, lines joined."""
        return "".join(line.text for line in self.lines)

    @property
    def folded(self) -> str:
        """The words, folded."""
        return "".join(line.folded for line in self.lines)


@dataclass(frozen=True, slots=True)
class RawRow:
    """The cells of a row in their order.

    `is_joined`: from several lines; `is_lost`: even their borders are not known; `is_unended`: the last row, which has
    no empty cells to fill it up where others have.
    """

    cells: tuple[Piece, ...]
    is_lost: bool = False
    is_joined: bool = False
    is_unended: bool = False


class Placer:
    """Puts the rows of a table into its columns."""

    def __init__(self, headings: Sequence[Heading], profile: Profile) -> None:
        self._headings = headings
        self._profile = profile
        self._above: dict[int, Piece] = {}
        self._roots: set[str] = set()
        self._ways: dict[int, Way] = {}

    def place(self, rows: Iterable[RawRow], *, first_row: int) -> Iterator[Line]:
        """The lines of all rows with their cells; a cell that is left out below is covered by the one above it."""
        known = list(_count_cells(rows, len(self._headings)))
        sound = [not row.is_lost and not self._is_shifted(row) for row in known]
        # Where every row could be whole, its last cells empty, nothing says that a cell covers another.
        is_plain = all(self._fits_whole(row.cells) for row, is_sound in zip(known, sound, strict=True) if is_sound)
        placed: list[dict[int, Piece] | Sequence[Piece]] = []  # a sequence: a row whose places are lost
        for row, is_sound in zip(known, sound, strict=True):
            way = self._find_way(row, is_plain=is_plain) if is_sound else None
            cells = row.cells
            placed.append(cells if way is None else self._keep_row(dict(zip(way, cells, strict=True)), way))
        yield from self._draw(placed, first_row)

    def _is_shifted(self, row: RawRow) -> bool:
        """Whether a full row has a cell that cannot stand in its column: a cell was lost, or one is another row's."""
        columns = range(len(self._headings))
        checked = [column for column in columns if row.is_joined or self._headings[column].column in LEVELS]
        return len(row.cells) == len(columns) and not all(self._fits(row.cells[column], column) for column in checked)

    def _keep_row(self, row: dict[int, Piece], way: Way) -> dict[int, Piece]:
        if way[0] == 0:
            row = {column: row.get(column, Piece(())) for column in range(len(self._headings))}
        self._above |= row
        self._ways[len(way)] = way
        for column, piece in row.items():
            if self._headings[column].column == "level1":
                self._roots.add(fold(piece.text))
        return row

    def _draw(self, rows: Sequence[dict[int, Piece] | Sequence[Piece]], first_row: int) -> Iterator[Line]:
        heights = self._measure(rows)
        for number, row in enumerate(rows):
            if not isinstance(row, dict):
                is_single = len(row) == 1  # it may be a heading that stands in the table
                for place, piece in enumerate(row):
                    columns = len(self._headings) if is_single else len(row)
                    cell = Cell(0, first_row + number, place, 1, columns, header=False, placed=is_single)
                    yield from _put(piece, cell)
                continue
            for column, piece in row.items():
                yield from _put(piece, Cell(0, first_row + number, column, heights[number, column], 1, header=False))

    def _measure(self, rows: Sequence[dict[int, Piece] | Sequence[Piece]]) -> dict[tuple[int, int], int]:
        """How many rows each cell covers: down to the next cell of its column, or to a row whose places are lost."""
        heights: dict[tuple[int, int], int] = {}
        below = dict.fromkeys(range(len(self._headings)), 0)
        for number in range(len(rows) - 1, -1, -1):
            row = rows[number]
            for column in below:
                if isinstance(row, dict) and column not in row:
                    below[column] += 1
                else:
                    heights[number, column] = below[column] + 1
                    below[column] = 0
        return heights

    def _fits_whole(self, cells: Sequence[Piece]) -> bool:
        """Whether the row can be whole but for empty cells at its end: each cell fits, and it names a category."""
        names = [place for place, heading in enumerate(self._headings) if heading.column in NAMES and not heading.side]
        has_name = len(cells) > max(names[:2], default=0)
        return has_name and all(self._fits(piece, column) for column, piece in enumerate(cells))

    def _find_way(self, row: RawRow, *, is_plain: bool) -> Way | None:
        cells, width = row.cells, len(self._headings)
        if row.is_unended and len(cells) not in self._ways:
            return None
        if len(cells) == width or is_plain or (not self._above and self._fits_whole(cells)):
            return tuple(range(len(cells)))
        return self._choose_way(cells) if self._above and width <= _MOST_COLUMNS else None

    def _choose_way(self, cells: Sequence[Piece]) -> Way | None:
        width = len(self._headings)
        ways = [way for way in combinations(range(width), len(cells)) if self._fits_way(cells, way)]
        repeats = [sum(map(self._repeats, cells, way)) for way in ways]
        best = [way for way, count in zip(ways, repeats, strict=True) if count == max(repeats)]
        known = self._ways.get(len(cells))
        if len(best) == 1 and (len(ways) == 1 or max(repeats) > 0):
            return best[0]
        return known if known in best else None

    def _fits_way(self, cells: Sequence[Piece], way: Way) -> bool:
        if way[0] == 0 and (way[-1] != len(way) - 1 or not self._fits_whole(cells)):
            return False
        has_name = any(self._headings[column].column in NAMES for column in way)
        return has_name and self._keeps_levels(way) and all(map(self._fits, cells, way))

    def _keeps_levels(self, way: Way) -> bool:
        """Whether the levels that are left out are the first ones, and the category above has one where it begins."""
        if way[0] == 0:
            return True
        for side in ("before", "after", None):
            levels = [
                place
                for place, heading in enumerate(self._headings)
                if heading.side == side and heading.column in LEVELS
            ]
            own = [place in way for place in levels]
            first = next((place for place in levels if place in way), None)
            above = self._above.get(first) if first is not None else None
            if own != sorted(own):
                return False
            if above is not None and first != levels[0] and above.folded.strip() in _EMPTY:
                return False
        return True

    def _repeats(self, piece: Piece, column: int) -> bool:
        above = self._above.get(column)
        is_name = self._headings[column].column in NAMES
        return is_name and above is not None and fold(above.text) == fold(piece.text)

    def _fits(self, piece: Piece, column: int) -> bool:
        """Whether the words can stand in the column."""
        folded = piece.folded.strip()
        if not folded:
            return True
        kind = self._headings[column].column
        if kind == "action":
            return self._is_action(folded)
        if folded in _EMPTY:
            return kind in LEVELS or (kind != "path" and folded == "/")
        if kind in NAMES:
            is_root = kind != "level1" and fold(piece.text) in self._roots and not self._repeats(piece, column)
            return is_name(folded) and not self._is_action(folded) and not (is_root and kind != "path")
        above = self._above.get(column)
        return fits_text(kind, folded, above.folded.strip() if above is not None else None)

    def _is_action(self, folded: str) -> bool:
        bare = re.sub(r"(?:[一二三四]级)?类目", "", folded)
        return any(bare in words for words in self._profile.verbs.values())


def _count_cells(rows: Iterable[RawRow], width: int) -> Iterator[RawRow]:
    """The rows without the empty cells at their ends; those that lost a cell, or another's border, are lost.

    Where the table fills its short rows up, and where a row stands on several lines, only the number of cells says
    where the row ends. The last row may lack what filled it up.
    """
    known = list(rows)
    is_filled_up = any(len(_trim(row.cells)) < len(row.cells) == width for row in known)
    for number, row in enumerate(known, start=1):
        cells = _trim(row.cells)
        is_unended = is_filled_up and number == len(known) and len(cells) == len(row.cells) < width
        has_lost = len(row.cells) != width and (is_filled_up or row.is_joined) and not is_unended
        if cells:
            yield RawRow(tuple(cells), row.is_lost or has_lost or len(cells) > width, row.is_joined, is_unended)


def _trim(row: Sequence[Piece]) -> list[Piece]:
    """The cells of the row without the empty ones at its end."""
    cells = list(row)
    while cells and not cells[-1].lines:
        cells.pop()
    return cells


def _put(piece: Piece, cell: Cell) -> Iterator[Line]:
    for line in piece.lines:
        yield structs.replace(line, cell=cell)
