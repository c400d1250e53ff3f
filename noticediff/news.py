"""The second clock: what was learned between two moments, which is what a digest tells.

The state as known then is held against the state as known now, both with everything that is to come: a notice for
January to March is published in April, and would be no news to a question about what was in force.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from differ.changes import ChangeSet, is_editorial
from differ.compare import add_changes
from noticediff.findings import Outlook, gather_both, judge_changes
from noticediff.passing import find_passing
from noticediff.reviews import build_log, leave_out_dismissed
from snapshots.form import is_same_state
from snapshots.rebuild import rebuild_snapshot
from snapshots.record import Review
from snapshots.snapshot import StoredDocument

if TYPE_CHECKING:
    from snapshots.store import Store


class News(Struct, frozen=True, kw_only=True):
    """What changed in what is known, the documents that say so by their id, and the moments between.

    `since` is None where there was no digest before: everything is news then. `sequence` is the last page counted.
    """

    changes: ChangeSet
    documents: dict[str, StoredDocument]
    since: dt.datetime | dt.date | None
    until: dt.date | None
    sequence: int

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell.

        A baseline (first_seen) is told once, as a count; a notice that repeats what is known (restated), or that says
        the same in other words, is told with the next news. An old page that is added late and changes nothing present
        gives no record at all: it is history.
        """
        news = [change for change in self.changes.changes if change.kind != "restated" and not is_editorial(change)]
        return not news and not self.changes.passing and not self.changes.findings


def load_news(store: Store, outlook: Outlook, *, since: dt.date | None = None, until: dt.date | None = None) -> News:
    """What was learned after the day `since` (None: after the last digest) up to the end of `until` (None: now)."""
    told = store.load_told()
    before = load_known(store, since=since)
    after = store.load_documents(known_on=None if until is None else end_of_day(until))
    moment = since if since is not None else None if told is None else told.at
    return settle_news(
        build_news(before, after, outlook, since=moment, until=until), before, after, outlook, store.load_reviews()
    )


def settle_news(
    news: News,
    before: Sequence[StoredDocument],
    after: Sequence[StoredDocument],
    outlook: Outlook,
    reviews: Sequence[Review],
) -> News:
    """The news without what was dismissed, and, where there are any, with what became of all other findings."""
    changes = leave_out_dismissed(news.changes, reviews)
    settled = msgspec.structs.replace(news, changes=changes)
    if settled.is_empty:
        return settled
    known, standing = gather_both(before, after, outlook)
    log = build_log(standing, known, changes.findings, reviews)
    return msgspec.structs.replace(settled, changes=msgspec.structs.replace(changes, log=log))


def load_known(store: Store, *, since: dt.date | None) -> tuple[StoredDocument, ...]:
    """What was known at the end of the day, or (None) at the last digest: nothing where there was none."""
    if since is not None:
        return store.load_documents(known_on=end_of_day(since))
    told = store.load_told()
    return () if told is None else store.load_documents(until_sequence=told.sequence)


def build_news(
    before: Sequence[StoredDocument],
    after: Sequence[StoredDocument],
    outlook: Outlook,
    *,
    since: dt.datetime | dt.date | None,
    until: dt.date | None,
) -> News:
    """The difference between what the documents known then say and what those known now do.

    Both are taken at the latest date known. What happens before a change that is announced for later would be hidden
    by it: so what changed by today is told too, of every category that is not told already. That what had been
    announced is there before its day is no news.
    """
    before, after = outlook.correct(before), outlook.correct(after)
    documents = {stored.id: stored for stored in (*before, *after)}
    old, new = rebuild_snapshot(before, at=None), rebuild_snapshot(after, at=None)
    changes = judge_changes(old, new, documents, outlook)
    if any(snapshot.date is not None and snapshot.date > outlook.today for snapshot in (old, new)):
        sides = [rebuild_snapshot(known, at=outlook.today) for known in (before, after)]
        by_now = judge_changes(sides[0], sides[1], documents, outlook)
        unexpected = [
            change for change in by_now.changes if not is_same_state(old.categories.get(change.key), change.new)
        ]
        changes = add_changes(changes, msgspec.structs.replace(by_now, changes=tuple(unexpected)))
    return News(
        changes=msgspec.structs.replace(changes, passing=find_passing(changes, before, after)),
        documents=documents,
        since=since,
        until=until,
        sequence=max((stored.sequence for stored in after), default=0),
    )


def end_of_day(day: dt.date) -> dt.datetime:
    """The last moment of the day; the store's clock is UTC, whatever the zone of the machine."""
    return dt.datetime.combine(day, dt.time.max, dt.UTC)
