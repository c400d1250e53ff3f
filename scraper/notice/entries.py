"""The lines of one entry's blocks to a notice entry: shared by every layout."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from scraper.explain import Role
from scraper.ledger import Ledger
from scraper.notice.blocks import Blocks, find_torn, read_blocks
from scraper.page.lines import Line
from scraper.profile.profile import Profile
from scraper.requirement.readings import read_requirement, read_scope
from scraper.requirement.scopes import make_notes
from snapshots.category import Attribute, CategoryPath, EntityType, Reference, category_key
from snapshots.folding import fold_characters
from snapshots.notice import Action, Before, Extent, NoticeEntry, Problem
from snapshots.period import StatedDate

_BRACKET = re.compile(r"[《》【】()]")

Block = Literal["requirement", "scope"]


@dataclass(slots=True)
class EntryDraft:
    """An entry while its lines are gathered; a block that the page does not have stays None."""

    action: Action
    entity_type: EntityType | None
    path: CategoryPath
    first: int
    last: int
    requirement: list[Line] | None = None
    scope: list[Line] | None = None
    remarks: list[Line] = field(default_factory=list)
    targets: tuple[CategoryPath, ...] = ()
    extent: Extent | None = None
    condition: str | None = None
    dates: tuple[StatedDate, ...] = ()
    before_requirement: list[Line] | None = None
    before_scope: list[Line] | None = None
    attributes: tuple[Attribute, ...] = ()
    opening: tuple[Line, ...] = ()  # the line or the cells that name it
    headings: list[tuple[Line, list[Line]]] = field(default_factory=list)  # of its blocks, with what stands below

    def find_block(self, block: Block, *, is_before: bool) -> list[Line] | None:
        """The lines of a block, of the earlier state or of the new one, where the page has it."""
        match block, is_before:
            case "requirement", False:
                return self.requirement
            case "requirement", True:
                return self.before_requirement
            case "scope", False:
                return self.scope
            case _:
                return self.before_scope

    def open_block(self, block: Block, lines: list[Line], *, is_before: bool) -> None:
        """Give the draft a block, whose lines will follow."""
        match block, is_before:
            case "requirement", False:
                self.requirement = lines
            case "requirement", True:
                self.before_requirement = lines
            case "scope", False:
                self.scope = lines
            case _:
                self.before_scope = lines


def build_entry(draft: EntryDraft, profile: Profile, ledger: Ledger) -> NoticeEntry:
    """The entry that the gathered lines state; every line is claimed, strangers as problems."""
    draft.requirement = _state_block(draft.requirement, profile, ledger)
    draft.scope = _state_block(draft.scope, profile, ledger)
    blocks = Blocks(draft.requirement or [], draft.scope or [], draft.remarks)
    reading = read_blocks(blocks, profile.places.get("names", ()), ledger.roles)
    for problem in reading.problems:
        ledger.add(problem)
    _check_entity_type(draft, reading.regions, profile, ledger)
    for problem in (*_find_torn_names(draft, blocks), *reading.torn):
        ledger.add(problem)
    for heading, below in draft.headings:
        if not below:
            ledger.report(heading, "empty-block", "nothing stands below this heading")
    for stranger in reading.strangers:
        ledger.report(stranger, "unexpected-line", "the line belongs to no part of the entry above it")
    for block, lines in (("requirement", blocks.requirement), ("scope", blocks.scope), ("remark", blocks.remarks)):
        for line in lines:
            ledger.claim(line, block)
    if ledger.roles is not None:
        ledger.begin_entry(_list_lines(draft))
        ledger.roles += _explain_references(reading.references, draft)
    return NoticeEntry(
        action=draft.action,
        entity_type=draft.entity_type,
        path=draft.path,
        key=category_key(profile.platform, draft.entity_type, draft.path),
        targets=draft.targets,
        extent=draft.extent,
        condition=draft.condition,
        requirement=reading.requirement,
        application=reading.application,
        scope=reading.scope,
        notes=reading.notes,
        references=reading.references,
        papers=reading.papers,
        unsupported=reading.unsupported,
        attributes=draft.attributes,
        dates=_choose_dates(draft.dates, reading.dates),
        closed_beta=reading.closed_beta,
        emails=reading.emails,
        regions=reading.regions,
        before=_build_before(draft, ledger),
        doubts=reading.doubts,
        lines=(draft.first, draft.last),
    )


def _check_entity_type(draft: EntryDraft, regions: tuple[str, ...], profile: Profile, ledger: Ledger) -> None:
    """Tell of an entry whose applicants are abroad, and which stands below another heading than theirs.

    「仅适用于日本企业主体」 among those of 非个人主体 is what is left when the heading 境外主体 is lost.
    """
    home = profile.places.get("home", ())
    abroad = [region for region in regions if fold_characters(region) not in home]
    line = next((line for line in draft.scope or () if abroad and abroad[0] in line.text), None)
    if line is None or draft.entity_type in ("overseas", None) or "overseas" not in profile.entity_types:
        return
    start = line.text.index(abroad[0])
    message = "applicants from abroad below a heading that is not theirs; theirs may be lost"
    place = {"start": start, "end": start + len(abroad[0])}
    ledger.add(Problem(line=line.number, text=line.text, code="other-entity-type", message=message, **place))


def _find_torn_names(draft: EntryDraft, blocks: Blocks) -> Iterable[Problem]:
    """A problem for each line that names the entry and has a bracket without a counterpart."""
    if not any(_BRACKET.search(line.folded) for line in draft.opening):
        return ()
    known = {*blocks.requirement, *blocks.scope, *blocks.remarks}
    return find_torn([line for line in draft.opening if line not in known]).values()


def _list_lines(draft: EntryDraft) -> list[Line]:
    """The lines that the entry stands on."""
    headings = [heading for heading, _ in draft.headings]
    earlier = (*(draft.before_requirement or ()), *(draft.before_scope or ()))
    return [*draft.opening, *headings, *(draft.requirement or ()), *(draft.scope or ()), *draft.remarks, *earlier]


def _state_block(lines: list[Line] | None, profile: Profile, ledger: Ledger) -> list[Line] | None:
    """The lines of a block; None where it says no more than that nothing changes: 「无变化」 is no paper."""
    if lines is None or len(lines) != 1:
        return lines
    if lines[0].folded.strip(" 。;") not in profile.verbs.get("unchanged", ()):
        return lines
    ledger.claim(lines[0], "unchanged")
    return None


def _choose_dates(dates: tuple[StatedDate, ...], own: tuple[StatedDate, ...]) -> tuple[StatedDate, ...]:
    """The dates of the entry: one that its own words state wins over that of its section in the same role."""
    if not dates:
        return own if len(own) < 2 else tuple(dict.fromkeys(own))  # noqa: PLR2004 - one alone stands but once
    roles = {stated.role for stated in own}
    return tuple(dict.fromkeys((*(stated for stated in dates if stated.role not in roles), *own)))


def _explain_references(references: tuple[Reference, ...], draft: EntryDraft) -> Iterator[Role]:
    """A role for each reference, on the line that it stands in."""
    for reference in references:
        lines = draft.requirement if reference.where == "requirement" else [*(draft.scope or ()), *draft.remarks]
        line = next((line for line in lines or () if reference.text in line.text), None)
        if line is not None:
            role = (reference.role or "refers to").replace("_", " ")
            yield Role(line.number, reference.text, reference.where, f"reference: {role}", depth=1)


def _build_before(draft: EntryDraft, ledger: Ledger) -> Before | None:
    """The earlier state, where the page has columns for it: 「資質要求(變更前)」."""
    if not draft.before_requirement and not draft.before_scope:
        return None
    requirement = read_requirement(draft.before_requirement or [])
    scope = read_scope(draft.before_scope or [])
    for problem in (*requirement.problems, *scope.problems):
        ledger.add(problem)
    for stranger in scope.strangers:
        ledger.report(stranger, "unexpected-line", "the line belongs to no part of the entry above it")
    for line in (*(draft.before_requirement or ()), *(draft.before_scope or ())):
        ledger.claim(line, "before")
    return Before(
        requirement=requirement.requirement,
        application=requirement.application,
        scope=scope.scope,
        notes=(*make_notes(requirement.notes, "requirement"), *make_notes(scope.notes, "scope")),
    )
