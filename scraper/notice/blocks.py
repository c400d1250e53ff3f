"""What the blocks of one entry say, remembered: a catalogue of today is nearly that of last month.

What they say follows from the words of their lines and from whether these stand in a cell, and from nothing else. It
is read from lines that are numbered from 1, and what is found at a line is then put at the line of the page.
"""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct, structs

from scraper.explain import Role
from scraper.notice.periods import find_own_dates
from scraper.page.lines import Line
from scraper.requirement.limits import find_regions, find_unsupported
from scraper.requirement.readings import Content, list_content, make_lines, place_problems, read_requirement, read_scope
from scraper.requirement.references import find_references
from scraper.requirement.requirements import find_emails
from scraper.requirement.scopes import make_notes, parse_remarks
from scraper.requirement.unpaired import find_unpaired
from snapshots.category import Note, PaperMention, Reference
from snapshots.notice import Problem
from snapshots.period import StatedDate
from snapshots.requirement import Requirement

_BROKEN = re.compile(r"(?<![。;])\n")
"""A line break in mid-sentence may stand in a name: 「希 / 腊企业主体」."""
_REMEMBERED = 4096  # entries: some catalogues, some 10 MB


class Blocks(Struct, frozen=True):
    """The lines of an entry's requirement, scope and remarks."""

    requirement: list[Line]
    scope: list[Line]
    remarks: list[Line]


class BlocksReading(Struct, frozen=True, kw_only=True):
    """What the blocks of an entry say.

    `problems` are those of the words, `torn` those of brackets without a counterpart; `doubts` are the codes of the
    problems of the requirement; `strangers` are the lines that have no place in the blocks.
    """

    requirement: Requirement | None
    application: tuple[str, ...]
    scope: str | None
    notes: tuple[Note, ...]
    references: tuple[Reference, ...]
    papers: tuple[PaperMention, ...]
    unsupported: tuple[str, ...]
    dates: tuple[StatedDate, ...]
    closed_beta: bool
    emails: tuple[str, ...]
    regions: tuple[str, ...]
    doubts: tuple[str, ...]
    problems: tuple[Problem, ...]
    torn: tuple[Problem, ...]
    strangers: tuple[Line, ...]


def read_blocks(blocks: Blocks, places: tuple[str, ...], roles: list[Role] | None = None) -> BlocksReading:
    """What the blocks say, at the lines of the page; `places` are the names of regions that the profile knows.

    `roles` gathers what became of each line: then the blocks are read anew.
    """
    if roles is not None:
        return _read_lines(blocks, places, roles)
    contents = list_content(blocks.requirement), list_content(blocks.scope), list_content(blocks.remarks)
    reading = _read_contents(*contents, places)
    if not reading.problems and not reading.torn and not reading.strangers:
        return reading
    lines = (*blocks.requirement, *blocks.scope, *blocks.remarks)
    return structs.replace(
        reading,
        problems=place_problems(reading.problems, lines),
        torn=place_problems(reading.torn, lines),
        strangers=tuple(lines[stranger.number - 1] for stranger in reading.strangers),
    )


def find_torn(lines: list[Line]) -> dict[Line, Problem]:
    """A problem for each line with a bracket that has no counterpart."""
    found: dict[Line, Problem] = {}
    for line, start in find_unpaired(lines):
        message = f"{line.text[start]} has no counterpart; a name or a paper may be torn"
        place = {"start": start, "end": start + 1}
        found[line] = Problem(line=line.number, text=line.text, code="unpaired-bracket", message=message, **place)
    return found


@lru_cache(_REMEMBERED)
def _read_contents(requirement: Content, scope: Content, remarks: Content, places: tuple[str, ...]) -> BlocksReading:
    first, second = len(requirement) + 1, len(requirement) + len(scope) + 1
    blocks = Blocks(make_lines(requirement), make_lines(scope, first), make_lines(remarks, second))
    return _read_lines(blocks, places, None)


def _read_lines(blocks: Blocks, places: tuple[str, ...], roles: list[Role] | None) -> BlocksReading:
    requirement = read_requirement(blocks.requirement, roles)
    scope = read_scope(blocks.scope, roles)
    remarks = parse_remarks(blocks.remarks)
    # What to write in an e-mail often has half of a bracket.
    asked = find_torn([line for line in blocks.requirement if line.text not in requirement.application])
    torn = (*asked.values(), *find_torn(blocks.scope).values(), *find_torn(blocks.remarks).values())
    # A round bracket that is lost tears no name and no paper.
    doubts = [problem for problem in asked.values() if problem.text[problem.start or 0] not in "()（）"]
    scope_notes = (*scope.notes, *remarks.notes)
    scope_texts = [text for text in (scope.scope, *scope_notes) if text]
    notes = (*make_notes(requirement.notes, "requirement"), *make_notes(scope_notes, "scope"))
    return BlocksReading(
        requirement=requirement.requirement,
        application=requirement.application,
        scope=scope.scope,
        notes=notes,
        references=(
            *(reference for note in requirement.notes for reference in find_references(note, "requirement")),
            *(reference for text in scope_texts for reference in find_references(text, "scope")),
        ),
        papers=requirement.papers,
        unsupported=find_unsupported([*requirement.notes, *scope_texts]),
        dates=find_own_dates("\n".join((scope.scope or "", *(note.text for note in notes)))),
        closed_beta=requirement.closed_beta,
        emails=tuple(dict.fromkeys((*requirement.emails, *find_emails(tuple(note.text for note in notes))))),
        regions=find_regions(_BROKEN.sub("", scope.scope or ""), places),
        doubts=tuple(dict.fromkeys(problem.code for problem in (*requirement.problems, *doubts))),
        problems=(*requirement.problems, *scope.problems, *remarks.problems),
        torn=torn,
        strangers=(*scope.strangers, *remarks.strangers),
    )
