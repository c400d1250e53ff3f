"""The JSON of `quarantine list` and `quarantine show`: pages that were not believed, without their bytes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from snapshots.record import Belief, HeldPage, Reason


class HeldOutput(Struct, frozen=True, kw_only=True):
    """A page in quarantine: which address of which source showed it, since when and when last, and why it is held.

    `id` is the number that `accept` and `drop` take. `decision` is null where the page waits for one, and `over` where
    its address shows a page that is believed.
    """

    id: int
    source: str
    address: str
    url: str | None
    sha256: str
    media_type: str | None
    since: dt.datetime
    captured: dt.datetime | None
    reasons: tuple[Reason, ...]
    decision: Belief | None


class QuarantineOutput(Struct, frozen=True, kw_only=True):
    """Pages in quarantine, oldest first."""

    format: Literal["noticediff.quarantine"] = "noticediff.quarantine"
    format_version: Literal["1.0"] = "1.0"
    pages: tuple[HeldOutput, ...]


def build_quarantine(held: Iterable[HeldPage]) -> QuarantineOutput:
    """The pages as programs read of them."""
    return QuarantineOutput(
        pages=tuple(
            HeldOutput(
                id=found.id,
                source=found.source,
                address=found.page.name,
                url=found.page.url,
                sha256=found.page.sha256,
                media_type=found.page.media_type,
                since=found.since,
                captured=found.page.captured,
                reasons=found.reasons,
                decision=found.decision,
            )
            for found in held
        )
    )
