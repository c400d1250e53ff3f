"""Tables that a copy has turned to text, found again: their lines get the cells that they stood in.

Two forms are known. Piped: each `|` ends a cell, wherever the copy has broken its lines; cells that a rowspan above
covered are left out, and the row is filled up with empty cells at its end (`二手车销售 | ||||`). Bare: one line for a
line of a cell, see bare_tables.py.

Cells that are left out are put where nothing else fits (placing.py); a row for which that is not one place only spans
the whole table, and is read as one that has lost cells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from msgspec import structs

from scraper.page.lines import Cell, Line
from scraper.profile.profile import Profile
from scraper.tables.bare_tables import read_bare_table
from scraper.tables.columns import LEVELS, LONGEST, Heading, is_known, join_headings, read_heading
from scraper.tables.placing import Piece, Placer, RawRow

_FEWEST_CELLS = 2
_LONGEST_HEADER = 16  # lines, below the first, of a header that has one cell on each


def place_tables(lines: Sequence[Line], profile: Profile, is_frame: Callable[[Line], bool]) -> tuple[Line, ...]:
    """The lines, those of tables with their cells; `is_frame` says which lines end a table."""
    placed: list[Line] = []
    number = 1 + max((line.cell.table for line in lines if line.cell is not None), default=-1)
    place = 0
    while place < len(lines):
        table, after = _read_table(lines, place, profile, is_frame) if _may_begin(lines, place, profile) else ([], 0)
        if table:
            placed += (
                structs.replace(line, cell=structs.replace(line.cell, table=number))
                for line in table
                if line.cell is not None
            )
            number += 1
        else:
            placed.append(lines[place])
            after = place + 1
        place = after
    return tuple(placed)


def _may_begin(lines: Sequence[Line], place: int, profile: Profile) -> bool:
    """Whether a table could begin there: hardly a line has `|`, or the words of a column above those of another."""
    line = lines[place]
    if line.cell is not None or "|" in line.text:
        return line.cell is None
    following = lines[place + 1 : place + 2]
    return (
        len(line.folded) <= LONGEST
        and profile.heading_sign.is_in(line.folded)
        and any(profile.heading_sign.is_in(other.folded) for other in following)
    )


def _read_table(
    lines: Sequence[Line], place: int, profile: Profile, is_frame: Callable[[Line], bool]
) -> tuple[list[Line], int]:
    """The lines of the table that begins at the place, and where the page goes on; none where none begins."""
    if "|" in lines[place].text:
        return _read_piped(lines, place, profile, is_frame)
    return read_bare_table(lines, place, profile, is_frame)


@dataclass(frozen=True, slots=True)
class _Header:
    """The header of a piped table: the headings of its columns, its lines with their cells, and where it ends."""

    headings: list[Heading]
    lines: list[Line]
    rows: int
    after: int
    is_bordered: bool  # a `|` begins each row too
    is_closed: bool  # a `|` ends each row too, so that a line without one goes on in the next
    cells: int  # how many there are, empty ones that fill a row up included, and how many have words
    filled: int


def _read_piped(
    lines: Sequence[Line], place: int, profile: Profile, is_frame: Callable[[Line], bool]
) -> tuple[list[Line], int]:
    header = _read_header(lines, place, profile)
    if header is None:
        return [], place
    after = header.after
    while after < len(lines) and _belongs(lines, after, is_frame):
        after += 1
    rows = list(_gather_rows(lines[header.after : after], header))
    if not _is_sound(header):
        rows = [replace(row, is_lost=True) for row in rows]
    return [*header.lines, *Placer(header.headings, profile).place(rows, first_row=header.rows)], after


def _is_sound(header: _Header) -> bool:
    """Whether the header has lost no cell and doubled none: else each row below would be read one column off."""
    known = [(heading.column, heading.side) for heading in header.headings if heading.column is not None]
    width = len(header.headings)
    return len(known) == len(set(known)) and header.cells in (width, header.rows * width, header.filled)


def _belongs(lines: Sequence[Line], place: int, is_frame: Callable[[Line], bool]) -> bool:
    """Whether the line goes on with a table: it has a `|`, or it goes on with a cell that the line before left open."""
    if lines[place].cell is not None:
        return False
    if "|" in lines[place].text:
        return True
    is_open = not lines[place - 1].text.endswith("|") and not is_frame(lines[place])
    following = next((line for line in lines[place + 1 : place + 12] if "|" in line.text), None)
    return is_open and following is not None and not following.text.startswith("|")


def split_cells(line: Line, *, is_bordered: bool) -> list[Piece]:
    """The cells of a line: what stands before each `|`, and what stands behind the last one, if anything."""
    text = line.text.removeprefix("|") if is_bordered else line.text
    parts = text.split("|")
    if len(parts) > 1 and not parts[-1].strip():
        del parts[-1]
    return [Piece((_cut(line, part.strip()),)) if part.strip() else Piece(()) for part in parts]


def _cut(line: Line, words: str) -> Line:
    place = line.text.index(words)
    return Line(line.number, words, line.folded[place : place + len(words)], 0, None, line.trail)


def _read_header(lines: Sequence[Line], place: int, profile: Profile) -> _Header | None:
    is_bordered = lines[place].text.startswith("|")
    pieces = split_cells(lines[place], is_bordered=is_bordered)
    after = place + 1
    if len([piece for piece in pieces if piece.lines]) < _FEWEST_CELLS:
        following = lines[after : after + _LONGEST_HEADER]
        for more in _read_header_lines(following, pieces, profile, is_bordered=is_bordered):
            pieces += more
            after += 1
    headings = [_read(piece, profile) for piece in pieces]
    if not is_known(headings):
        return None
    if any(heading.side and heading.column == "path" for heading in headings) and after < len(lines):
        below = split_cells(lines[after], is_bordered=is_bordered)
        if all(_read(piece, profile).column in LEVELS for piece in below if piece.lines):
            pieces += below
            headings += [_read(piece, profile) for piece in below]
            after += 1
    while after < len(lines) and lines[after].text.strip("|-: ") == "" and "-" in lines[after].text:
        after += 1  # the rule below a header
    return _build_header(pieces, headings, after, is_bordered=is_bordered, is_closed=lines[place].text.endswith("|"))


def _read_header_lines(
    lines: Sequence[Line], first: Sequence[Piece], profile: Profile, *, is_bordered: bool
) -> list[list[Piece]]:
    """The cells of a header that has one on a line: up to the last line whose words name a column not yet named.

    Words that name none, 保证金, are a column's between two that are known; at the end they may be the first row's.
    """
    named = {(heading.column, heading.side) for piece in first if (heading := _read(piece, profile))}
    found: list[list[Piece]] = []
    whole = 0
    for line in lines:
        cells = split_cells(line, is_bordered=is_bordered) if "|" in line.text else []
        own = {(heading.column, heading.side) for piece in cells if piece.lines and (heading := _read(piece, profile))}
        is_unknown = (None, None) in own
        is_between = len(found) > whole
        if not cells or (is_between and (is_unknown or own & named)):
            break
        found.append(cells)
        if not is_unknown:
            whole = len(found)
            named |= own
    return found[:whole]


def _read(piece: Piece, profile: Profile) -> Heading:
    return read_heading(piece.text, piece.folded, profile)


def _build_header(
    pieces: list[Piece], headings: list[Heading], after: int, *, is_bordered: bool, is_closed: bool
) -> _Header:
    """One row of headings; or two, where groups 「迁出类目 | 迁入类目」 stand above 「一级类目 | 二级类目」 twice."""
    named = [(piece, heading) for piece, heading in zip(pieces, headings, strict=True) if piece.lines]
    split = next((at for at, (_, heading) in enumerate(named) if heading.column == "level1" and at), None)
    top, below = (named, []) if split is None else (named[:split], named[split:])
    groups = [heading for _, heading in top if heading.side and heading.column == "path"]
    starts = [at for at, (_, heading) in enumerate(below) if heading.column == "level1"]
    if not groups or len(groups) != len(starts):
        lines = [_put(line, 0, at, 1) for at, (piece, _) in enumerate(named) for line in piece.lines]
        headings = [heading for _, heading in named]
        return _Header(headings, lines, 1, after, is_bordered, is_closed, len(pieces), len(named))
    placed: list[Line] = []
    joined: list[Heading] = []
    for piece, heading in top:
        if not (heading.side and heading.column == "path"):
            placed += (_put(line, 0, len(joined), 1, rows=2) for line in piece.lines)
            joined.append(heading)
            continue
        start = starts.pop(0)
        members = below[start : starts[0] if starts else len(below)]
        placed += (_put(line, 0, len(joined), len(members)) for line in piece.lines)
        for member, member_heading in members:
            placed += (_put(line, 1, len(joined), 1) for line in member.lines)
            joined.append(join_headings(heading, member_heading))
    return _Header(joined, placed, 2, after, is_bordered, is_closed, len(pieces), len(named))


def _put(line: Line, row: int, column: int, columns: int, *, rows: int = 1) -> Line:
    return structs.replace(line, cell=Cell(0, row, column, rows, columns, header=True))


def _gather_rows(lines: Sequence[Line], header: _Header) -> Iterator[RawRow]:
    """The rows of the table: as many lines as together have the header's number of cells.

    Lines that do not add up to a row are rows of their own, as short as they are: only where each line has one cell
    does a row take several.
    """
    width = len(header.headings)
    waiting: list[list[Piece]] = []
    is_open = False
    for line in lines:
        cells = split_cells(line, is_bordered=header.is_bordered and not is_open)
        if waiting and (is_open or "|" not in line.text):
            last = waiting[-1]
            last[-1] = Piece((*last[-1].lines, *cells[0].lines))
            last += cells[1:]
        else:
            if waiting and _count(waiting) + len(cells) > width:
                yield from _flush(waiting)
                waiting = []
            waiting.append(cells)
        is_open = header.is_closed and not line.text.endswith("|")
        if _count(waiting) >= width and line.text.endswith("|"):
            yield from _flush(waiting)
            waiting = []
    for row in _flush(waiting):
        yield replace(row, is_lost=is_open)  # what stands behind the last cell is cut away


def _count(waiting: list[list[Piece]]) -> int:
    return sum(map(len, waiting))


def _flush(waiting: list[list[Piece]]) -> Iterator[RawRow]:
    """One row where the lines are the cells of one, or a row for each."""
    several = [cells for cells in waiting if len(cells) > 1 and any(piece.lines for piece in cells)]
    if len(several) > 1:
        yield from (RawRow(tuple(cells)) for cells in waiting)
    elif waiting:
        yield RawRow(tuple(piece for cells in waiting for piece in cells), is_joined=len(waiting) > 1)
