"""The readings of blocks, remembered: catalogues of many days state the same requirements in the same words.

A reading follows from the words of the block's lines and from whether they stand in a cell, and from nothing else: it
is made for lines that are numbered from 1, and then put at the lines of the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from msgspec import structs

from scraper.explain import Role
from scraper.page.lines import Cell, Line
from scraper.requirement.requirements import RequirementReading, parse_requirement
from scraper.requirement.scopes import ScopeReading, parse_scope
from snapshots.notice import Problem

_REMEMBERED = 4096  # blocks of each kind: some catalogues, a few MB
_SOME_CELL = Cell(table=0, row=0, column=0, rows=1, columns=1, header=False)

_Content = tuple[tuple[str, str, bool], ...]


def read_requirement(lines: list[Line], roles: list[Role] | None = None) -> RequirementReading:
    """What a requirement block says, with its problems at the lines of the page.

    `roles` gathers what became of each line: then the block is read anew.
    """
    if roles is not None:
        return parse_requirement(lines, roles)
    reading = _read_requirement(_content_of(lines))
    return structs.replace(reading, problems=_place(reading.problems, lines)) if reading.problems else reading


def read_scope(lines: list[Line], roles: list[Role] | None = None) -> ScopeReading:
    """What a scope block says, with its problems and its strangers at the lines of the page; `roles` as above."""
    if roles is not None:
        return parse_scope(lines, roles)
    reading = _read_scope(_content_of(lines))
    if not reading.problems and not reading.strangers:
        return reading
    strangers = tuple(lines[stranger.number - 1] for stranger in reading.strangers)
    return structs.replace(reading, problems=_place(reading.problems, lines), strangers=strangers)


@lru_cache(_REMEMBERED)
def _read_requirement(content: _Content) -> RequirementReading:
    return parse_requirement(_make_lines(content))


@lru_cache(_REMEMBERED)
def _read_scope(content: _Content) -> ScopeReading:
    return parse_scope(_make_lines(content))


def _content_of(lines: Sequence[Line]) -> _Content:
    return tuple([(line.text, line.folded, line.cell is not None) for line in lines])


def _make_lines(content: _Content) -> list[Line]:
    return [
        Line(number, text, folded, cell=_SOME_CELL if in_cell else None)
        for number, (text, folded, in_cell) in enumerate(content, start=1)
    ]


def _place(problems: tuple[Problem, ...], lines: Sequence[Line]) -> tuple[Problem, ...]:
    return tuple(structs.replace(problem, line=lines[problem.line - 1].number) for problem in problems)
