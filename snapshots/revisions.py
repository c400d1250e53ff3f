"""Revisions and mirrors: several pages that are one notice, by its title and its period.

A page that is edited after publication is a revision: the last one at its address counts, and an entry that it lacks is
retracted. Another address that shows the same notice is a mirror: what it says again is nothing new, and where two
mirrors disagree a person has to look.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from snapshots.blocks import list_category
from snapshots.claims import build_claim, name_notice
from snapshots.form import is_same_state
from snapshots.rows import Row, merge_rows
from snapshots.snapshot import Disagreement, Retraction, StoredDocument


class Current(Struct, frozen=True, kw_only=True):
    """The documents that count, what earlier revisions of them said and they do not, and where mirrors disagree."""

    documents: tuple[StoredDocument, ...]
    retractions: tuple[Retraction, ...]
    disagreements: tuple[Disagreement, ...]


def address_of(stored: StoredDocument) -> str:
    """Where the page stands: its address, or the name of its file."""
    return stored.url or stored.page_name


def select_current(documents: Iterable[StoredDocument], *, has_mirrors: bool = True) -> Current:
    """Of each notice the last revision at each address; all other documents count as they are.

    Without mirrors the last page of a notice counts wherever it stood: two saved files of one notice.
    """
    every = tuple(documents)
    revisions: dict[tuple[str, str], list[StoredDocument]] = defaultdict(list)
    for stored in every:
        if (notice := name_notice(stored)) is not None:
            revisions[notice, address_of(stored) if has_mirrors else ""].append(stored)
    retractions: list[Retraction] = []
    mirrors: dict[str, list[StoredDocument]] = defaultdict(list)
    superseded: set[str] = set()
    for (notice, _), pages in revisions.items():
        *earlier, last = sorted(pages, key=_place)
        superseded.update(page.id for page in earlier)
        retractions += _find_retractions(earlier, last)
        mirrors[notice].append(last)
    several = [mirrors[notice] for notice in sorted(mirrors) if len(mirrors[notice]) > 1]
    return Current(
        documents=tuple(stored for stored in every if stored.id not in superseded),
        retractions=tuple(sorted(retractions, key=lambda found: (found.key, found.document))),
        disagreements=tuple(found for pages in several for found in _compare_mirrors(pages)),
    )


def _find_retractions(earlier: Sequence[StoredDocument], last: StoredDocument) -> Iterator[Retraction]:
    """What an earlier revision said of a category that the last one does not name; the last such word of each."""
    named = {entry.key for entry in last.document.entries}
    said = {
        row.entry.key: build_claim(row.entry, stored)
        for stored in earlier
        for row in merge_rows(stored.document.entries)
    }
    for key, claim in said.items():
        if key not in named:
            yield Retraction(key=key, claim=claim, document=last.id)


def _compare_mirrors(pages: Sequence[StoredDocument]) -> Iterator[Disagreement]:
    """The entries in which a mirror says something else than the one before it, or that only one of the two has."""
    for one, other in pairwise(sorted(pages, key=_place)):
        rows = [
            {(row.entry.key, row.entry.action): row for row in merge_rows(page.document.entries)}
            for page in (one, other)
        ]
        for name in dict.fromkeys((*rows[0], *rows[1])):
            there = [of_page.get(name) for of_page in rows]
            if not _are_same(there[0], there[1], platform=one.document.platform):
                claims = [build_claim(row.entry, page) for row, page in zip(there, (one, other), strict=True) if row]
                yield Disagreement(key=name[0], claims=tuple(claims), documents=(one.id, other.id))


def _place(stored: StoredDocument) -> tuple[int, str]:
    return stored.sequence, stored.id


def _are_same(one: Row | None, other: Row | None, *, platform: str) -> bool:
    if one is None or other is None:
        return False
    return is_same_state(list_category(one, platform=platform), list_category(other, platform=platform))
