"""Small worlds: snapshots written by hand, and documents for those that are rebuilt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import msgspec

from snapshots.category import Category, CategoryPath, EntityType, RequirementBlock, ScopeBlock, category_key
from snapshots.notice import Action, Document, DocumentKind, NoticeEntry, Scope
from snapshots.period import Basis, InForce
from snapshots.requirement import Paper, Requirement, Text
from snapshots.snapshot import Claim, CompleteScope, Removal, Snapshot, StoredDocument

PLATFORM = "wechat-miniprogram"
PATH: CategoryPath = ("金融業", "個人征信")
MARCH, JUNE, SEPTEMBER, DECEMBER = (dt.date(2025, month, day) for month, day in ((3, 31), (6, 30), (9, 30), (12, 31)))


def key_of(*path: str, entity_type: EntityType | None = "non_personal") -> str:
    return category_key(PLATFORM, entity_type, path or PATH)


def paper(title: str = "營業執照", **changes: str) -> Paper:
    return msgspec.structs.replace(Paper(text=f"《{title}》", title=title), **changes)


def make_category(
    *path: str,
    requirement: Requirement | RequirementBlock | None = None,
    scope: str | ScopeBlock | None = None,
    entity_type: EntityType | None = "non_personal",
) -> Category:
    """A category; a bare requirement or scope becomes its block, None is a block that nothing has stated."""
    path = path or PATH
    block = (
        requirement if isinstance(requirement, RequirementBlock | None) else RequirementBlock(requirement=requirement)
    )
    return Category(
        platform=PLATFORM,
        entity_type=entity_type,
        path=path,
        key=category_key(PLATFORM, entity_type, path),
        requirement=block,
        scope=ScopeBlock(scope=scope) if isinstance(scope, str) else scope,
    )


def make_claim(
    action: Action,
    date: dt.date = JUNE,
    *,
    document: str | None = None,
    kind: DocumentKind | None = None,
    path: CategoryPath = PATH,
    basis: Basis = "period_end",
    sequence: int = 1,
    observed: bool = False,
) -> Claim:
    kind = kind or ("catalogue" if action == "listed" or observed else "notice")
    return Claim(
        document=document or f"{kind}-{date}",
        document_kind=kind,
        action=action,
        path=path,
        in_force=InForce(date, basis),
        sequence=sequence,
        lines=None if observed else (10, 20),
        observed=observed,
    )


def make_snapshot(
    categories: Iterable[Category] = (),
    *,
    claims: Iterable[tuple[str, Claim]] = (),
    removed: Iterable[tuple[str, Category | None]] = (),
    complete: bool | CategoryPath = False,
    date: dt.date | None = MARCH,
) -> Snapshot:
    """A snapshot of the platform's non-personal categories; what is removed was ended by its last claim."""
    heard: dict[str, tuple[Claim, ...]] = {}
    for key, claim in claims:
        heard[key] = (*heard.get(key, ()), claim)
    said = {key: tuple(claim for claim in of_key if claim.action != "listed") for key, of_key in heard.items()}
    under = complete if isinstance(complete, tuple) else ()
    return Snapshot(
        date=date,
        categories={category.key: category for category in categories},
        claims=heard,
        said={key: of_key for key, of_key in said.items() if of_key},
        removed={
            key: Removal(last=last, path=heard[key][-1].path, entity_type="non_personal", claim=heard[key][-1])
            for key, last in removed
        },
        successions=(),
        spoken_for=frozenset({(PLATFORM, "non_personal")} if heard else ()),
        complete=(CompleteScope(platform=PLATFORM, entity_type="non_personal", under=under),) if complete else (),
    )


def make_entry(
    action: Action,
    *path: str,
    paper: str | None = None,
    scope: str | None = None,
    to: tuple[CategoryPath, ...] = (),
    whole: bool | None = None,
    line: int = 1,
) -> NoticeEntry:
    return NoticeEntry(
        action=action,
        entity_type="non_personal",
        path=path,
        key=category_key(PLATFORM, "non_personal", path),
        targets=to,
        extent=None if whole is None else "whole" if whole else "part",
        requirement=None if paper is None else Text(text=paper),
        scope=scope,
        lines=(line, line),
    )


def make_document(
    date: dt.date,
    *entries: NoticeEntry,
    kind: DocumentKind = "notice",
    sequence: int | None = None,
) -> StoredDocument:
    """A stored document in force on the date; a catalogue is complete for the non-personal categories."""
    seen = dt.datetime.combine(date, dt.time(), dt.UTC)
    document = Document(
        kind=kind,
        title=f"{kind} {date}",
        platform=PLATFORM,
        complete_for=(Scope(entity_type="non_personal"),) if kind == "catalogue" else (),
        entries=entries,
    )
    return StoredDocument(
        id=f"{kind}-{date}",
        sequence=sequence or date.toordinal(),
        known=seen,
        captured=seen,
        page_sha256=f"{kind}-{date}",
        page_name="page.html",
        url=None,
        source=None,
        profile=PLATFORM,
        in_force=InForce(date, "period_end"),
        document=document,
    )
