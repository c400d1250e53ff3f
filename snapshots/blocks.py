"""Blocks: what a row makes of a category. A stated block replaces the old one whole, the others carry over."""

from __future__ import annotations

import msgspec

from snapshots.category import Category, CategoryPath
from snapshots.notice import NoticeEntry
from snapshots.rows import Row


def list_category(row: Row, *, platform: str) -> Category:
    """The category as a catalogue lists it: what the catalogue does not state is not stated, nothing carries over."""
    entry = row.entry
    return Category(
        platform=platform,
        entity_type=entry.entity_type,
        path=entry.path,
        key=entry.key,
        requirement=row.requirement,
        scope=row.scope,
        attributes=row.attributes,
    )


def patch_category(known: Category, row: Row) -> Category:
    """The category after the row: 生活服務-跑腿 is adjusted without a requirement, and keeps the one that it had."""
    return msgspec.structs.replace(
        known,
        requirement=row.requirement or known.requirement,
        scope=row.scope or known.scope,
        attributes=row.attributes or known.attributes,
    )


def fill_category(known: Category, earlier: Category | None) -> Category:
    """The category with the blocks that only its predecessor had stated."""
    if earlier is None:
        return known
    return msgspec.structs.replace(
        known,
        requirement=known.requirement or earlier.requirement,
        scope=known.scope or earlier.scope,
        attributes=known.attributes or earlier.attributes,
    )


def name_category(entry: NoticeEntry, platform: str, *, path: CategoryPath, key: str) -> Category:
    """A category of which nothing is stated but that it is there."""
    return Category(platform=platform, entity_type=entry.entity_type, path=path, key=key)
