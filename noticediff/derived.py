"""Derived against raw: whether the documents of the store are those that their pages give."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from noticediff.again import Readers, read_again
from scraper.libraries import name_libraries
from snapshots.checks import Fault
from snapshots.derive import date_document, document_id, share_problems
from snapshots.errors import PageFaultError, PageRefusedError, StoreDamagedError, UsageError
from snapshots.method import Derived, Origin
from snapshots.notice import Document, Reading

if TYPE_CHECKING:
    from snapshots.snapshot import StoredDocument
    from snapshots.store import Store


class DerivedCheck(Struct, frozen=True, kw_only=True):
    """How many pages have documents that can be read, how many were derived for comparison, and what is wrong.

    `others` were read with other libraries, and read otherwise now: a change of ours, and no damage.
    """

    read: int
    derived: int
    faults: tuple[Fault, ...]
    others: tuple[Origin, ...]


def check_derived(store: Store, readers: Readers, progress: Callable[[str], None], *, is_derived: bool) -> DerivedCheck:
    """The documents of every page: can they be read, and with `is_derived`, are they what the raw page gives.

    Documents of an earlier parser or profile are not compared: that they differ is no damage.
    """
    faults: list[Fault] = []
    others: list[Origin] = []
    read = derived = 0
    origins = store.derivations.list_origins()
    for number, origin in enumerate(origins, start=1):
        progress(f"{number}/{len(origins)} {origin.name}")
        fault = _check_readable(store, origin)
        if fault is None:
            read += 1
            if is_derived and not readers.is_due(origin) and origin.refused_by is None:
                try:
                    fault = _compare_with_raw(store, origin, readers)
                except StoreDamagedError:
                    continue  # the check of raw pages names it
                derived += 1
                if fault is not None and is_read_by_others(origin):
                    others.append(origin)
                    continue
        if fault is not None:
            faults.append(fault)
    return DerivedCheck(read=read, derived=derived, faults=tuple(faults), others=tuple(others))


def is_read_by_others(origin: Origin) -> bool:
    """Whether the page was read with other libraries than those that are here."""
    return origin.method is not None and origin.method.libraries not in {"", name_libraries()}


def repair_documents(
    store: Store, readers: Readers, progress: Callable[[str], None], *, is_derived: bool
) -> Iterator[str]:
    """Derive the documents that are lost or damaged from their pages again, and say of which page each time."""
    wrong = check_derived(store, readers, progress, is_derived=is_derived).faults
    names = {fault.page_sha256 for fault in wrong if fault.remedy == "documents"}
    for origin in store.derivations.list_origins():
        if origin.page_sha256 in names:
            try:
                read = read_again(store.load_page(origin.page_sha256), origin, readers)
            except (PageRefusedError, PageFaultError, UsageError, StoreDamagedError):
                continue  # what cannot be made again stays as it is, and the checks name it
            store.replace_derived(
                (
                    Derived(
                        page_sha256=origin.page_sha256,
                        reading=read.reading,
                        method=read.method,
                        captured_on=origin.captured_on,
                        effective=origin.effective,
                    ),
                ),
                (),
                None,
            )
            yield f"the documents of page {origin.page_sha256} were derived again from its bytes"


def _check_readable(store: Store, origin: Origin) -> Fault | None:
    try:
        documents = store.load_page_documents(origin.page_sha256)
    except StoreDamagedError as error:
        told = f"page {origin.page_sha256}: its documents cannot be read ({error.bare})"
        return Fault(message=told, remedy="documents", page_sha256=origin.page_sha256)
    ids = [document_id(origin.page_sha256, number) for number in range(1, len(documents) + 1)]
    if documents and [stored.id for stored in documents] == ids:
        return None
    told = f"page {origin.page_sha256}: {'one of its documents is' if documents else 'its documents are'} lost"
    return Fault(message=told, remedy="documents", page_sha256=origin.page_sha256)


def _compare_with_raw(store: Store, origin: Origin, readers: Readers) -> Fault | None:
    try:
        read = read_again(store.load_page(origin.page_sha256), origin, readers)
    except (PageRefusedError, PageFaultError, UsageError) as error:
        told = f"page {origin.page_sha256}: its documents are not what it gives: {error}"
        return Fault(message=told, remedy="documents", page_sha256=origin.page_sha256)
    stored = store.load_page_documents(origin.page_sha256)
    if _show_stored(stored) == _show_derived(read.reading, origin):
        return None
    told = f"page {origin.page_sha256}: its documents are not what its bytes give"
    return Fault(message=told, remedy="documents", page_sha256=origin.page_sha256)


def _show_stored(documents: tuple[StoredDocument, ...]) -> list[object]:
    return [
        (_without_capture(stored.document), stored.problems, stored.in_force.date, stored.in_force.basis)
        for stored in documents
    ]


def _show_derived(reading: Reading, origin: Origin) -> list[object]:
    shown: list[object] = []
    for document, problems in share_problems(reading):
        in_force = date_document(document, effective=origin.effective, captured=origin.captured_on)
        shown.append((_without_capture(document), problems, in_force.date, in_force.basis))
    return shown


def _without_capture(document: Document) -> Document:
    """The document without the day of its capture: a page that was read before it was dated has none."""
    is_stated = document.in_force is not None and document.in_force.basis != "captured"
    return document if is_stated else msgspec.structs.replace(document, in_force=None)
