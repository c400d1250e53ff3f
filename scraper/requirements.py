"""The lines of a requirement block to a tree, the way to apply and the notes.

block    := application* [marker-line] item* note*        scraper.item_lists says how the items nest
"""

from __future__ import annotations

import re
from itertools import pairwise

from msgspec import Struct

from scraper.enumerators import find_inline_items, read_enumerator
from scraper.explain import Role
from scraper.item_lists import ListProblem, ListReader
from scraper.lines import Line
from scraper.list_roles import ListPart, explain_list
from scraper.markers import Marker, find_marker
from scraper.note_runs import Part, read_note
from scraper.papers import paper_titles
from scraper.trees import TreeBuilder, asks_for_all
from snapshots.category import PaperMention
from snapshots.folding import fold_characters
from snapshots.notice import Problem
from snapshots.requirement import Requirement, iterate_leaves

_APPLICATION = re.compile(r"内测阶段|暂不支持线上申请|发送(?:至|到)?邮箱|申请邮件|邮件必须附上|标题格式为")
_LEAD_IN = re.compile(r"必须附上[^:]{0,200}?:|(?:附上|提供)以下[^:]{0,20}(?:资料|材料|资质)[^:]{0,12}:")
_SCOPE = re.compile(r"仅?适用于")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,64}(?:\.[A-Za-z0-9-]{1,64})+")


class RequirementReading(Struct, frozen=True, kw_only=True):
    """What a requirement block says; `notes` are the texts of its notes, in page order."""

    requirement: Requirement | None
    application: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    papers: tuple[PaperMention, ...] = ()
    closed_beta: bool = False
    emails: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def parse_requirement(lines: list[Line], roles: list[Role] | None = None) -> RequirementReading:
    """The tree, the way to apply and the notes that the lines of a requirement block state.

    `roles` gathers what became of each line.
    """
    application, rest, lead = _split_application(lines)
    reader = ListReader(lead)
    parts = _split_lines(rest)
    reader.read(parts)
    if roles is not None:
        applied = lines[: len(lines) - len(rest)] if application else []
        roles += [Role(line.number, line.text, "requirement", "to apply") for line in applied]
        explained = [ListPart(part.line, part.text, _read_sign(part)) for part in parts]
        roles += explain_list(explained, reader.root, reader.notes, TreeBuilder(lead_asks_all=False).build)
    builder = TreeBuilder(lead_asks_all=bool(application) and asks_for_all(fold_characters(application[-1])))
    requirement = None
    if reader.root.children:
        requirement = builder.build(reader.root)
    elif reader.root.marker is not None:
        message = f"{reader.root.shown} announces a list here and no item follows"
        shown = reader.root.shown
        builder.problems.append(ListProblem(reader.root.line, "empty-list", message, shown))
    titles = tuple(
        PaperMention(title=title, text=leaf.text)
        for leaf in iterate_leaves(requirement)
        for title in paper_titles(leaf.text)
    )
    spoken = " ".join(fold_characters(line) for line in application)
    return RequirementReading(
        requirement=requirement,
        application=application,
        notes=tuple(reader.notes),
        papers=titles,
        closed_beta="内测" in spoken,
        emails=find_emails(application),
        problems=_build_problems([*reader.problems, *builder.problems], rest, lines),
    )


def _build_problems(found: list[ListProblem], rest: list[Line], lines: list[Line]) -> tuple[Problem, ...]:
    """The problems in the order of the lines; a list without a line of its own is named by the block's first."""
    message = "the line says what a category is for; a block's heading may be lost"
    found += [
        ListProblem(line.number, "scope-in-requirement", message, line.text[: match.end()])
        for line in rest
        if (match := _SCOPE.match(line.folded))
    ]
    texts = {line.number: line.text for line in reversed(lines)}
    problems = [_build_problem(problem, texts, lines[0].number) for problem in found]
    return tuple(sorted(problems, key=lambda problem: problem.line))


def _build_problem(found: ListProblem, texts: dict[int, str], first: int) -> Problem:
    number = found.line or first
    start = texts[number].find(found.words) if found.words else -1
    place = {} if start < 0 else {"start": start, "end": start + len(found.words)}
    return Problem(line=number, text=texts[number], code=found.code, message=found.message, **place)


def _read_sign(part: Part) -> str:
    return part.text[: part.enumerator.end].strip() if part.enumerator else ""


def find_emails(texts: tuple[str, ...]) -> tuple[str, ...]:
    """The e-mail addresses in the texts, in order, each once."""
    return tuple(dict.fromkeys(match for text in texts if "@" in text for match in _EMAIL.findall(text)))


def _split_application(lines: list[Line]) -> tuple[tuple[str, ...], list[Line], tuple[Marker, str] | None]:
    """The lines that say how to apply, what is left of the block, and the marker that the lead-in ends with."""
    last = -1
    for index, line in enumerate(lines):
        if _APPLICATION.search(line.folded) or (last >= 0 and _LEAD_IN.search(line.folded)):
            last = index
    if last < 0:
        return (), lines, None
    application = [line.text for line in lines[: last + 1]]
    rest = lines[last + 1 :]
    final = lines[last]
    lead_in = None
    for match in _LEAD_IN.finditer(final.folded):
        lead_in = match
    if lead_in is not None and final.folded[lead_in.end() :].strip():
        words = final.text[lead_in.end() :].strip()
        application[-1] = final.text[: lead_in.end()]
        rest = [Line(number=final.number, text=words, folded=fold_characters(words)), *rest]
    marker = find_marker(fold_characters(application[-1])) if lead_in is not None else None
    return tuple(application), rest, (marker, application[-1][marker.start : marker.stop]) if marker else None


def _split_lines(lines: list[Line]) -> list[Part]:
    """The lines as parts: items that a copy has put on one line are parted, a note from its first item too."""
    parts: list[Part] = []
    for line in lines:
        borders = sorted({0, *_find_borders(line.folded), len(line.text)})
        for start, end in pairwise(borders):
            words = line.text[start:end].strip()
            folded = line.folded[start:end].strip()
            if words:
                parts.append(Part(line.number, words, folded, read_enumerator(folded), read_note(folded)))
    return parts


def _find_borders(folded: str) -> list[int]:
    """Where the parts of a line begin: 「(2選1): 一、慈善組織提供:」, 「注:1、须盖章」."""
    borders = find_inline_items(folded)
    if (head := find_marker(folded)) is not None and _begins_list(folded, head.end):
        borders.append(head.end)
    if (note := read_note(folded)) is not None and _begins_list(folded, note):
        borders.append(note)
    return borders


def _begins_list(folded: str, place: int) -> bool:
    sign = read_enumerator(folded[place : place + 24].lstrip())
    return sign is not None and sign.number == 1
