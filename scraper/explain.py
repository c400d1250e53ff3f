"""What each line of a page became, as the readers told the ledger: nothing is read a second time here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct

from scraper.page.lines import Line
from snapshots.notice import Problem

Block = Literal["requirement", "scope"]


class Role(Struct, frozen=True):
    """What words of a line became in a block of an entry; `depth` is that of the list that they stand in."""

    line: int
    text: str
    block: Block
    what: str
    depth: int = 0


class Part(Struct, frozen=True):
    """Words of a line and what they became; `block` None: the line stands outside the blocks of entries."""

    text: str
    what: str
    block: Block | None = None
    depth: int = 0


class ExplainedLine(Struct, frozen=True):
    """A line of the page: its parts in order, the entries that it belongs to, counted from 1, and its problems."""

    number: int
    parts: tuple[Part, ...]
    entries: tuple[int, ...]
    problems: tuple[Problem, ...]


def explain_lines(
    lines: Iterable[Line],
    *,
    places: Mapping[Line, str],
    roles: Iterable[Role],
    entries: Mapping[Line, Iterable[int]],
    problems: Iterable[Problem],
) -> tuple[ExplainedLine, ...]:
    """Each line with what became of it. A problem is told at the last run of its line that has its text."""
    runs: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        runs[line.number].append(line)
    told: dict[Line, list[Role]] = defaultdict(list)
    for role in dict.fromkeys(roles):
        told[_find_run(runs[role.line], role.text, role.block, places)].append(role)
    faults: dict[Line, list[Problem]] = defaultdict(list)
    for problem in problems:
        faults[_find_run(runs[problem.line], problem.text, None, places)].append(problem)
    return tuple(
        ExplainedLine(
            number=number,
            parts=tuple(_part_line(line, places[line], told[line])),
            entries=tuple(dict.fromkeys(entries[line])),
            problems=tuple(faults[line]),
        )
        for number, group in runs.items()
        for line in group
    )


def _find_run(group: list[Line], text: str, block: Block | None, places: Mapping[Line, str]) -> Line:
    """The run that the words stand in: a row of a Markdown table has a run for each cell, all with one number."""
    having = [line for line in group if text in line.text] or group
    return next((line for line in having if places[line] == block), having[0])


def _part_line(line: Line, place: str, roles: list[Role]) -> Iterable[Part]:
    """The parts of a line: 「適用范圍:適用于…」 is a heading and a scope, 「1、《A》 2、《B》」 two papers."""
    roles = sorted(roles, key=lambda role: max(line.text.find(role.text), 0))
    if not roles:
        yield Part(line.text, place)
        return
    first = max(line.text.find(roles[0].text), 0)
    if place != roles[0].block:
        yield Part(line.text[:first].strip() or line.text, place)
    for role in roles:
        whole = len(roles) == 1 and place == role.block
        yield Part(line.text if whole else role.text, role.what, role.block, role.depth)
