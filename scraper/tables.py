"""Lines that stand in tables, by row and column: what each column holds, and what each row says in it.

「一级分类 | 二级分类 | 资质要求(变更前) | 资质要求(变更后)」: the words of a header cell name the column, and a profile
says what it holds. A cell that covers several rows stands in each of them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from scraper.lines import Line
from scraper.profile import Column, Profile

_SPACE = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Row:
    """A row below the header: the lines of each column that is known, and all its lines, shared cells included."""

    cells: dict[Column, list[Line]]
    lines: tuple[Line, ...]
    is_short: bool  # it has lost cells, and nothing tells which

    def name_in(self, column: Column) -> str | None:
        """The name of a category's level in the column; None where the cell is empty or says that there is none."""
        name = "".join(line.text for line in self.cells.get(column, ())).strip()
        return None if name in ("", "/", "-") else name


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose header names columns that the profile knows."""

    columns: dict[int, Column]
    header: tuple[Line, ...]
    rows: tuple[Row, ...]


def build_table(lines: Sequence[Line], profile: Profile) -> Table:
    """The table that the lines of its cells make; its first row is the header."""
    cells: dict[tuple[int, int], list[Line]] = defaultdict(list)
    for line in lines:
        if line.cell is not None:
            cells[line.cell.row, line.cell.column].append(line)
    header_row = min(row for row, _ in cells)
    columns = {
        column: name
        for (row, column), content in cells.items()
        if row == header_row and (name := find_column(content[0], profile))
    }
    header = tuple(line for (row, _), content in cells.items() if row == header_row for line in content)
    spread = _spread(cells)
    rows = tuple(_build_row(spread[row], columns) for row in sorted(spread) if row != header_row)
    return Table(columns=columns, header=header, rows=rows)


def find_column(line: Line, profile: Profile) -> Column | None:
    """What the column under this header cell holds; None where the profile does not know its words."""
    words = _SPACE.sub("", line.folded)
    return next((name for name, spellings in profile.columns.items() if words in spellings), None)


def _build_row(content: dict[int, list[Line]], columns: dict[int, Column]) -> Row:
    lines = tuple(line for cell in content.values() for line in cell)
    return Row(
        cells={columns[column]: cell for column, cell in content.items() if column in columns},
        lines=lines,
        is_short=len(columns) > 1 and any(line.cell is not None and line.cell.columns > 1 for line in lines),
    )


def _spread(cells: dict[tuple[int, int], list[Line]]) -> dict[int, dict[int, list[Line]]]:
    """The cells by row and column; a cell that covers several rows stands in each of them."""
    rows: dict[int, dict[int, list[Line]]] = defaultdict(dict)
    for (row, column), content in cells.items():
        cell = content[0].cell
        height = cell.rows if cell is not None else 1
        for covered in range(row, row + height):
            rows[covered][column] = content
    last = max(row for row, _ in cells)
    return {row: columns for row, columns in rows.items() if row <= last or len(columns) > 1}
