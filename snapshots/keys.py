"""Keys as a tree: what stands above a category's key, and whether a key names a category at all."""

from __future__ import annotations

from collections.abc import Iterator


def is_named(key: str) -> bool:
    """Whether the key names a category: a page may have lost the name (an empty cell in a row of 关闭类目)."""
    return key.rpartition("|")[2].strip("›") != ""


def ancestors_of(key: str) -> Iterator[str]:
    """The keys above the key, nearest first, up to that of its whole platform and entity type (an empty path)."""
    while not key.endswith("|"):
        above, separator, _ = key.rpartition("›")
        key = above if separator else key.rpartition("|")[0] + "|"
        yield key
