"""What the store says of itself: pages saved, sources seen, digests told."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from msgspec import Struct

from snapshots.notice import Page
from snapshots.snapshot import StoredDocument

Outcome = Literal["new", "unchanged", "failed"]
Decision = Literal["accepted", "dismissed"]
Belief = Literal["accepted", "dropped", "over"]
"""What became of a page in quarantine: a person's decision, or that its address shows a page that is believed."""


class SavedPage(Struct, frozen=True, kw_only=True):
    """A page after `save_page`: whether it was new, and its documents as the store has them.

    Bytes that are known already keep the documents and the in-force date that they have. Where another effective date
    was asked for, `ignored_effective` is that date: what was believed on a day must not change afterwards.
    """

    added: bool
    documents: tuple[StoredDocument, ...]
    ignored_effective: dt.date | None = None


class SourceStatus(Struct, frozen=True, kw_only=True):
    """How current a source is: last seen with content, last seen with new content, and how the last run went."""

    name: str
    url: str | None
    last_captured: dt.datetime | None
    last_changed: dt.datetime | None
    last_outcome: Outcome | None
    last_run: dt.datetime | None


class Review(Struct, frozen=True, kw_only=True):
    """What somebody decided on a finding, and why: accepted, it is so and known; dismissed, it is none."""

    finding: str
    decision: Decision
    reason: str
    who: str
    at: dt.datetime


class Told(Struct, frozen=True, kw_only=True):
    """A digest that was written: when, and the last stored page that it had taken in."""

    at: dt.datetime
    sequence: int


class Seen(Struct, frozen=True, kw_only=True):
    """What the server gave with the page that an address showed last, and which stored page that is."""

    url: str
    etag: str | None
    last_modified: str | None
    page_sha256: str
    at: dt.datetime


class Reason(Struct, frozen=True):
    """Why a page is not believed: a code that stays the same, and what a person should know."""

    code: str
    message: str


class HeldPage(Struct, frozen=True, kw_only=True):
    """A page in quarantine: since when its kind of wrong is seen, and what became of it."""

    id: int
    source: str
    page: Page
    since: dt.datetime
    reasons: tuple[Reason, ...]
    decision: Belief | None


class Failure(Struct, frozen=True, kw_only=True):
    """Something wrong with one address of a source. `cause` is a code, the same as long as the same thing is wrong.

    It is empty where the release that stored the failure kept no code. The address is empty where the source itself is
    meant: it has been silent for longer than it should.
    """

    source: str
    address: str
    cause: str
    message: str
    exit_code: int
    since: dt.datetime
