"""Claims: what a document says of a category, kept as evidence beside the state."""

from __future__ import annotations

from snapshots.category import Category
from snapshots.folding import fold
from snapshots.notice import NoticeEntry
from snapshots.order import entry_in_force
from snapshots.snapshot import Claim, StoredDocument


def name_notice(stored: StoredDocument) -> str | None:
    """What makes two pages one notice: platform, title and period, or where it names none, the dates that it states.

    None for what is no notice, and for a title without any date: 「类目调整公告」 is the name of many.
    """
    document = stored.document
    period = document.period
    dates = (document.published, document.effective) if period is None else (period.start, period.end)
    if document.kind != "notice" or document.title is None or not any(dates):
        return None
    return "|".join((document.platform, fold(document.title), *(date.isoformat() if date else "" for date in dates)))


def build_claim(entry: NoticeEntry, stored: StoredDocument) -> Claim:
    """What the entry says, under the name that it uses."""
    return Claim(
        document=stored.id,
        document_kind=stored.document.kind,
        action=entry.action,
        path=entry.path,
        in_force=entry_in_force(entry, stored),
        sequence=stored.sequence,
        lines=entry.lines,
        notice=name_notice(stored),
        period=stored.document.period,
    )


def build_observed_claim(category: Category, stored: StoredDocument) -> Claim:
    """That a complete catalogue does not list the category: seen, not said, so no line says it."""
    return Claim(
        document=stored.id,
        document_kind=stored.document.kind,
        action="removed",
        path=category.path,
        in_force=stored.in_force,
        sequence=stored.sequence,
        lines=None,
        observed=True,
    )
