"""What came and went between two digests: the two ends do not show it, and a reader must not miss it.

Two pages that are stored in one night, or a digest `--since` a day long past: a category was removed and is there
again, or was added and is gone. What an old page tells of a time before all that was known is history, and no news.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from differ.changes import Change, ChangeSet, is_news
from differ.compare import diff_snapshots
from snapshots.category import category_key
from snapshots.rebuild import rebuild_snapshot, rebuild_steps
from snapshots.snapshot import Snapshot, StoredDocument


def find_passing(
    changes: ChangeSet, before: Sequence[StoredDocument], after: Sequence[StoredDocument]
) -> tuple[Change, ...]:
    """The changes of the steps since the earlier end, of which neither it nor `changes` tells, oldest first.

    A step of a rename A → B → C is told by the change from A to C; what a revision or a mirror says again, was told.
    """
    old, new = rebuild_snapshot(before, at=None), rebuild_snapshot(after, at=None)
    known = {stored.id for stored in before}
    if old.date is None or all(stored.id in known for stored in after):
        return ()
    told = {change.key for change in changes.changes if is_news(change)}
    told |= {
        category_key(change.platform, change.entity_type, path)
        for change in changes.changes
        for path in change.paths_before
    }
    told |= {step.from_key for step in new.successions}
    steps = [
        change
        for change in _list_steps(after, old.date)
        if change.key not in told and change.evidence[0].document not in known
    ]
    heard = {change.id for change in _list_steps(before, old.date)} if steps else set()
    return tuple(change for change in steps if change.id not in heard)


def _list_steps(documents: Sequence[StoredDocument], start: dt.date) -> Iterator[Change]:
    """The news of each step from that day on."""
    before: Snapshot | None = None
    for snapshot in rebuild_steps(documents):
        if snapshot.date is not None and snapshot.date >= start:
            earlier = before if before is not None else rebuild_snapshot((), at=None)
            yield from (change for change in diff_snapshots(earlier, snapshot).changes if is_news(change))
        before = snapshot
