"""Whether a page is one that is known: by its bytes, or by what it says. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

import msgspec

from noticediff.pipeline import ReadPage
from snapshots.notice import Document, Page, Reading
from snapshots.revisions import address_of
from snapshots.snapshot import StoredDocument

_ALIKE = 5
"""How many pages of a site show what its pages look like."""


def find_shown(page: Page, known: Sequence[StoredDocument]) -> StoredDocument | None:
    """The document that these bytes are already known by: what their address showed last, or what another one shows.

    Bytes that come back after others had stood at their address are news again.
    """
    here = [stored for stored in known if address_of(stored) == (page.url or page.name)]
    among = here[-1:] if here else known
    return next((stored for stored in among if stored.page_sha256 == page.sha256), None)


def find_same(read: ReadPage, known: Sequence[StoredDocument]) -> StoredDocument | None:
    """The document stored last from this address, where the page says today what it said then.

    A view counter or a comment below the notice gives other bytes every night, and says nothing.
    """
    address = read.page.url or read.page.name
    last = next((stored for stored in reversed(known) if address_of(stored) == address), None)
    if last is None:
        return None
    before = [stored.document for stored in known if stored.sequence == last.sequence]
    return last if _say_the_same(before, read.reading.documents) else None


def list_alike(page: Page, source: str, known: Sequence[StoredDocument]) -> tuple[str, ...]:
    """The pages that one of this address should look like: the last one of it, else the source's last of its site."""
    address = page.url or page.name
    of_source = [stored for stored in known if stored.source == source]
    here = [stored for stored in of_source if address_of(stored) == address][-1:]
    site = [stored for stored in of_source if urlsplit(address_of(stored)).netloc == urlsplit(address).netloc]
    return tuple(dict.fromkeys(stored.page_sha256 for stored in (here or site[-_ALIKE:])))


def is_same_reading(one: Reading, other: Reading) -> bool:
    """Whether two pages say the same, whatever else stands on them."""
    return _say_the_same(one.documents, other.documents)


def _say_the_same(one: Sequence[Document], other: Sequence[Document]) -> bool:
    return [_without_place(document) for document in one] == [_without_place(document) for document in other]


def _without_place(document: Document) -> Document:
    """The document without what the page around it moves: line numbers, and the day on which it was captured."""
    entries = tuple(msgspec.structs.replace(entry, lines=(0, 0)) for entry in document.entries)
    is_stated = document.in_force is not None and document.in_force.basis != "captured"
    return msgspec.structs.replace(document, entries=entries, in_force=document.in_force if is_stated else None)
