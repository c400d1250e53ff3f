"""The entries of documents, each kept once by the hash of what it says, wherever on a page it stands.

Two catalogues of one platform share nearly all of their categories. What is shared is stored once, decoded once, and
the same objects in both, so that it compares as equal at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import msgspec
from sqlalchemy import Connection, Row, func, insert, select

from snapshots.codec import decode_json, encode_json
from snapshots.notice import NoticeEntry
from snapshots.schema import ENTRIES

Place = tuple[int, int, int]
"""The number of an entry, and its first and last line on the page."""

_T = TypeVar("_T")
_BATCH = 500
"""How many values one query names: databases have a limit."""
_NOWHERE = (0, 0)
"""The lines of an entry that stands on no page; they are not part of what it says."""


def save_entries(connection: Connection, entries: Sequence[NoticeEntry]) -> tuple[Place, ...]:
    """The places of the entries, each of which is in the store afterwards."""
    bodies = [encode_json(msgspec.structs.replace(entry, lines=_NOWHERE), indent=False) for entry in entries]
    hashes = [hashlib.sha256(body).hexdigest() for body in bodies]
    numbers: dict[str, int] = {}
    for batch in _list_batches(sorted(set(hashes))):
        query = select(ENTRIES.c.sha256, ENTRIES.c.id).where(ENTRIES.c.sha256.in_(batch))
        numbers.update((row.sha256, row.id) for row in connection.execute(query))
    last = connection.scalar(select(func.max(ENTRIES.c.id))) or 0
    added = []
    for sha256, body in zip(hashes, bodies, strict=True):
        if sha256 not in numbers:
            last += 1
            numbers[sha256] = last
            added.append({"id": last, "sha256": sha256, "body": body.decode()})
    if added:
        connection.execute(insert(ENTRIES), added)
    return tuple((numbers[sha256], *entry.lines) for sha256, entry in zip(hashes, entries, strict=True))


def load_entries(connection: Connection, places: Iterable[Place]) -> dict[Place, NoticeEntry]:
    """The entry at each of the places; raises ValueError for one that the store does not have, or cannot read.

    Entries that say the same share all that they are made of; those on the same lines are one object.
    """
    wanted = sorted(set(places))
    decoded: dict[int, NoticeEntry] = {}
    for batch in _list_batches(sorted({number for number, _, _ in wanted})):
        rows: Iterable[Row[tuple[int, str, str]]] = connection.execute(select(ENTRIES).where(ENTRIES.c.id.in_(batch)))
        decoded.update((row.id, _read_entry(row)) for row in rows)
    if lost := {number for number, _, _ in wanted} - decoded.keys():
        raise ValueError(f"entry {min(lost)} is not there")
    return {
        (number, first, last): msgspec.structs.replace(decoded[number], lines=(first, last))
        for number, first, last in wanted
    }


def _read_entry(row: Row[tuple[int, str, str]]) -> NoticeEntry:
    if hashlib.sha256(row.body.encode()).hexdigest() != row.sha256:
        raise ValueError(f"entry {row.id}: its words are not those that its hash names")
    return decode_json(row.body, NoticeEntry)


def _list_batches(values: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(values), _BATCH):
        yield values[start : start + _BATCH]
