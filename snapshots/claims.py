"""Claims: what a document says of a category, kept as evidence beside the state."""

from __future__ import annotations

from snapshots.category import Category
from snapshots.notice import NoticeEntry
from snapshots.order import entry_in_force
from snapshots.snapshot import Claim, StoredDocument


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
