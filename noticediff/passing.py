"""What came and went between two digests: the two ends do not show it, and a reader must not miss it.

Two pages that are stored in one night, or a digest `--since` a day long past: a category was removed and is there
again, or was added and is gone. What an old page tells of a time before all that was known is history, and no news.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from differ.changes import Change, ChangeSet, is_news
from differ.compare import diff_snapshots
from snapshots.category import category_key
from snapshots.rebuild import rebuild_steps
from snapshots.snapshot import Snapshot, StoredDocument


def find_passing(
    changes: ChangeSet,
    old: Snapshot,
    new: Snapshot,
    documents: Sequence[StoredDocument],
    *,
    fresh: Collection[str],
) -> tuple[Change, ...]:
    """The changes of the steps that the `fresh` documents make and of which `changes` tells no news, oldest first.

    A step of a rename A → B → C is told by the change from A to C.
    """
    start = old.date
    if start is None or not fresh:
        return ()
    told = {change.key for change in changes.changes if is_news(change)}
    told |= {
        category_key(change.platform, change.entity_type, path)
        for change in changes.changes
        for path in change.paths_before
    }
    told |= {step.from_key for step in new.successions}
    passing = []
    before: Snapshot | None = None
    for snapshot in rebuild_steps(documents):
        if before is not None and snapshot.date is not None and snapshot.date >= start:
            passing += [
                change
                for change in diff_snapshots(before, snapshot).changes
                if is_news(change) and change.key not in told and change.evidence[0].document in fresh
            ]
        before = snapshot
    return tuple(passing)
