"""A table that was pasted as plain text, one cell below the other, as rows and columns again.

    收件/派件          a name, or an empty line where the cell above goes on
    /                 no third level
    (3选1):           a requirement may take several lines, with an empty one before and behind
    1、…
    适用于…            so may the scope
    /                 no remark

How such lines are cut into rows, scraper.tables.cuts finds out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from scraper.page.lines import Line
from scraper.profile.profile import Column, Profile
from scraper.tables.cell_kinds import BLOCKS, LEVELS, find_kinds
from scraper.tables.cuts import find_cuts
from scraper.tables.rebuilt import RebuiltTable
from scraper.tables.tables import find_column

_FEWEST_COLUMNS = 2


def place_pasted_cells(lines: tuple[Line, ...], profile: Profile) -> tuple[Line, ...]:
    """The lines of a text page, those of its tables with their cells; all as they were where no header is found."""
    headers = list(_find_headers(lines, profile))
    longest = max(map(len, headers), default=0)
    if not headers or any(line.cell is not None for line in lines):
        return lines
    placed = list(lines[: headers[0].start])
    bounds = [*(_find_end(lines, before.stop, after.start, profile) for before, after in pairwise(headers))]
    bounds.append(_find_tail(lines, headers[-1].stop, profile))
    for number, (header, end) in enumerate(zip(headers, bounds, strict=True)):
        names = lines[header.start : header.stop]
        roles = [role for line in names if (role := find_column(line, profile))]
        last = lines[end].number if end < len(lines) else lines[-1].number + 1
        body = _build_body(lines[header.stop : end], names[-1].number + 1, last)
        table = RebuiltTable(number, names, roles, profile)
        # The tables of one page have the same columns: a shorter header has lost a line, and with it all its rows.
        _read_rows(table, roles, body, profile, is_whole=len(roles) == longest)
        placed += table.list_lines()
        placed += lines[end : headers[number + 1].start if number + 1 < len(headers) else len(lines)]
    return tuple(placed)


@dataclass(frozen=True, slots=True)
class _Body:
    """The lines below a header, and the words of each of the file's lines there; where one is missing it is empty."""

    first: int
    by_number: dict[int, Line]
    words: tuple[str, ...]

    def lines_in(self, start: int, stop: int) -> list[Line]:
        """The lines between two places."""
        numbers = range(self.first + start, self.first + stop)
        return [self.by_number[number] for number in numbers if number in self.by_number]


def _build_body(lines: Sequence[Line], first: int, last: int) -> _Body:
    by_number = {line.number: line for line in lines}
    words = tuple(by_number[number].folded if number in by_number else "" for number in range(first, last))
    return _Body(first, by_number, words)


def _find_headers(lines: tuple[Line, ...], profile: Profile) -> Iterator[range]:
    """The lines that are headers of tables: the words of columns, one below the other.

    One of them must hold texts: where all cells are names, nothing tells one row from another.
    """
    start = 0
    while start < len(lines):
        roles: list[Column] = []
        for place in range(start, len(lines)):
            role = find_column(lines[place], profile)
            if role is None or role in roles:
                break
            roles.append(role)
        if len(roles) >= _FEWEST_COLUMNS and {"level1", "level2"} & set(roles) and BLOCKS & set(roles):
            yield range(start, start + len(roles))
        start += max(1, len(roles))


def _find_end(lines: tuple[Line, ...], start: int, header: int, profile: Profile) -> int:
    """Where a table ends: before the name of level 1, and the title of an entity type, that stand over the next."""
    end = header
    words = profile.catalogue
    if end > start and _is_name(lines[end - 1].folded):
        end -= 1
    while words is not None and end > start and words.opens_list(lines[end - 1].folded):
        end -= 1
    return end


def _find_tail(lines: tuple[Line, ...], start: int, profile: Profile) -> int:
    """Where the last table ends: before the lines at the page's end that belong to the site."""
    end = len(lines)
    while end > start and profile.chrome_sign.is_in(lines[end - 1].folded):
        end -= 1
    return end


def _is_name(words: str) -> bool:
    return words != "/" and bool(LEVELS & find_kinds(words))


def _read_rows(table: RebuiltTable, roles: Sequence[Column], body: _Body, profile: Profile, *, is_whole: bool) -> None:
    """Read the rows of a table; what is no row for sure is lost."""
    cuts = list(find_cuts(body.words, roles))
    for place, cut in enumerate(cuts):
        cells = [body.lines_in(*cell) for cell in pairwise(cut.borders)]
        lines = [line for cell in cells for line in cell]
        # Among the lines that are no row the words of a column are what is left of the header of another table.
        is_whole = is_whole and (cut.is_row or not any(find_column(line, profile) for line in lines))
        # A row before such lines may have taken its last one from them.
        following = cuts[place + 1] if place + 1 < len(cuts) else None
        is_torn = following is not None and not following.is_row and bool(body.lines_in(*following.borders))
        if not lines:
            table.forget_above()
        elif cut.is_row and is_whole and not is_torn and not _has_name_for_text(cells, roles):
            table.read_row(cells)
        else:
            table.lose_row(cells)


def _has_name_for_text(cells: Sequence[Sequence[Line]], roles: Sequence[Column]) -> bool:
    """Whether a requirement begins with what may be a name, above a line that may begin it as well.

    「拖车 / 寄件 / 收件 / 《…》」, where the empty lines of the row of 拖车 are lost: 收件 is a name of the next row.
    """
    for cell, role in zip(cells, roles, strict=True):
        if role == "requirement" and len(cell) > 1 and _is_name(cell[0].folded):
            return not _is_name(cell[1].folded)
    return False
