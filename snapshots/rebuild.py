"""Rebuilding: the state of a date from everything that had come in force by then. Pure.

A notice is a patch, not a state: the first one names 33 of some 480 categories and says nothing about the others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import groupby

from snapshots.catalogue import apply_catalogue
from snapshots.form import is_same_state
from snapshots.keys import is_named
from snapshots.order import Event, order_events
from snapshots.patch import apply_rows
from snapshots.revisions import select_current
from snapshots.rows import merge_rows
from snapshots.snapshot import Snapshot, StoredDocument
from snapshots.state import State


def rebuild_snapshot(documents: Iterable[StoredDocument], *, at: dt.date | None, has_mirrors: bool = True) -> Snapshot:
    """What was in force on the date; with no date, all that is known, future in-force dates included.

    Without a date the snapshot has that of the last event. Without mirrors, every page of a notice is a revision of it.
    """
    current = select_current(documents, has_mirrors=has_mirrors)
    events = order_events(current.documents)
    if at is None:
        at = events[-1].date if events else None
    state = State()
    for event in events:
        if at is not None and event.date > at:
            break
        _apply_event(state, event)
    return state.freeze(at, current)


def rebuild_series(documents: Iterable[StoredDocument], *, dates: Iterable[dt.date]) -> Iterator[Snapshot]:
    """The snapshot of each date, oldest first, all in one walk through the documents."""
    current = select_current(documents)
    waiting = iter(order_events(current.documents))
    event = next(waiting, None)
    state = State()
    for date in sorted(dates):
        while event is not None and event.date <= date:
            _apply_event(state, event)
            event = next(waiting, None)
        yield state.freeze(date, current)


def rebuild_steps(documents: Iterable[StoredDocument]) -> Iterator[Snapshot]:
    """The snapshot after each page's words for each day, oldest first: two lists of one day are two steps."""
    current = select_current(documents)
    state = State()
    for (date, _), events in groupby(order_events(current.documents), key=_name_step):
        for event in events:
            _apply_event(state, event)
        yield state.freeze(date, current)


def find_step(before: Iterable[StoredDocument], after: Iterable[StoredDocument]) -> int | None:
    """How many steps of `after` are all those of `before`; None where what came later is not only at the end.

    A page that came later may be older than what was known, or another revision of it.
    """
    old, new = select_current(before), select_current(after)
    if (old.retractions, old.disagreements) != (new.retractions, new.disagreements):
        return None
    first, second = (list(dict.fromkeys(map(_name_step, order_events(side.documents)))) for side in (old, new))
    return len(first) if first == second[: len(first)] else None


def _name_step(event: Event) -> tuple[dt.date, str]:
    return event.date, event.stored.id


def list_change_dates(documents: Iterable[StoredDocument]) -> tuple[dt.date, ...]:
    """The dates at which the state changed, oldest first, future ones included.

    It changes when a category comes, goes or is stated differently, and when more of a platform is known completely.
    A document that only says again what was known, in whatever form, changes nothing.
    """
    state = State()
    found = []
    for date, events in groupby(order_events(select_current(documents).documents), key=lambda event: event.date):
        state.touched.clear()
        scopes_before = len(state.complete)
        for event in events:
            _apply_event(state, event)
        if len(state.complete) > scopes_before or _differs_from_before(state):
            found.append(date)
    return tuple(found)


def _differs_from_before(state: State) -> bool:
    return any(
        was_removed != (key in state.removed) or not is_same_state(before, state.categories.get(key))
        for key, (before, was_removed) in state.touched.items()
    )


def _apply_event(state: State, event: Event) -> None:
    """Let the event have its effect on the state; every named entry leaves a claim under its key."""
    document = event.stored.document
    state.spoken_for.update((document.platform, entry.entity_type) for entry in event.entries if is_named(entry.key))
    if document.kind == "catalogue":
        apply_catalogue(state, event)
    else:
        apply_rows(state, merge_rows(event.entries), event.stored)
