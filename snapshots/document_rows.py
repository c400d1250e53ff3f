"""The rows of documents: what was read from pages, dated by the captures of these. Damaged rows are a ValueError."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, insert, select

from snapshots.bodies import Place, load_entries, save_entries
from snapshots.codec import decode_json, encode_json
from snapshots.derive import date_document, document_id, share_problems
from snapshots.method import Derived
from snapshots.notice import Document, Problem
from snapshots.period import InForce
from snapshots.row_prints import require_print
from snapshots.schema import CAPTURES, DOCUMENTS
from snapshots.snapshot import StoredDocument

_Capture = Row[*tuple[Any, ...]]
"""A row with the columns of a capture."""


def insert_documents(connection: Connection, derived: Derived) -> None:
    """Add the documents of the page, and those of their entries that the store does not have."""
    for number, (document, problems) in enumerate(share_problems(derived.reading), start=1):
        in_force = date_document(document, effective=derived.effective, captured=derived.captured_on)
        places = save_entries(connection, document.entries)
        connection.execute(
            insert(DOCUMENTS).values(
                page_sha256=derived.page_sha256,
                number=number,
                profile=derived.method.profile,
                parser_version=derived.method.parser_version,
                in_force_date=in_force.date,
                in_force_basis=in_force.basis,
                body=encode_json(msgspec.structs.replace(document, entries=()), indent=False).decode(),
                places=encode_json(places, indent=False).decode(),
                problems=encode_json(problems, indent=False).decode(),
            )
        )


def load_documents(connection: Connection, *conditions: ColumnElement[bool]) -> tuple[StoredDocument, ...]:
    """The documents, once for each capture that was news, and of those that say the same of a category the same entry.

    They come in the order of these captures; the conditions are on captures.
    """
    same_page = CAPTURES.c.page_sha256 == DOCUMENTS.c.page_sha256
    columns = [column for column in CAPTURES.c if column.name != "page_sha256"]
    query = select(DOCUMENTS, *columns).join(CAPTURES, same_page)
    query = query.where(CAPTURES.c.sequence.is_not(None), *conditions)
    rows = connection.execute(query.order_by(CAPTURES.c.sequence, DOCUMENTS.c.number)).all()
    for row in rows:
        require_print(CAPTURES, row)
    places = [decode_json(row.places, tuple[Place, ...]) for row in rows]
    entries = load_entries(connection, chain.from_iterable(places))
    times: Counter[tuple[str, int]] = Counter()
    documents = []
    for row, here in zip(rows, places, strict=True):
        times[row.page_sha256, row.number] += 1
        document = msgspec.structs.replace(
            decode_json(row.body, Document), entries=tuple(entries[place] for place in here)
        )
        documents.append(
            _place_document(
                document,
                decode_json(row.problems, tuple[Problem, ...]),
                row,
                number=row.number,
                time=times[row.page_sha256, row.number],
                profile=row.profile,
                in_force=InForce(row.in_force_date, row.in_force_basis),
            )
        )
    return tuple(documents)


def require_documents(
    connection: Connection, *conditions: ColumnElement[bool], but: Collection[str] = frozenset()
) -> None:
    """Raise ValueError where a page that came has no documents: a state without them would be a wrong one.

    Of the pages of `but` others stand for those that are lost.
    """
    without = select(CAPTURES.c.page_sha256).outerjoin(DOCUMENTS, DOCUMENTS.c.page_sha256 == CAPTURES.c.page_sha256)
    without = without.where(CAPTURES.c.sequence.is_not(None), DOCUMENTS.c.number.is_(None), *conditions)
    for page in connection.scalars(without.order_by(CAPTURES.c.sequence)):
        if page not in but:
            raise ValueError(f"page {page}: its documents are lost")


def replace_documents(
    documents: Iterable[StoredDocument], captures: Sequence[_Capture], derived: Iterable[Derived]
) -> tuple[StoredDocument, ...]:
    """The documents with those of these pages replaced, as `load_documents` would give them; `captures` are all."""
    replaced = {page.page_sha256: page for page in derived}
    kept = [stored for stored in documents if stored.page_sha256 not in replaced]
    times: Counter[str] = Counter()
    for capture in captures:
        page = replaced.get(capture.page_sha256)
        if page is None:
            continue
        times[page.page_sha256] += 1
        kept += (
            _place_document(
                document,
                problems,
                capture,
                number=number,
                time=times[page.page_sha256],
                profile=page.method.profile,
                in_force=date_document(document, effective=page.effective, captured=page.captured_on),
            )
            for number, (document, problems) in enumerate(share_problems(page.reading), start=1)
        )
    return tuple(sorted(kept, key=lambda stored: stored.sequence))


def _place_document(
    document: Document,
    problems: tuple[Problem, ...],
    capture: _Capture,
    *,
    number: int,
    time: int,
    profile: str,
    in_force: InForce,
) -> StoredDocument:
    """The document as it came with the capture, which dates what states no day itself."""
    is_dated = in_force.basis != "captured"
    return StoredDocument(
        id=document_id(capture.page_sha256, number, time=time),
        sequence=capture.sequence,
        known=capture.stored,
        captured=capture.captured,
        page_sha256=capture.page_sha256,
        page_name=capture.name,
        url=capture.url,
        source=capture.source,
        profile=profile,
        in_force=in_force if is_dated else InForce(capture.captured_on, "captured"),
        document=document,
        problems=problems,
    )
