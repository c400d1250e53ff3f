"""Lines that stand in tables, by row and column: what each column holds, and what each row says in it.

「一级分类 | 二级分类 | 资质要求(变更前) | 资质要求(变更后)」: the words of a header cell name the column, and a profile
says what it holds. A cell that covers several rows stands in each of them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from scraper.page.lines import Cell, Line
from scraper.profile.profile import Column, Profile
from scraper.tables.columns import LEVELS, Heading, is_known, join_headings, read_heading, settle_sides
from snapshots.folding import fold_characters

_DATA = re.compile(
    r"[《。]|^\s*[/-]\s*$"
    r"|^(?!.*(?:类目|分类|级|要求|范围|资质|时间|日期|备注)$)[\u4e00-\u9fff]{2,12}\s*-{1,2}\s*[\u4e00-\u9fff]{2,16}$"
)
_BLOCK = re.compile(r"(?:[\d(①][^《》]{0,4})?《[^《》]+》|仅?适用于")
_NO_HEADING = Heading("")

Content = dict[int, list[Line]]
"""The lines of a row's cells, by column."""
RowWords = tuple[tuple[str, ...], tuple[tuple[int, int, bool] | None, ...], bool]
"""The words of a row's lines; the column of each, how many these are, whether it begins here; whether all is lost."""


@dataclass(frozen=True, slots=True)
class TableFrame:
    """What the header of a table says: what each column holds, and how many there are."""

    headings: dict[int, Heading]
    width: int


