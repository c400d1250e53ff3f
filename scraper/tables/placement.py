"""The columns of cells whose place a copy has lost, where the page leaves no doubt about them.

A copy without rowspans has short rows: below 「網約車 | 快車 | (2選1)… | 適用于… | /」 stands 「專車」 alone: the cells
above still cover its other columns. All placements that the rules of such tables allow are tried; where they say the
same in every column, the row is read so, else it stays without a place: a problem, not a guess. Tables of notices have
other rules (docs/decisions/0029). These are:

- A cell says by its kind where it may stand: 「適用于…」 is a scope, 「(2選1)…」 a requirement, `/` is no name.
- A row begins with its name, unless its first cell can be none.
- A third level's name goes on beside no other second level; a second level with a `/` has no third.
- A scope 適用范圍 is shared by the third levels of one second level, and by nothing else.
- A requirement, or a `/`, may go on beside another second level, yet is not read so: a copy that has lost the cell
  looks the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations

from scraper.page.lines import Cell, Line
from scraper.profile.profile import Column, Profile
from scraper.tables.cell_kinds import LEVELS, find_kinds
from scraper.tables.tables import find_columns

_MOST_COLUMNS = 10


@dataclass(slots=True)
class _Content:
    """What a column holds in the row above: the words, and the places in the page of the lines that say them."""

    words: str
    lines: list[int]
    row: int
    column: int
    rows: int = 1


@dataclass(slots=True)
class _Table:
    """The rows of one table, each the places of its cells' lines by column or, where that is lost, by order."""

    rows: dict[int, dict[int, list[int]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    lengths: dict[int, int] = field(default_factory=dict)  # how many cells a row has whose places are lost


def place_cells(lines: tuple[Line, ...], profile: Profile) -> tuple[Line, ...]:
    """The lines of the page, those of a short row in the columns that are certain; the others keep no place."""
    tables: dict[int, _Table] = defaultdict(_Table)
    for place, line in enumerate(lines):
        if line.cell is not None:
            table = tables[line.cell.table]
            table.rows[line.cell.row][line.cell.column].append(place)
            if not line.cell.placed:
                table.lengths[line.cell.row] = line.cell.columns
    cells: dict[int, Cell] = {}
    for number, table in tables.items():
        if table.lengths:
            cells |= _place_table(number, table, lines, profile)
    if not cells:
        return lines
    return tuple(_move(line, cells[place]) if place in cells else line for place, line in enumerate(lines))


def _move(line: Line, cell: Cell) -> Line:
    return Line(number=line.number, text=line.text, folded=line.folded, heading=line.heading, cell=cell)


def _place_table(number: int, table: _Table, lines: tuple[Line, ...], profile: Profile) -> dict[int, Cell]:
    header_row, roles = _find_header(table, lines, profile)
    width = max(table.rows[header_row], default=0) + 1
    if len(roles) < width or width > _MOST_COLUMNS:
        return {}
    above: list[_Content | None] = [None] * width
    contents: list[_Content] = []
    for row in sorted(table.rows):
        if row == header_row:
            continue
        own = {
            column: _Content("\n".join(lines[place].folded for place in places), places, row, column)
            for column, places in table.rows[row].items()
        }
        length = table.lengths.get(row, width)
        if length > width:
            above = [None] * width
            continue
        if row not in table.lengths or (profile.catalogue and profile.catalogue.empty_requirement == "none"):
            # A full row; or a platform whose cells may be empty, and the copy has left out the last of them.
            above = [own.get(column, _Content("", [], row, column)) for column in range(width)]
        else:
            above = _place_row([own.get(place, _Content("", [], row, 0)) for place in range(length)], above, roles)
        if None not in above or row not in table.lengths:
            contents += _settle(above, row)
    return {
        place: Cell(number, content.row, content.column, content.rows, 1, header=False)
        for content in contents
        for place in content.lines
    }


def _find_header(table: _Table, lines: tuple[Line, ...], profile: Profile) -> tuple[int, dict[int, Column]]:
    for row, cells in sorted(table.rows.items()):
        roles = find_columns({column: [lines[place] for place in places] for column, places in cells.items()}, profile)
        if roles:
            return row, roles
    return min(table.rows), {}


def _settle(above: Sequence[_Content | None], row: int) -> list[_Content]:
    """The cells that begin in the row; those above that cover it reach down to it."""
    begun = []
    for column, content in enumerate(above):
        if content is None:
            continue
        if content.row == row:
            content.column = column
            begun.append(content)
        else:
            content.rows = max(content.rows, row - content.row + 1)
    return begun


def _place_row(own: list[_Content], above: list[_Content | None], roles: dict[int, Column]) -> list[_Content | None]:
    """What each column holds in a short row; None in each column about which the placements differ.

    Where one is None the row is not understood, and nothing below may rest on a cell of its own.
    """
    outcomes = [
        [_hold(column, columns, own, above, roles) for column in range(len(above))]
        for columns in combinations(range(len(above)), len(own))
        if _fits(columns, own, above, roles)
    ]
    if not outcomes:
        return [None] * len(above)
    agreed = [_agree([outcome[column] for outcome in outcomes]) for column in range(len(above))]
    if None in agreed:
        mine = {id(content) for content in own}
        return [content if content is not None and id(content) not in mine else None for content in agreed]
    return agreed


def _hold(
    column: int, columns: tuple[int, ...], own: list[_Content], above: list[_Content | None], roles: dict[int, Column]
) -> _Content | None:
    """What a column holds when the row's cells stand in `columns`; None where nothing may be said."""
    if column in columns:
        return own[columns.index(column)]
    has_new_name = columns[0] == min((place for place, role in roles.items() if role in LEVELS), default=-1)
    return None if has_new_name and roles[column] in LEVELS | {"requirement"} else above[column]


def _is_slash(content: _Content | None) -> bool:
    return content is not None and content.words == "/"


def _is_name(content: _Content | None) -> bool:
    return content is not None and content.words not in ("", "/")


def _agree(contents: list[_Content | None]) -> _Content | None:
    first = contents[0]
    return first if first is not None and all(other and other.words == first.words for other in contents) else None


def _fits(
    columns: tuple[int, ...], own: list[_Content], above: list[_Content | None], roles: dict[int, Column]
) -> bool:
    """Whether the rules allow the cells of a row to stand in these columns."""
    levels = [column for column in sorted(roles) if roles[column] in LEVELS] or [-1]
    for column, content in zip(columns, own, strict=True):
        if roles[column] not in find_kinds(content.words) or (column == levels[0] and content.words == "/"):
            return False
    mine = [column for column in levels if column in columns]
    if not mine:
        return not find_kinds(own[0].words) & LEVELS
    if all(own[columns.index(column)].words in ("", "/") for column in mine):
        return False
    if any(column > mine[0] and column not in columns and _is_name(above[column]) for column in levels):
        return False
    parent_is_shared = mine[0] != levels[0]
    if parent_is_shared and _is_slash(above[mine[0]]):
        return False
    return mine == levels[-1:] or not any(role == "scope" and column not in columns for column, role in roles.items())
