"""The lines of a requirement block to a tree, the way to apply and the notes.

block    := item* application* [marker-line] item* note*        scraper.requirement.item_lists says how the items nest
"""

from __future__ import annotations

import re
from itertools import pairwise

from msgspec import Struct

from scraper.explain import Role
from scraper.page.lines import Line
from scraper.requirement.enumerators import find_inline_items, read_enumerator
from scraper.requirement.item_lists import ListProblem, ListReader
from scraper.requirement.list_roles import ListPart, explain_list
from scraper.requirement.markers import Marker, find_marker
from scraper.requirement.note_runs import Part, find_inner_note, read_note
from scraper.requirement.papers import paper_titles
from scraper.requirement.trees import TreeBuilder, asks_for_all
from snapshots.category import PaperMention
from snapshots.folding import fold_characters
from snapshots.notice import Problem
from snapshots.requirement import Requirement, iterate_leaves

_APPLICATION = re.compile(r"内测阶段|暂不支持线上申请|发送(?:至|到)?邮箱|申请邮件|邮件必须附上|标题格式为")
_OVER = re.compile(
    r"(?:(?<![未没有])(?:结束|完成|退出|取消|终止)|不再|无需|不属于|不处于)[^,。;]{0,6}$|非(?:处于|属于)?$"
)
_OVER_BEHIND = re.compile(r"(?:阶段|期)?(?:现)?(?:均)?已(?:结束|完成|终止)")
_LEAD_IN = re.compile(r"必须附上[^:]{0,200}?:|(?:附上|提供)以下[^:]{0,20}(?:资料|材料|资质)[^:]{0,12}:")
_LEADS = re.compile(r"(?:必须附上|附上以下|提供以下)[^:]{0,60}:\s*$")
_SCOPE = re.compile(r"(?:^|.*[》)。;证件书照明])\s*(?P<scope>仅?适用于)")
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
        kept = set(rest)
        applied = [line for line in lines if line not in kept]
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
    builder.problems += [
        ListProblem(
            line.number, "empty-list", "these words lead to papers, and more of how to apply follows", line.text
        )
        for line in lines
        if line.text in application[:-1] and _LEADS.search(line.folded)
    ]
    titles = tuple(
        PaperMention(title=title, text=leaf.text)
        for leaf in iterate_leaves(requirement)
        for title in paper_titles(leaf.text)
    )
    spoken = (*application, *(note for note in reader.notes if _APPLICATION.search(fold_characters(note))))
    return RequirementReading(
        requirement=requirement,
        application=application,
        notes=tuple(reader.notes),
        papers=titles,
        closed_beta=any(_says_beta(fold_characters(words)) for words in spoken),
        emails=find_emails(application),
        problems=_build_problems([*reader.problems, *builder.problems], rest, lines),
    )


def _build_problems(found: list[ListProblem], rest: list[Line], lines: list[Line]) -> tuple[Problem, ...]:
    """The problems in the order of the lines; a list without a line of its own is named by the block's first."""
    message = "the line says what a category is for; a block's heading may be lost"
    found += [
        ListProblem(line.number, "scope-in-requirement", message, line.text[match.start("scope") : match.end()])
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


def _says_beta(folded: str) -> bool:
    """Whether the words say that the category is in closed beta; 「已结束内测阶段」 says that it no longer is."""
    return any(
        _OVER.search(folded, 0, match.start()) is None and _OVER_BEHIND.match(folded, match.end()) is None
        for match in re.finditer("内测", folded)
    )


def _split_application(lines: list[Line]) -> tuple[tuple[str, ...], list[Line], tuple[Marker, str] | None]:
    """The lines that say how to apply, what is left of the block, and the marker that the lead-in ends with.

    They begin at the first line that says so: papers above 「申请材料请发送至邮箱…」 are asked for all the same, and so
    is an item between two such lines.
    """
    places = _find_application(lines)
    if not places:
        return (), lines, None
    last = places[-1]
    application = [lines[place].text for place in places]
    before = [lines[place] for place in range(last) if place not in places]
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
    return (
        tuple(application),
        [*before, *rest],
        (marker, application[-1][marker.start : marker.stop]) if marker else None,
    )


def _find_application(lines: list[Line]) -> list[int]:
    """The places of the lines that say how to apply; a note that tells of it stays a note."""
    if not any(_APPLICATION.search(line.folded) for line in lines):
        return []
    said: list[int] = []
    in_notes = False
    for place, line in enumerate(lines):
        numbered = read_enumerator(line.folded) is not None
        in_notes = read_note(line.folded) is not None or (in_notes and numbered)
        if not in_notes and (_APPLICATION.search(line.folded) or (said and _LEAD_IN.search(line.folded))):
            said.append(place)
    return (
        [
            place
            for place in range(said[0], said[-1] + 1)
            if place in said or not (_is_asked(lines[place].folded) or read_note(lines[place].folded) is not None)
        ]
        if said
        else []
    )


def _is_asked(folded: str) -> bool:
    """Whether a line between two that say how to apply is an item of what is asked for."""
    return "《" in folded or read_enumerator(folded) is not None or find_marker(folded) is not None


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
    if (inner := find_inner_note(folded)) is not None:
        borders.append(inner)
    if (note := read_note(folded)) is not None and _begins_list(folded, note):
        borders.append(note)
    return borders


def _begins_list(folded: str, place: int) -> bool:
    sign = read_enumerator(folded[place : place + 24].lstrip())
    return sign is not None and sign.number == 1
