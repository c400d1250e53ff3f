"""Lines that stand in tables, by row and column: what each column holds, and what each row says in it.

「一级分类 | 二级分类 | 资质要求(变更前) | 资质要求(变更后)」: the words of a header cell name the column, and a profile
says what it holds. A cell that covers several rows stands in each of them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from scraper.lines import Cell, Line
from scraper.profile import Column, Profile

_SPACE = re.compile(r"\s")

Content = dict[int, list[Line]]
"""The lines of a row's cells, by column."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row below the header: the lines of each column that is known, and all its lines, shared cells included.

    `others` are the cells of columns that the profile does not know, by the words of their header (保证金); `own` are
    the lines of the cells that begin in this row: there are none where a cell covers a row that has lost all its own.
    """

    cells: dict[Column, list[Line]]
    lines: tuple[Line, ...]
    is_short: bool  # it has lost cells, or has more than the header, and nothing tells where the others belong
    others: Mapping[str, list[Line]] = field(default_factory=dict)
    own: tuple[Line, ...] = ()
    is_section: bool = False  # one cell covers all columns

    def name_in(self, column: Column) -> str | None:
        """The name of a category's level in the column; None where the cell is empty or says that there is none."""
        name = "".join(line.text for line in self.cells.get(column, ())).strip()
        return None if name in ("", "/", "-") else name


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose header names columns that the profile knows; rows above the header may name its section."""

    columns: dict[int, Column]
    header: tuple[Line, ...]
    rows: tuple[Row, ...]


def build_table(lines: Sequence[Line], profile: Profile) -> Table:
    """The table that the lines of its cells make.

    Its header is the first row in which the profile knows words, else the first row; a header that is repeated
    further down, as long tables do, is no row.
    """
    cells: dict[tuple[int, int], list[Line]] = defaultdict(list)
    loose: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        if line.cell is not None and line.cell.placed:
            cells[line.cell.row, line.cell.column].append(line)
        elif line.cell is not None:
            loose[line.cell.row].append(line)
    starts = sorted({row for row, _ in cells} | loose.keys())
    spread = _spread(cells)
    header_row = next((row for row in starts if find_columns(spread[row], profile)), starts[0])
    columns = find_columns(spread[header_row], profile)
    others = {
        column: "".join(line.text for line in content)
        for column, content in spread[header_row].items()
        if column not in columns
    }
    width = max(
        (line.cell.column + line.cell.columns for line in _lines_of(spread[header_row]) if line.cell), default=1
    )
    header, rows = list(_lines_of(spread[header_row])), []
    for number in sorted(spread.keys() | loose.keys()):
        if number == header_row:
            continue
        if number in loose:
            rows.append(_build_loose_row(loose[number]))
        elif number > header_row and columns and find_columns(spread[number], profile) == columns:
            header += _lines_of(spread[number])
        else:
            rows.append(_build_row(number, spread[number], columns, others, width))
    return Table(columns=columns, header=tuple(header), rows=tuple(rows))


def find_columns(content: Content, profile: Profile) -> dict[int, Column]:
    """What each column holds whose header cell has words that the profile knows."""
    return {column: name for column, cell in content.items() if (name := _find_role(cell, profile))}


def find_column(line: Line, profile: Profile) -> Column | None:
    """What the column under this header cell holds; None where the profile does not know its words."""
    return _find_role([line], profile)


def _find_role(cell: Sequence[Line], profile: Profile) -> Column | None:
    words = _SPACE.sub("", "".join(line.folded for line in cell))
    return next((name for name, spellings in profile.columns.items() if words in spellings), None)


def _build_loose_row(lines: list[Line]) -> Row:
    return Row(cells={}, lines=tuple(lines), is_short=True, own=tuple(lines))


def _build_row(number: int, content: Content, columns: dict[int, Column], others: dict[int, str], width: int) -> Row:
    lines = _lines_of(content)
    own = tuple(line for line in lines if line.cell is not None and line.cell.row == number)
    first = lines[0].cell
    is_section = first is not None and first.columns >= max(width, 2) and len(content) == 1
    return Row(
        cells={columns[column]: cell for column, cell in content.items() if column in columns},
        lines=lines,
        is_short=not is_section
        and (max(content) >= width or any(_mixes_columns(line.cell, columns) for line in lines)),
        others={others.get(column, ""): cell for column, cell in content.items() if column not in columns},
        own=own,
        is_section=is_section,
    )


def _mixes_columns(cell: Cell | None, columns: dict[int, Column]) -> bool:
    """Whether the cell covers columns of different kinds; a name may cover the columns of the levels below it."""
    if cell is None or cell.columns == 1:
        return False
    covered = {columns.get(column, "") for column in range(cell.column, cell.column + cell.columns)}
    return len(covered) > 1 and not all(name.startswith("level") for name in covered)


def _lines_of(content: Content) -> tuple[Line, ...]:
    return tuple(line for column in sorted(content) for line in content[column])


def _spread(cells: dict[tuple[int, int], list[Line]]) -> dict[int, Content]:
    """The cells by row and column; a cell that covers several rows stands in each of them."""
    rows: dict[int, Content] = defaultdict(dict)
    for (row, column), content in cells.items():
        cell = content[0].cell
        height = cell.rows if cell is not None else 1
        for covered in range(row, row + height):
            rows[covered][column] = content
    last = max((row for row, _ in cells), default=0)
    return defaultdict(dict, {row: columns for row, columns in rows.items() if row <= last})
