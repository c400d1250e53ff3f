"""What the store says of itself: pages saved, sources seen, digests told."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from msgspec import Struct

from snapshots.snapshot import StoredDocument

Outcome = Literal["new", "unchanged", "failed"]
Decision = Literal["accepted", "dismissed"]


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
