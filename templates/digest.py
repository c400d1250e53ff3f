"""The digest: a change set arranged for a reader. Grouping, order, counts and words to choose are decided here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import count, groupby
from typing import Literal

from msgspec import Struct

from differ.changes import (
    FOLDED_KINDS,
    KINDS,
    Change,
    ChangeSet,
    Finding,
    Kind,
    Verdict,
    is_editorial,
    is_news,
)
from differ.impact.hits import Hit
from snapshots.category import CategoryPath, EntityType
from snapshots.period import Basis
from snapshots.record import SourceStatus
from snapshots.snapshot import StoredDocument
from templates.cards import Card, Occasion, build_card
from templates.finding_rows import FindingRow, build_decided_rows, build_finding_rows
from templates.pages import (
    Citation,
    CoverageRow,
    Currency,
    PageRow,
    SourceRow,
    build_citations,
    build_coverage_rows,
    build_page_rows,
    build_source_rows,
    find_currency,
)
from templates.programs import ProgramRow, build_program_rows
from templates.script import Language as ScriptLanguage
from templates.script import guess_language
from templates.summary import SummaryPart, build_summary

Heading = Literal["digest", "diff"]
Moment = dt.datetime | dt.date | str
"""An end of what is told: a time, a day, or the name of a page that stands for one."""
Code = Kind | Literal["reworded"]
"""A kind, or what is adjusted in words alone."""

_ENTITY_TYPES: tuple[EntityType | None, ...] = ("non_personal", "personal", "overseas", None)
_ALWAYS_COUNTED: frozenset[Kind] = frozenset({"new", "adjusted", "removed"})
_SILENT = "silent-change"


class KindCount(Struct, frozen=True):
    """How many changes there are of a kind."""

    kind: Code
    count: int


class Section(Struct, frozen=True, kw_only=True):
    """The changes of one kind within a group."""

    anchor: str
    kind: Kind
    cards: tuple[Card, ...]


class Group(Struct, frozen=True, kw_only=True):
    """The changes for one entity type; `platform` is None where the whole digest speaks of one platform."""

    anchor: str
    platform: str | None
    entity_type: EntityType | None
    count: int
    sections: tuple[Section, ...]


class PassingRow(Struct, frozen=True, kw_only=True):
    """A change in between that the later state does not show any more; `platform` is None where there is but one."""

    id: str
    platform: str | None
    entity_type: EntityType | None
    path: CategoryPath
    language: ScriptLanguage | None
    kind: Kind
    verdict: Verdict | None
    date: dt.date
    basis: Basis
    citations: tuple[Citation, ...]


class Digest(Struct, frozen=True, kw_only=True):
    """What a renderer draws, in the order in which it draws it.

    `counts` are the kinds that are news, `folded` those that are counted and left out; `total` is how many cards there
    are, `passing` what came and went. Of the findings `findings` are the new ones. `baseline` is how many categories
    are watched from now on, where that is all that there is to tell. `platforms` are all that the digest speaks of.
    """

    heading: Heading
    today: dt.date
    since: Moment | None
    until: Moment | None
    platforms: tuple[str, ...]
    total: int
    baseline: int
    counts: tuple[KindCount, ...]
    summary: tuple[SummaryPart, ...]
    groups: tuple[Group, ...]
    folded: tuple[KindCount, ...]
    programs: tuple[ProgramRow, ...] | None
    passing: tuple[PassingRow, ...]
    findings: tuple[FindingRow, ...]
    open_findings: tuple[FindingRow, ...]
    resolved_findings: tuple[FindingRow, ...]
    dismissed_findings: tuple[FindingRow, ...]
    currency: Currency
    sources: tuple[SourceRow, ...]
    pages: tuple[PageRow, ...]
    coverage: tuple[CoverageRow, ...]


def build_digest(
    changes: ChangeSet,
    *,
    heading: Heading,
    documents: Mapping[str, StoredDocument],
    sources: Sequence[SourceStatus],
    today: dt.date,
    since: Moment | None,
    until: Moment | None,
    all_kinds: bool = False,
    hits: Sequence[Hit] | None = None,
) -> Digest:
    """The change set as a digest: by entity type, within it by kind, within that by name.

    Categories that a notice only restates, that a first catalogue lists, or that ask for the same in other words, are
    counted and left out, unless `all_kinds` asks for them. `since` is the last time the reader was told, or the earlier
    date of a comparison; `documents` are the pages by the ids that the evidence names. That no notice told of a change
    stands on its card: a catalogue may show a hundred of them, and the list of findings is for what needs another look.
    `hits` are the reader's programs that the changes hit; None where the reader has named none.
    """
    folded = [] if all_kinds else [change for change in changes.changes if not is_news(change)]
    left_out = {change.id for change in folded}
    listed = sorted((change for change in changes.changes if change.id not in left_out), key=_order_change)
    anchors = {change.key: f"change-{number}" for number, change in enumerate(listed, start=1)}
    occasion = Occasion(
        today=today,
        since=_find_day(since),
        documents=documents,
        anchors=anchors,
    )
    silent = {finding.key: finding.id for finding in changes.findings if finding.code == _SILENT}
    cards = [
        build_card(change, occasion, f"change-{number}", silent=silent.get(change.key) if not change.claimed else None)
        for number, change in enumerate(listed, start=1)
    ]
    coverage = build_coverage_rows(changes.new.coverage)
    on_cards = {card.silent for card in cards}
    findings = build_finding_rows([finding for finding in changes.findings if finding.id not in on_cards], documents)
    source_rows = build_source_rows(sources, today)
    platforms = sorted({card.platform for card in cards} | {row.platform for row in coverage})
    pages = build_page_rows(_list_cited((*listed, *changes.passing), changes.findings), documents)
    return Digest(
        heading=heading,
        today=today,
        since=since,
        until=until,
        platforms=tuple(platforms),
        total=len(cards),
        baseline=len(folded) if not cards and all(change.kind == "first_seen" for change in folded) else 0,
        counts=_count_kinds([change.kind for change in listed], always=_ALWAYS_COUNTED),
        summary=build_summary(
            [card for card in cards if card.kind not in FOLDED_KINDS],
            [finding.severity for finding in findings],
            source_rows,
        ),
        groups=_build_groups(cards, name_platforms=len(platforms) > 1),
        folded=_count_kinds(["reworded" if is_editorial(change) else change.kind for change in folded]),
        programs=None if hits is None else build_program_rows(hits, anchors),
        passing=_build_passing(changes.passing, documents, name_platforms=len(platforms) > 1),
        findings=findings,
        open_findings=build_decided_rows(changes.log.open),
        resolved_findings=build_finding_rows(changes.log.resolved),
        dismissed_findings=build_decided_rows(changes.log.dismissed),
        currency=find_currency(source_rows, documents.values(), until=changes.new.date if heading == "diff" else None),
        sources=source_rows,
        pages=pages,
        coverage=coverage,
    )


def _count_kinds(codes: Sequence[Code], *, always: frozenset[Kind] = frozenset()) -> tuple[KindCount, ...]:
    order: tuple[Code, ...] = (*KINDS, "reworded")
    return tuple(KindCount(code, codes.count(code)) for code in order if code in codes or code in always)


def _find_day(moment: Moment | None) -> dt.date | None:
    """The day of the moment; a page's name tells none."""
    if isinstance(moment, dt.datetime):
        return moment.date()
    return None if isinstance(moment, str) else moment


