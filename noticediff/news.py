"""The second clock: what was learned between two moments, which is what a digest tells.

The state as known then is held against the state as known now, both with everything that is to come: a notice for
January to March is published in April, and would be no news to a question about what was in force.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from differ.changes import ChangeSet, is_editorial
from differ.compare import add_changes, diff_snapshots
from snapshots.rebuild import rebuild_snapshot
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
        return not news and not self.changes.findings


def load_news(store: Store, *, today: dt.date, since: dt.date | None = None, until: dt.date | None = None) -> News:
    """What was learned after the day `since` (None: after the last digest) up to the end of `until` (None: now)."""
    told = store.load_told()
    after = store.load_documents(known_on=None if until is None else end_of_day(until))
    if since is not None:
        before = store.load_documents(known_on=end_of_day(since))
        return build_news(before, after, today=today, since=since, until=until)
    if told is None:
        return build_news((), after, today=today, since=None, until=until)
    before = store.load_documents(until_sequence=told.sequence)
    return build_news(before, after, today=today, since=told.at, until=until)


def build_news(
    before: Sequence[StoredDocument],
    after: Sequence[StoredDocument],
    *,
    today: dt.date,
    since: dt.datetime | dt.date | None,
    until: dt.date | None,
) -> News:
    """The difference between what the documents known then say and what those known now do.

    Both are taken at the latest date known. What happens before a change that is announced for later would be hidden
    by it: so what changed by today is told too, of every category that is not told already.
    """
    old, new = rebuild_snapshot(before, at=None), rebuild_snapshot(after, at=None)
    changes = diff_snapshots(old, new)
    if any(snapshot.date is not None and snapshot.date > today for snapshot in (old, new)):
        by_now = diff_snapshots(rebuild_snapshot(before, at=today), rebuild_snapshot(after, at=today))
        changes = add_changes(changes, by_now)
    return News(
        changes=changes,
        documents={stored.id: stored for stored in (*before, *after)},
        since=since,
        until=until,
        sequence=max((stored.sequence for stored in after), default=0),
    )


def end_of_day(day: dt.date) -> dt.datetime:
    """The last moment of the day; the store's clock is UTC, whatever the zone of the machine."""
    return dt.datetime.combine(day, dt.time.max, dt.UTC)
