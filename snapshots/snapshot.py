"""Snapshots: what was in force on a date, what says so, and how much of the platform is known."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from msgspec import Struct

from snapshots.category import Category, CategoryPath, EntityType
from snapshots.notice import Action, Document, DocumentKind, Problem
from snapshots.period import InForce, Period

CoverageLevel = Literal["partial", "complete"]


class Correction(Struct, frozen=True, kw_only=True):
    """That a field of the entry on these lines is not as it was read, but as a person says, and why."""

    lines: tuple[int, int]
    key: str
    field: str
    because: str


class StoredDocument(Struct, frozen=True, kw_only=True):
    """A document as the store gives it back, with the page that it was derived from.

    `id` is stable for a page and a place in it (the page's sha256, cut to 12 digits, and the document's number:
    `3f9a01c2b4de-1`). `sequence` grows with each stored page: the second clock, free of the wall clock's jumps.
    `corrections` are what the configuration says otherwise than the page was read; no store holds them.
    """

    id: str
    sequence: int
    known: dt.datetime
    captured: dt.datetime
    page_sha256: str
    page_name: str
    url: str | None
    source: str | None
    profile: str
    in_force: InForce
    document: Document
    problems: tuple[Problem, ...] = ()
    corrections: tuple[Correction, ...] = ()


class Claim(Struct, frozen=True, kw_only=True):
    """What one document said of one category, or that a complete one did not list it (`action` removed, `observed`).

    `notice` is the same for all pages of one notice, its revisions and its mirrors; `period` is what it speaks for.
    """

    document: str
    document_kind: DocumentKind
    action: Action
    path: CategoryPath
    in_force: InForce
    sequence: int
    lines: tuple[int, int] | None
    observed: bool = False
    notice: str | None = None
    period: Period | None = None


class Removal(Struct, frozen=True, kw_only=True):
    """A category that is gone: what it was (None where it was not known before) and the claim that ended it."""

    last: Category | None
    path: CategoryPath
    entity_type: EntityType | None
    claim: Claim


class Succession(Struct, frozen=True, kw_only=True):
    """A category that goes on under another key, as a notice states it: renamed 更名, moved whole, merged or split.

    `known` says whether the old key was known. A rename, and a whole move to one category, carry the state along. The
    claims of each key stay with it: the history of a category is that of its key and of those that it succeeds.
    """

    from_key: str
    from_path: CategoryPath
    to_key: str
    to_path: CategoryPath
    known: bool
    claim: Claim


class Retraction(Struct, frozen=True, kw_only=True):
    """What an earlier revision of a notice said of a category that the last one, `document`, does not name any more."""

    key: str
    claim: Claim
    document: str


class Disagreement(Struct, frozen=True, kw_only=True):
    """A category of which two mirrors of one notice say different things, or of which one says nothing."""

    key: str
    claims: tuple[Claim, ...]
    documents: tuple[str, str]


class Branch(Struct, frozen=True, kw_only=True):
    """A key that stands for the categories below it, and is none itself.

    The notice names 【醫療服務-就醫服務】, the catalogue lists four rows below it. `last` is its state from before the
    catalogue did (None where the leaves were known first), `claim` what made it a branch.
    """

    last: Category | None
    claim: Claim


class CompleteScope(Struct, frozen=True, kw_only=True):
    """A part of a platform that some catalogue has listed completely."""

    platform: str
    entity_type: EntityType | None
    under: CategoryPath = ()


class Snapshot(Struct, frozen=True, kw_only=True):
    """What was in force on a date.

    `categories` and `claims` are keyed by category key; `claims` holds, in order, all that was said of a category up
    to the date, also of removed ones. `removed` holds what is gone now: a category that came back leaves it.
    `spoken_for` names each (platform, entity type) that something spoke about. `branch_of` leads from the key of a
    leaf to that of the branch whose state it was given when a catalogue listed it; what a notice says of a branch
    stands among the claims of the branch and of each leaf. `stated` names the claims that the requirement and the
    scope of each category rest on; `said` are the claims that are more than a line of a list.
    """

    date: dt.date | None
    categories: dict[str, Category]
    claims: dict[str, tuple[Claim, ...]]
    removed: dict[str, Removal]
    successions: tuple[Succession, ...]
    spoken_for: frozenset[tuple[str, EntityType | None]]
    complete: tuple[CompleteScope, ...]
    branches: dict[str, Branch] = {}
    branch_of: dict[str, str] = {}
    stated: dict[str, tuple[Claim, ...]] = {}
    said: dict[str, tuple[Claim, ...]] = {}
    retractions: tuple[Retraction, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()

    def coverage(self) -> dict[str, CoverageLevel]:
        """How much is known of each `platform/entity_type`, in order of name."""
        whole = {(scope.platform, scope.entity_type) for scope in self.complete if not scope.under}
        names = sorted(self.spoken_for, key=lambda pair: (pair[0], pair[1] or ""))
        return {
            "/".join(part for part in pair if part is not None): "complete" if pair in whole else "partial"
            for pair in names
        }