class Row:
    """A row below the header; what its cells say is found out when it is asked for.

    `lines` are those of all its cells, shared ones included, in the order of the columns; `is_lost`: nothing tells in
    which columns its cells belong.
    """

    def __init__(self, number: int, content: Content, frame: TableFrame, *, is_lost: bool = False) -> None:
        self._number = number
        self._content = sorted(content.items())
        self._frame = frame
        self._is_lost = is_lost
        self.lines = tuple([line for _, cell in self._content for line in cell])

    def below(self, frame: TableFrame) -> Row:
        """The row below another header."""
        return Row(self._number, dict(self._content), frame, is_lost=self._is_lost)

    def naming(self, before: list[Line], now: list[Line]) -> Row:
        """The row as if its categories' names, earlier and present, were these lines, if any."""
        row = copy(self)
        cells, earlier, others = self._sides
        row._sides = (  # noqa: SLF001 - of its own class
            cells | ({"path": now} if now else {}),
            earlier | ({"path": before} if before else {}),
            others,
        )
        return row

    @property
    def words(self) -> RowWords:
        """All that the reading of the row follows from, but for the header and what stands around the table."""
        number = self._number
        return (
            tuple([line.text for line in self.lines]),
            tuple([
                (cell.column, cell.columns, cell.row == number) if (cell := line.cell) is not None else None
                for line in self.lines
            ]),
            self._is_lost,
        )  # fmt: skip

    @cached_property
    def own(self) -> tuple[Line, ...]:
        """The lines of the cells that begin in this row; none where a cell covers a row that has lost all its own."""
        return tuple([line for line in self.lines if line.cell is not None and line.cell.row == self._number])

    @cached_property
    def is_section(self) -> bool:
        """Whether one cell covers all columns."""
        first = self.lines[0].cell
        is_wide = first is not None and first.columns >= max(self._frame.width, 2)
        return is_wide and len(self._content) == 1 and not self._is_lost

    @cached_property
    def is_short(self) -> bool:
        """Whether it has lost cells, or has more than the header, and nothing tells where the others belong."""
        if self._is_lost or self.is_section:
            return self._is_lost
        wide = [line.cell for line in self.lines if line.cell is not None and line.cell.columns > 1]
        is_long = self._content[-1][0] >= self._frame.width
        return is_long or any(_mixes_columns(cell, self._frame.headings) for cell in wide)

    @property
    def cells(self) -> dict[Column, list[Line]]:
        """The lines of each column that the profile knows."""
        return self._sides[0]

    @property
    def before(self) -> dict[Column, list[Line]]:
        """The lines of the columns that tell of the earlier state."""
        return self._sides[1]

    @property
    def others(self) -> Mapping[str, list[Line]]:
        """The lines of the columns that the profile does not know, by the words of their header (保证金)."""
        return self._sides[2]

    def name_in(self, column: Column) -> str | None:
        """The name of a category's level in the column; None where the cell is empty or says that there is none."""
        return join_name(self.cells.get(column, ()))

    @cached_property
    def _sides(self) -> tuple[dict[Column, list[Line]], dict[Column, list[Line]], dict[str, list[Line]]]:
        cells: dict[Column, list[Line]] = {}
        before: dict[Column, list[Line]] = {}
        others: dict[str, list[Line]] = {}
        for column, cell in () if self._is_lost else self._content:
            heading = self._frame.headings.get(column, _NO_HEADING)
            target = before if heading.side == "before" else cells
            if heading.column is None or heading.column in target:
                others[heading.words] = [*others.get(heading.words, ()), *cell]
            else:
                target[heading.column] = cell
        return cells, before, others


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose header names columns that the profile knows; rows above the header may name its section.

    `columns` leaves out those that tell of the earlier state, `headings` has all.
    """

    columns: dict[int, Column]
    header: tuple[Line, ...]
    rows: tuple[Row, ...]
    frame: TableFrame

    def find_data(self) -> list[Line]:
        """The cells of the header that can name no column: 「《营业执照》」 is of a row whose border was lost."""
        return [line for line in self.header if _DATA.search(line.folded)]


def find_unread_columns(table: Table) -> list[Line]:
    """The header cells of columns that the profile does not know and that hold papers or scopes: 「需递交的证照」."""
    unread = {
        words
        for row in table.rows
        for words, cell in row.others.items()
        if any(_BLOCK.match(line.folded) for line in cell)
    }
    return [line for line in table.header if line.text in unread]


def join_name(cell: Sequence[Line]) -> str | None:
    """The name in a cell, its lines joined: 「政务民生」 above 「-信用」; None where the cell is empty or says none."""
    name = "".join(line.text for line in cell).strip()
    return None if name in ("", "/", "-") else name


def build_table(lines: Sequence[Line], profile: Profile) -> Table:
    """The table that the lines of its cells make.

    Its header is the first row in which the profile knows words, else the first row; a header that is repeated
    further down, as long tables do, is no row.
    """
    loose: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        if line.cell is not None and not line.cell.placed:
            loose[line.cell.row].append(line)
    grid = group_cells(lines)
    first = find_header(grid, profile)
    if first is None:
        starts = sorted({line.cell.row for line in lines if line.cell is not None})
        first = next((row for row in starts if find_columns(grid[row], profile)), starts[0])
    headings, last = _read_header(grid, first, profile)
    headings = settle_sides(headings)
    header = [line for line in lines if line.cell and line.cell.placed and first <= line.cell.row <= last]
    width = max((line.cell.column + line.cell.columns for line in header if line.cell), default=1)
    frame = TableFrame(headings, width)
    repeated = find_columns(grid[first], profile)
    rows = []
    for number in sorted(grid.keys() | loose.keys()):
        if number in loose:
            rows.append(Row(number, {0: loose[number]}, frame, is_lost=True))
        elif number > last and repeated and _repeats(grid[number], repeated, profile):
            header += _lines_of(grid[number])
        elif not first <= number <= last:
            rows.append(Row(number, grid[number], frame))
    columns = {
        column: heading.column
        for column, heading in sorted(headings.items())
        if heading.column is not None and heading.side != "before"
    }
    return Table(columns=columns, header=tuple(header), rows=tuple(rows), frame=frame)


def lower_levels(table: Table, profile: Profile) -> Table:
    """The table below a heading that names level 1: 「类目」 over two columns holds levels 2 and 3 there."""
    headings = table.frame.headings
    first = next((heading for heading in headings.values() if heading.column == "level1"), None)
    if first is None or profile.column_words.get(fold_characters(first.words).strip()) == "level1":
        return table
    lower = dict(pairwise(LEVELS))
    frame = replace(
        table.frame,
        headings={
            place: replace(heading, column=lower.get(heading.column, heading.column) if heading.column else None)
            for place, heading in headings.items()
        },
    )
    return replace(
        table,
        columns={place: lower.get(name, name) for place, name in table.columns.items()},
        rows=tuple(row.below(frame) for row in table.rows),
        frame=frame,
    )


def group_cells(lines: Sequence[Line]) -> dict[int, Content]:
    """The lines of a table by row and column; a cell that covers several rows stands in each of them."""
    rows: dict[int, Content] = defaultdict(dict)
    begun: dict[tuple[int, int], list[Line]] = {}
    last, content = None, []
    for line in lines:
        cell = line.cell
        if cell is None or not cell.placed:
            continue
        if cell is not last:
            last = cell
            known = begun.get((cell.row, cell.column))
            content = [] if known is None else known
            if known is None:
                begun[cell.row, cell.column] = content
                for covered in range(cell.row, cell.row + cell.rows):
                    rows[covered][cell.column] = content
        content.append(line)
    end = max((row for row, _ in begun), default=0)
    return defaultdict(dict, {row: columns for row, columns in rows.items() if row <= end})


def find_header(grid: Mapping[int, Content], profile: Profile) -> int | None:
    """The first row that names the columns of a table of categories: a name, and something to say of it; or None."""
    for row in sorted(grid):
        headings, _ = _read_header(grid, row, profile)
        if is_known(headings.values()):
            return row
    return None


def find_columns(content: Content, profile: Profile) -> dict[int, Column]:
    """What each column holds whose header cell has words that the profile knows."""
    return {column: name for column, cell in content.items() if (name := _find_role(cell, profile))}


def _repeats(content: Content, header: Mapping[int, Column], profile: Profile) -> bool:
    """Whether the row names the columns of the header; the first cell tells of nearly every row that it does not."""
    first = min(header)
    return first in content and bool(_find_role(content[first], profile)) and find_columns(content, profile) == header


def find_column(line: Line, profile: Profile) -> Column | None:
    """What the column under this header cell holds; None where the profile does not know its words."""
    return _find_role([line], profile)


def _find_role(cell: Sequence[Line], profile: Profile) -> Column | None:
    heading = _read_cell(cell, profile)
    return heading.column if heading.side != "before" else None


def _read_header(grid: Mapping[int, Content], row: int, profile: Profile) -> tuple[dict[int, Heading], int]:
    """What each column holds, and the header's last row: a heading over several columns groups those below it."""
    content, following = grid.get(row, {}), grid.get(row + 1, {})
    top = {column: _read_cell(cell, profile) for column, cell in content.items()}
    is_wide = any(cell[0].cell is not None and cell[0].cell.columns > 1 for cell in content.values())
    below = {column: _read_cell(cell, profile) for column, cell in following.items()} if is_wide else {}
    headings: dict[int, Heading] = {}
    # A header of two rows: some of its cells cover both, or a known heading groups those below it.
    is_grouped = any(cell[0].cell is not None and cell[0].cell.rows > 1 for cell in content.values())
    for column, cell in content.items():
        span = range(column, column + (cell[0].cell.columns if cell[0].cell else 1))
        is_group = top[column].column is not None and any(place in below and below[place].column for place in span)
        if len(span) > 1 and (is_group or is_grouped):
            is_grouped = True
            headings |= {place: join_headings(top[column], below[place]) for place in span if place in below}
        else:
            headings |= _part_heading(top[column], span)
    return headings, row + 1 if is_grouped else row


def _part_heading(heading: Heading, span: range) -> dict[int, Heading]:
    """The columns below a heading that covers several: 「类目」 over two columns holds levels 1 and 2."""
    if len(span) == 1 or heading.column != "path":
        return dict.fromkeys(span, heading)
    return {place: replace(heading, column=level) for place, level in zip(span, LEVELS, strict=False)}


def _read_cell(cell: Sequence[Line], profile: Profile) -> Heading:
    if len(cell) == 1:
        return read_heading(cell[0].text, cell[0].folded, profile)
    return read_heading("".join(line.text for line in cell), "".join(line.folded for line in cell), profile)


def _mixes_columns(cell: Cell, headings: Mapping[int, Heading]) -> bool:
    """Whether the cell covers columns of different kinds; a name may cover the columns of the levels below it."""
    covered = {headings.get(column, _NO_HEADING) for column in range(cell.column, cell.column + cell.columns)}
    return len(covered) > 1 and not all(heading.column in LEVELS for heading in covered)


def _lines_of(content: Content) -> tuple[Line, ...]:
    return tuple(line for column in sorted(content) for line in content[column])
