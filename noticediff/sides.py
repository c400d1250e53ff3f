"""The two sides of `diff`: which date or page each names, and what was in force then."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from differ.changes import ChangeSet
from noticediff.findings import Outlook, judge_changes
from snapshots.claims import name_notice
from snapshots.errors import UsageError
from snapshots.order import entry_in_force
from snapshots.period import parse_date
from snapshots.rebuild import rebuild_snapshot
from snapshots.snapshot import StoredDocument

_LATEST = re.compile(r"latest(?:~(\d{1,6}))?")
_DATE_LIKE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?|-?[Qq]\d)")


class Side(Struct, frozen=True):
    """What one side rests on: documents, and the day up to which they count (None: all of what they say)."""

    documents: tuple[StoredDocument, ...]
    at: dt.date | None


class Comparison(Struct, frozen=True, kw_only=True):
    """The difference of two sides, and the documents that say so by their id."""

    changes: ChangeSet
    documents: dict[str, StoredDocument]


def is_page_name(text: str) -> bool:
    """Whether a side names a page rather than a date: `./2025-03` is a file even where 2025-03 would be a date.

    Raises UsageError for what is neither.
    """
    if text == "previous" or _LATEST.fullmatch(text) or _DATE_LIKE.fullmatch(text):
        return False
    if text == "-" or text.startswith(("http://", "https://")) or Path(text).exists():
        return True
    raise UsageError(
        f"'{text}' is neither a date (2025-03-31, 2025-03, 2025Q1, latest, previous, latest~2) nor a file that exists"
    )


def name_page(text: str) -> str | None:
    """What a side that is a page is called: its file's name, or its address; None for a date."""
    if not is_page_name(text):
        return None
    return "standard input" if text == "-" else text if "://" in text else Path(text).name


def find_date(text: str, change_dates: Sequence[dt.date], today: dt.date) -> dt.date:
    """The day that a side means, given the dates at which the state changed, oldest first.

    `latest` is the last change not after today, `latest~2` the second before it, `previous` is `latest~1`. The change
    before the first one is the day before it, when nothing was known. Raises UsageError for what is no date, and for
    more steps back than there were changes.
    """
    steps = _count_steps(text)
    if steps is None:
        return parse_date(text)
    past = [date for date in change_dates if date <= today]
    if not past:
        raise UsageError(f"{text}: the store knows of no change up to {today}; add a page first, or name a date")
    if steps > len(past):
        changes = "one change is" if len(past) == 1 else f"{len(past)} changes are"
        raise UsageError(f"{text}: only {changes} known up to {today}; name a later one, or a date")
    if steps == len(past):
        return past[0] - dt.timedelta(days=1) if past[0] > dt.date.min else past[0]
    return past[-1 - steps]


def find_remark(day: dt.date, change_dates: Iterable[dt.date]) -> str | None:
    """The remark that nothing was known on the day, or None where something was."""
    first = min(change_dates, default=None)
    if first is None:
        return f"nothing is known at all: the state on {day} is empty"
    return f"nothing is known before {first}: the state on {day} is empty" if day < first else None


def add_page(old: Side, page: Sequence[StoredDocument]) -> Side:
    """The side of a page that is compared with another side: what that one rests on, and the page after it.

    A notice is a patch: alone, it would seem to remove all that it does not name.
    """
    known = old.documents if old.at is None else tuple(_cut_documents(old.documents, old.at))
    ids = {stored.id for stored in known}
    return Side(known + tuple(stored for stored in page if stored.id not in ids), None)


def _cut_documents(documents: Iterable[StoredDocument], at: dt.date) -> Iterator[StoredDocument]:
    """What the documents say up to the day: a notice may hold more that comes in force later."""
    for stored in documents:
        entries = stored.document.entries
        if stored.document.kind == "notice":
            entries = tuple(entry for entry in entries if entry_in_force(entry, stored).date <= at)
        if entries and (stored.document.kind == "notice" or stored.in_force.date <= at):
            cut = msgspec.structs.replace(stored.document, entries=entries)
            yield msgspec.structs.replace(stored, document=cut)


def is_known_notice(stored: StoredDocument, documents: Iterable[StoredDocument]) -> bool:
    """Whether the document is a page of a notice that one of the others is a page of, too."""
    name = name_notice(stored)
    return name is not None and any(name_notice(other) == name for other in documents)


def compare_sides(old: Side, new: Side, outlook: Outlook, *, has_mirrors: bool = True) -> Comparison:
    """What changed from the one to the other; without mirrors, a page of a known notice is a revision of it."""
    old, new = (Side(outlook.correct(side.documents), side.at) for side in (old, new))
    documents = {stored.id: stored for stored in (*old.documents, *new.documents)}
    before = rebuild_snapshot(old.documents, at=old.at, has_mirrors=has_mirrors)
    after = rebuild_snapshot(new.documents, at=new.at, has_mirrors=has_mirrors)
    return Comparison(changes=judge_changes(before, after, documents, outlook), documents=documents)


def _count_steps(text: str) -> int | None:
    if text == "previous":
        return 1
    found = _LATEST.fullmatch(text)
    return None if found is None else int(found[1] or 0)
