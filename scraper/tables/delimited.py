"""A catalogue as a spreadsheet's table is pasted or saved: a row on a line, its cells parted by tabs or commas.

A line break inside a cell makes the row go on on the next line, in quotes or without them. A row that does not come
to the header's number of cells is lost: nothing tells whether a cell above covers it or a line break has torn it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from scraper.page.lines import Line, make_line
from scraper.profile.profile import Column, Profile
from scraper.requirement.enumerators import read_enumerator
from scraper.tables.cell_kinds import LEVELS, find_kinds
from scraper.tables.rebuilt import RebuiltTable
from scraper.tables.tables import find_column
from snapshots.folding import fold_characters

_SIGNS = ("\t", ",")
_CLAUSE = re.compile(r"[,:]")
_FEWEST_COLUMNS = 2


@dataclass(frozen=True, slots=True)
class _Record:
    """The cells of a row, or the one text of a line that is none, each with the number of its first line."""

    number: int
    cells: tuple[str, ...]


def place_delimited_cells(text: str, lines: tuple[Line, ...], profile: Profile) -> tuple[Line, ...]:
    """The lines of a text page, those of its tables with their cells; all as they were where no header is found."""
    for sign in _SIGNS:
        if any(sign in line.text and _read_roles(line.text.split(sign), profile) for line in lines):
            return tuple(_place(list(_read_records(text, sign)), profile))
    return lines


def _read_roles(cells: Sequence[str], profile: Profile) -> list[Column]:
    """What the columns hold, where the cells are those of a header; empty where they are not."""
    roles = [role for cell in cells if (role := find_column(make_line(0, cell.strip()), profile))]
    is_header = len(roles) == len(cells) >= _FEWEST_COLUMNS and {"level1", "level2"} & set(roles)
    return roles if is_header else []


def _read_records(text: str, sign: str) -> Iterator[_Record]:
    reader = csv.reader([f"{line}\n" for line in text.split("\n")], delimiter=sign)
    number = 1
    for cells in reader:
        if any(cells):
            yield _Record(number, tuple(cell.strip() for cell in cells))
        number = reader.line_num + 1


def _place(records: list[_Record], profile: Profile) -> Iterator[Line]:
    """The lines of the records; a header opens a table, which ends before the headings over the next one."""
    headers = [place for place, record in enumerate(records) if _read_roles(record.cells, profile)]
    starts = [*headers, len(records)]
    yield from _make_plain(records[: starts[0]])
    for number, (start, following) in enumerate(pairwise(starts)):
        end = following
        if following < len(records):
            end -= end > start + 1 and _is_name(records[end - 1])
            while (
                end > start + 1
                and profile.catalogue
                and profile.catalogue.opens_list(fold_characters(records[end - 1].cells[0]))
            ):
                end -= 1
        rows = list(_join_records(records[start:end]))
        yield from _place_table(number, rows, profile)
        yield from _make_plain(records[end:following])


def _join_records(records: Sequence[_Record]) -> Iterator[_Record]:
    """The rows: a row whose last cell goes on on the next line is joined to that, up to the width of the header."""
    header, *rest = records
    yield header
    open_row: _Record | None = None
    for record in rest:
        first, *others = record.cells
        if open_row is not None and _goes_on(first) and len(open_row.cells) + len(others) <= len(header.cells):
            *before, last = open_row.cells
            open_row = _Record(open_row.number, (*before, f"{last}\n{first}", *others))
        else:
            if open_row is not None:
                yield open_row
            open_row = record
    if open_row is not None:
        yield open_row


def _place_table(number: int, rows: Sequence[_Record], profile: Profile) -> Iterator[Line]:
    header, *body = rows
    width = len(header.cells)
    names = [make_line(header.number, cell) for cell in header.cells]
    table = RebuiltTable(number, names, _read_roles(header.cells, profile), profile)
    for row in body:
        cells = [_split_cell(row.number, cell) for cell in row.cells]
        if len(cells) < width or any(cells[width:]):
            table.lose_row(cells)
        else:
            table.read_row(cells[:width])
    yield from table.list_lines()


def _split_cell(number: int, cell: str) -> list[Line]:
    return [make_line(number, words.strip()) for words in cell.split("\n") if words.strip()]


def _make_plain(records: Sequence[_Record]) -> Iterator[Line]:
    for record in records:
        yield make_line(record.number, " ".join(filter(None, record.cells)))


def _is_name(record: _Record) -> bool:
    words = record.cells[0]
    return len(record.cells) == 1 and words != "/" and bool(LEVELS & find_kinds(fold_characters(words)))


def _goes_on(words: str) -> bool:
    """Whether a line may be the next one of a cell: no name begins it, and no scope but a numbered one."""
    folded = fold_characters(words)
    kinds = find_kinds(folded)
    if kinds == {"scope"} or not folded:
        return read_enumerator(folded) is not None
    return not LEVELS & kinds or _CLAUSE.search(folded) is not None
