"""The state for reading: the dates at which it changed, and the categories of one date with what says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import cast

from differ.compare import diff_snapshots
from noticediff.find import find_category, select_paths
from noticediff.formats import CategoryOutput, ClaimOutput, DatedState, DocumentLabel, ShowOutput, SnapshotsOutput
from snapshots.category import EntityType
from snapshots.notice import requirement_block, scope_block
from snapshots.rebuild import list_change_dates, rebuild_series, rebuild_snapshot
from snapshots.snapshot import Claim, Snapshot, StoredDocument


def list_states(documents: Sequence[StoredDocument]) -> SnapshotsOutput:
    """The dates at which the state changed, oldest first, each with what changed since the one before."""
    states = []
    before = rebuild_snapshot((), at=None)
    dates = list_change_dates(documents)
    for date, snapshot in zip(dates, rebuild_series(documents, dates=dates), strict=True):
        spoke = {
            claim.document for claims in snapshot.claims.values() for claim in claims if claim.in_force.date == date
        }
        states.append(
            DatedState(
                date=date,
                categories=len(snapshot.categories),
                counts=diff_snapshots(before, snapshot).counts(),
                coverage=snapshot.coverage(),
                documents=tuple(label_document(stored) for stored in documents if stored.id in spoke),
            )
        )
        before = snapshot
    return SnapshotsOutput(snapshots=tuple(states))


def show_state(
    documents: Sequence[StoredDocument],
    *,
    at: dt.date,
    wanted: str | None,
    platform: str | None,
    entity_type: str | None,
) -> ShowOutput:
    """The categories in force on the day, or the wanted one, which may also be gone by then.

    Raises UsageError where the wanted one is not known, or is several.
    """
    snapshot = rebuild_snapshot(documents, at=at)
    by_id = {stored.id: stored for stored in documents}
    paths = select_paths(snapshot, platform=platform, entity_type=entity_type)
    in_force = tuple(key for key in paths if key in snapshot.categories)
    keys = in_force if wanted is None else find_category(paths, wanted)
    return ShowOutput(
        date=at,
        coverage=snapshot.coverage(),
        categories=tuple(_show_category(key, snapshot, by_id) for key in keys),
    )


def label_document(stored: StoredDocument) -> DocumentLabel:
    """The document by name."""
    return DocumentLabel(
        document=stored.id,
        kind=stored.document.kind,
        title=stored.document.title,
        page=stored.page_name,
        url=stored.url,
        captured=stored.captured,
    )


def _show_category(key: str, snapshot: Snapshot, documents: Mapping[str, StoredDocument]) -> CategoryOutput:
    """The category as it is, as it last was where it is gone, or its bare name where nothing was known of it."""
    removal = snapshot.removed.get(key)
    category = snapshot.categories.get(key) or (None if removal is None else removal.last)
    said = dict.fromkeys(claim for name in _list_names(key, snapshot) for claim in snapshot.claims.get(name, ()))
    claims = sorted(said, key=lambda claim: claim.in_force.date)
    platform, entity_type, _ = key.split("|", 2)
    return CategoryOutput(
        platform=platform,
        entity_type=cast("EntityType | None", entity_type or None),
        path=claims[-1].path if category is None else category.path,
        key=key,
        removed=None if removal is None else removal.claim.in_force,
        goes_on_as=tuple(found.to_path for found in snapshot.successions if found.from_key == key),
        requirement=None if category is None else category.requirement,
        scope=None if category is None else category.scope,
        attributes=None if category is None else category.attributes,
        claims=tuple(_show_claim(claim, documents[claim.document]) for claim in claims),
    )


def _list_names(key: str, snapshot: Snapshot) -> tuple[str, ...]:
    """The keys of the category, oldest name first: its own, those that it succeeds, and the branch that it was in."""
    names = {key: None}
    waiting = [key]
    while waiting:
        name = waiting.pop()
        earlier = [found.from_key for found in snapshot.successions if found.to_key == name]
        earlier += [snapshot.branch_of[name]] if name in snapshot.branch_of else []
        waiting += [found for found in earlier if found not in names]
        names.update(dict.fromkeys(earlier))
    return tuple(reversed(names))


def _show_claim(claim: Claim, stored: StoredDocument) -> ClaimOutput:
    stated = next((entry for entry in stored.document.entries if entry.lines == claim.lines), None)
    return ClaimOutput(
        action=claim.action,
        observed=claim.observed,
        path=claim.path,
        in_force=claim.in_force,
        source=label_document(stored),
        lines=claim.lines,
        requirement=None if stated is None else requirement_block(stated),
        scope=None if stated is None else scope_block(stated),
        corrected=tuple(
            f"{correction.field}: {correction.because}"
            for correction in stored.corrections
            if correction.lines == claim.lines
        ),
    )