def _order_change(change: Change) -> tuple[str, int, int, str, dt.date, str]:
    return (
        change.platform,
        _ENTITY_TYPES.index(change.entity_type),
        KINDS.index(change.kind),
        change.key,
        change.in_force.date,
        change.id,
    )


def _list_cited(changes: Sequence[Change], findings: Sequence[Finding]) -> list[str]:
    """The documents that changes, the states before them, and findings rest on."""
    places = [place for change in changes for place in (*change.evidence, *change.evidence_before)]
    return [place.document for place in (*places, *(place for finding in findings for place in finding.evidence))]


def _build_groups(cards: Sequence[Card], *, name_platforms: bool) -> tuple[Group, ...]:
    numbers = count(1)
    groups = []
    for (platform, entity_type), members in groupby(cards, key=lambda card: (card.platform, card.entity_type)):
        anchor = f"group-{next(numbers)}"
        of_group = list(members)
        groups.append(
            Group(
                anchor=anchor,
                platform=platform if name_platforms else None,
                entity_type=entity_type,
                count=len(of_group),
                sections=tuple(
                    Section(anchor=f"{anchor}-{kind}", kind=kind, cards=tuple(of_kind))
                    for kind, of_kind in groupby(of_group, key=lambda card: card.kind)
                ),
            )
        )
    return tuple(groups)


def _build_passing(
    changes: Sequence[Change], documents: Mapping[str, StoredDocument], *, name_platforms: bool
) -> tuple[PassingRow, ...]:
    """The changes by category, and of each in the order in which they came."""
    return tuple(
        PassingRow(
            id=change.id,
            platform=change.platform if name_platforms else None,
            entity_type=change.entity_type,
            path=change.path,
            language=guess_language(change.path),
            kind=change.kind,
            verdict=change.verdict,
            date=change.in_force.date,
            basis=change.in_force.basis,
            citations=build_citations(change.evidence[:1], documents),
        )
        for change in sorted(
            changes, key=lambda change: (change.platform, _ENTITY_TYPES.index(change.entity_type), change.key)
        )
    )
