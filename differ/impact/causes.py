"""Causes: since when something is so, and which change of the rules, or which paper's last day, made it so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Literal

from msgspec import Struct

from differ.changes import Change, Evidence, Kind, Knowledge, Verdict
from differ.compare import diff_snapshots
from snapshots.notice import Action
from snapshots.period import Basis
from snapshots.rebuild import rebuild_snapshot
from snapshots.snapshot import Snapshot

_NO_NEWS: frozenset[Kind] = frozenset({"first_seen", "restated"})


class Cause(Struct, frozen=True, kw_only=True):
    """Since when something is so, and what made it so.

    `kind` is that of the change, `claimed` what a notice said (None: a list showed it); `learned` where a page only
    stated what nothing had stated before, `expired` where `papers` did. `is_news` is false where nobody can say that it
    became so then: it was first seen, or learned.
    """

    date: dt.date
    kind: Kind | Literal["learned", "expired"]
    is_news: bool
    basis: Basis | None = None
    change: str | None = None
    claimed: Action | None = None
    before: Knowledge | None = None
    verdict: Verdict | None = None
    evidence: tuple[Evidence, ...] = ()
    papers: tuple[str, ...] = ()


class CauseFinder:
    """Finds what made a date of a series: each date is compared with the one before it, once."""

    def __init__(self, series: Sequence[Snapshot]) -> None:
        """Keep the snapshots of the dates at which the rules changed, oldest first."""
        befores = (rebuild_snapshot((), at=None), *series)
        self._pairs = {new.date: (old, new) for old, new in zip(befores, series, strict=False)}
        self._changes: dict[dt.date, dict[str, Change]] = {}

    def find_cause(self, date: dt.date, *, keys: Collection[str], expired: tuple[str, ...]) -> Cause:
        """What made the date for a category of one of these keys; `expired` are papers whose last day it follows."""
        change = self._find_change(date, keys)
        if change is not None:
            return Cause(
                date=date,
                kind=change.kind,
                is_news=change.kind not in _NO_NEWS,
                basis=change.in_force.basis,
                change=change.id,
                claimed=change.claimed,
                before=change.before,
                verdict=change.verdict,
                evidence=change.evidence,
            )
        if expired:
            return Cause(date=date, kind="expired", is_news=True, papers=expired)
        return Cause(date=date, kind="learned", is_news=False)

    def _find_change(self, date: dt.date, keys: Collection[str]) -> Change | None:
        if date not in self._pairs:
            return None
        if date not in self._changes:
            old, new = self._pairs[date]
            self._changes[date] = {change.key: change for change in diff_snapshots(old, new).changes}
        return next((self._changes[date][key] for key in keys if key in self._changes[date]), None)
