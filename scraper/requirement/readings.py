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

Content = tuple[tuple[str, str, bool], ...]
"""Of each line of a block its words, the same folded, and whether it stands in a cell."""


def read_requirement(lines: list[Line], roles: list[Role] | None = None) -> RequirementReading:
    """What a requirement block says, with its problems at the lines of the page.

    `roles` gathers what became of each line: then the block is read anew.
    """
    if roles is not None:
        return parse_requirement(lines, roles)
    reading = _read_requirement(list_content(lines))
    return structs.replace(reading, problems=place_problems(reading.problems, lines)) if reading.problems else reading


def read_scope(lines: list[Line], roles: list[Role] | None = None) -> ScopeReading:
    """What a scope block says, with its problems and its strangers at the lines of the page; `roles` as above."""
    if roles is not None:
        return parse_scope(lines, roles)
    reading = _read_scope(list_content(lines))
    if not reading.problems and not reading.strangers:
        return reading
    strangers = tuple(lines[stranger.number - 1] for stranger in reading.strangers)
    return structs.replace(reading, problems=place_problems(reading.problems, lines), strangers=strangers)


def list_content(lines: Sequence[Line]) -> Content:
    """All of the lines that their reading follows from."""
    return tuple([(line.text, line.folded, line.cell is not None) for line in lines])


def make_lines(content: Content, first: int = 1) -> list[Line]:
    """Lines of that content, numbered from `first`."""
    return [
        Line(number, text, folded, cell=_SOME_CELL if in_cell else None)
        for number, (text, folded, in_cell) in enumerate(content, start=first)
    ]


def place_problems(problems: tuple[Problem, ...], lines: Sequence[Line]) -> tuple[Problem, ...]:
    """The problems of made lines at the lines that these were made of; the first of them is number 1."""
    return tuple(structs.replace(problem, line=lines[problem.line - 1].number) for problem in problems)


@lru_cache(_REMEMBERED)
def _read_requirement(content: Content) -> RequirementReading:
    return parse_requirement(make_lines(content))


@lru_cache(_REMEMBERED)
def _read_scope(content: Content) -> ScopeReading:
    return parse_scope(make_lines(content))
