"""The order of events: which statement comes before which, whatever the order in which pages were stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from msgspec import Struct

from snapshots.notice import DocumentKind, NoticeEntry
from snapshots.period import InForce
from snapshots.snapshot import StoredDocument

_RANKS: dict[DocumentKind, int] = {"catalogue": 0, "listing": 1, "notice": 2}


class Event(Struct, frozen=True, kw_only=True):
    """What one document says for one day: those of its entries that come in force then, in page order.

    `is_state` marks the day on which a catalogue's own date falls, when what it does not list is gone.
    """

    date: dt.date
    stored: StoredDocument
    entries: tuple[NoticeEntry, ...]
    is_state: bool


def order_events(documents: Iterable[StoredDocument]) -> list[Event]:
    """The events of all documents, oldest first.

    By in-force date, then catalogue before listing before notice (a notice changes the state of its day), then
    published (not stated first), captured, and the page's sha256 with the document's number in it.
    """
    events = [event for stored in documents for event in _split_by_date(stored)]
    events.sort(key=_place_event)
    return events


def entry_in_force(entry: NoticeEntry, stored: StoredDocument) -> InForce:
    """Since when the entry is in force: its own effective date 「自2025年4月1日起」, else the document's.

    A category that ends is gone on the day on which it closes: 「将于2025年6月1日起下线」.
    """
    roles = ("effective", "closes") if entry.action == "removed" else ("effective",)
    for stated in entry.dates:
        day = stated.start or stated.end
        if stated.role in roles and day is not None:
            return InForce(day, "effective")
    return stored.in_force


def _split_by_date(stored: StoredDocument) -> list[Event]:
    own_date = stored.in_force.date
    is_catalogue = stored.document.kind == "catalogue"
    by_date: dict[dt.date, list[NoticeEntry]] = {own_date: []} if is_catalogue else {}
    for entry in stored.document.entries:
        by_date.setdefault(entry_in_force(entry, stored).date, []).append(entry)
    return [
        Event(date=date, stored=stored, entries=tuple(entries), is_state=is_catalogue and date == own_date)
        for date, entries in by_date.items()
    ]


def _place_event(event: Event) -> tuple[dt.date, int, dt.date, dt.datetime, str, int, str]:
    stored = event.stored
    return (
        event.date,
        _RANKS[stored.document.kind],
        stored.document.published or dt.date.min,
        stored.captured,
        stored.page_sha256,
        len(stored.id),  # of one page, "…-10" comes after "…-9"
        stored.id,
    )
