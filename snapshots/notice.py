"""What one page says: notices 公告, catalogues 開放的服務類目, listings, and what was not understood."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from msgspec import Struct

from snapshots.category import (
    Attribute,
    CategoryPath,
    EntityType,
    Note,
    PaperMention,
    Reference,
    RequirementBlock,
    ScopeBlock,
)
from snapshots.period import InForce, Period, StatedDate
from snapshots.requirement import Requirement

DocumentKind = Literal["notice", "catalogue", "listing"]
Action = Literal["added", "adjusted", "removed", "renamed", "moved", "merged", "split", "listed"]
Extent = Literal["whole", "part"]


class Page(Struct, frozen=True, kw_only=True):
    """Bytes as they came, and where they came from. Immutable, kept for ever."""

    name: str
    content: bytes
    sha256: str
    url: str | None = None
    media_type: str | None = None
    declared_encoding: str | None = None
    captured: dt.datetime | None = None


class PageLabel(Struct, frozen=True, kw_only=True):
    """What the output of `parse` says about the page."""

    name: str
    sha256: str
    encoding: str
    captured: dt.date | None


class Problem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line that was not understood. A value, not an exception.

    `start` and `end` are the place in `text`, in characters from 0, where one is to blame.
    """

    line: int
    text: str
    code: str
    message: str
    start: int | None = None
    end: int | None = None


class Accounting(Struct, frozen=True, kw_only=True):
    """How many lines the content has and how many found their place; `unclaimed` is what was lost, always 0."""

    content_lines: int
    claimed: int
    unclaimed: int
    outside_content: int


class Scope(Struct, frozen=True, kw_only=True):
    """What a catalogue lists completely: an entity type, or a branch of one."""

    entity_type: EntityType | None
    under: CategoryPath = ()


class Before(Struct, frozen=True, kw_only=True):
    """The earlier state 變更前, where the page itself gives it."""

    requirement: Requirement | None = None
    application: tuple[str, ...] = ()
    scope: str | None = None
    notes: tuple[Note, ...] = ()


class NoticeEntry(Struct, frozen=True, kw_only=True):
    """An action on one category; the order of the fields is the order of the JSON.

    `doubts` are the codes of the problems on the lines of its requirement.
    """

    action: Action
    entity_type: EntityType | None
    path: CategoryPath
    key: str
    targets: tuple[CategoryPath, ...] = ()
    extent: Extent | None = None
    condition: str | None = None
    requirement: Requirement | None = None
    application: tuple[str, ...] = ()
    scope: str | None = None
    notes: tuple[Note, ...] = ()
    references: tuple[Reference, ...] = ()
    papers: tuple[PaperMention, ...] = ()
    unsupported: tuple[str, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    dates: tuple[StatedDate, ...] = ()
    closed_beta: bool = False
    emails: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    before: Before | None = None
    doubts: tuple[str, ...] = ()
    lines: tuple[int, int]


class Document(Struct, frozen=True, kw_only=True):
    """One announcement or list, as the page states it; None is "not stated"."""

    kind: DocumentKind
    title: str | None
    platform: str
    publisher: str | None = None
    period: Period | None = None
    published: dt.date | None = None
    effective: dt.date | None = None
    in_force: InForce | None = None
    dates: tuple[StatedDate, ...] = ()
    complete_for: tuple[Scope, ...] = ()
    preamble: tuple[str, ...] = ()
    entries: tuple[NoticeEntry, ...]


class Reading(Struct, frozen=True, kw_only=True):
    """All that the program read from one page, and the name of the profile that it read it with."""

    page: PageLabel
    documents: tuple[Document, ...]
    problems: tuple[Problem, ...]
    accounting: Accounting
    profile: str = ""


def requirement_block(entry: NoticeEntry) -> RequirementBlock | None:
    """The entry's requirement block, or None where the entry states none (生活服務-跑腿)."""
    notes = tuple(note for note in entry.notes if note.where == "requirement")
    if entry.requirement is None and not entry.application and not notes:
        return None
    return RequirementBlock(
        requirement=entry.requirement,
        application=entry.application,
        notes=notes,
        references=tuple(reference for reference in entry.references if reference.where == "requirement"),
        papers=entry.papers,
        closed_beta=entry.closed_beta,
        emails=entry.emails,
        doubts=entry.doubts,
    )


def scope_block(entry: NoticeEntry) -> ScopeBlock | None:
    """The entry's scope block, or None where the entry states none."""
    notes = tuple(note for note in entry.notes if note.where == "scope")
    if entry.scope is None and not notes:
        return None
    return ScopeBlock(
        scope=entry.scope,
        notes=notes,
        references=tuple(reference for reference in entry.references if reference.where == "scope"),
        unsupported=entry.unsupported,
        regions=entry.regions,
    )
