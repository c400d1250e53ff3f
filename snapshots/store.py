"""The store: raw pages for ever, the documents read from them, and what was seen and told when.

One page is saved in one transaction: after a kill at any point the store holds the page with all its documents, or
nothing of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, Select, delete, func, insert, select

from snapshots.backup import back_up
from snapshots.checks import Checks
from snapshots.database import Database
from snapshots.derivations import Derivations, keep_method, keep_reparse
from snapshots.document_rows import insert_documents, load_documents, replace_documents, require_documents
from snapshots.errors import UsageError
from snapshots.holder import Holder
from snapshots.method import Derived, Method, Refused, Reparse
from snapshots.notice import Page, Reading
from snapshots.opening import open_database
from snapshots.outbox import Outbox
from snapshots.packing import pack_page, unpack_page
from snapshots.quarantine import Quarantine
from snapshots.record import Outcome, Review, SavedPage, SourceStatus, Told
from snapshots.row_prints import add_print, require_print
from snapshots.schema import CAPTURES, DOCUMENTS, META, PAGES, REVIEWS, RUNS, TOLD
from snapshots.snapshot import StoredDocument
from snapshots.source_log import load_source_statuses
from snapshots.watch_log import WatchLog


def open_store(address: str, *, create: bool = True, holder: Holder | None = None) -> Store:
    """The store at the address, a file name (SQLite) or a database URL, as a context manager.

    A store that does not exist is made, its folder too; with `create` False it is an empty one that keeps nothing. A
    run that writes gives itself as the `holder`, and has the store for itself until it closes it; who reads need not
    wait. Raises StoreDamagedError for what is damaged or not ours (and leaves it as it is), StoreBusyError when another
    run holds it, UsageError and StoreUnwritableError for a place that cannot be used.
    """
    return Store(open_database(address, create=create, holder=holder))


class Store:
    """An open store. Instants go in aware, and come out in UTC."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.watch = WatchLog(database)
        self.quarantine = Quarantine(database)
        self.derivations = Derivations(database)
        self.checks = Checks(database)
        self._read_as: tuple[Derived, ...] = ()
        self.outbox = Outbox(database)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def name(self) -> str:
        """The file, or the address without its password."""
        return self._database.name

    @property
    def upgraded_from(self) -> int | None:
        """The schema that the store had before this opening brought it to the present one; None where it had that."""
        return self._database.upgraded_from

    @property
    def left_by(self) -> Holder | None:
        """The run that held the store last, where it ended without letting go; only a holder is told."""
        return self._database.left_by

    def close(self) -> None:
        """Let go of the store."""
        self._database.close()

    def keep_together(self) -> AbstractContextManager[None]:
        """A block of which all that is stored in it becomes visible at its end, together, or nothing of it ever.

        The transaction begins with the first write. Others can read meanwhile, and see what was there before.
        """
        return self._database.keep_together()

    def save_page(
        self,
        page: Page,
        reading: Reading,
        *,
        method: Method,
        source: str | None,
        captured: dt.datetime,
        effective: dt.date | None,
        now: dt.datetime,
    ) -> SavedPage:
        """The page as the store has it now.

        Bytes that its address showed last, or that another one showed, add a line to the log of captures, no more.
        Bytes that come back after others had stood there are news, and are kept once all the same.

        `effective` is the user's word for since when the page is in force, whatever it states; `captured` gives the
        day of a page that states none, by the calendar of its own zone.
        """
        _require_aware(captured)
        _require_aware(now)
        capture = {
            "name": page.name,
            "url": page.url,
            "source": source,
            "captured": captured,
            "captured_on": captured.date(),
            "stored": now,
        }
        with self._database.transact(writes=True) as connection:
            connection.execute(select(META).with_for_update())  # in PostgreSQL, writers wait for each other here
            is_new = connection.scalar(select(PAGES.c.sha256).where(PAGES.c.sha256 == page.sha256)) is None
            shown = connection.scalar(_select_shown(page))
            is_news = is_new or (shown is not None and shown != page.sha256)
            if is_new:
                _insert_page(connection, page)
                derived = Derived(
                    page_sha256=page.sha256,
                    reading=reading,
                    method=method,
                    captured_on=captured.date(),
                    effective=effective,
                )
                _put_derived(connection, derived)
            sequence = _load_last_sequence(connection) + 1 if is_news else None
            row = {"page_sha256": page.sha256, "sequence": sequence, **capture}
            connection.execute(insert(CAPTURES).values(add_print(CAPTURES, row)))
            documents = load_documents(connection, CAPTURES.c.page_sha256 == page.sha256)
            documents = tuple(stored for stored in documents if stored.sequence == documents[-1].sequence)
        is_ignored = effective is not None and any(stored.in_force.date != effective for stored in documents)
        return SavedPage(added=is_news, documents=documents, ignored_effective=effective if is_ignored else None)

    def replace_derived(self, derived: Iterable[Derived], refused: Iterable[Refused], reparse: Reparse | None) -> None:
        """Put what was derived again in the place of the documents of its pages, all of it or nothing.

        The pages, the captures and all that was told stay as they are. A page that was refused keeps its documents,
        and the reason with them. `reparse` None: a repair, which is not written into the log.
        """
        with self._database.transact(writes=True) as connection:
            connection.execute(select(META).with_for_update())
            for page in derived:
                connection.execute(delete(DOCUMENTS).where(DOCUMENTS.c.page_sha256 == page.page_sha256))
                _put_derived(connection, page)
            for failed in refused:
                keep_method(
                    connection,
                    failed.page_sha256,
                    failed.method,
                    effective=failed.effective,
                    refused_by=failed.refused_by,
                    refusal=failed.refusal,
                )
            if reparse is not None:
                keep_reparse(connection, reparse)

    def load_documents(
        self, *, known_on: dt.datetime | None = None, until_sequence: int | None = None
    ) -> tuple[StoredDocument, ...]:
        """The documents in the order in which their pages were stored; of those, what was known at the instant."""
        conditions: list[ColumnElement[bool]] = []
        if known_on is not None:
            _require_aware(known_on)
            conditions.append(CAPTURES.c.stored <= known_on)
        if until_sequence is not None:
            conditions.append(CAPTURES.c.sequence <= until_sequence)
        with self._database.transact() as connection:
            require_documents(connection, *conditions, but=frozenset(page.page_sha256 for page in self._read_as))
            if not self._read_as:
                return load_documents(connection, *conditions)
        return tuple(
            stored
            for stored in self.preview_derived(self._read_as)
            if (known_on is None or stored.known <= known_on)
            and (until_sequence is None or stored.sequence <= until_sequence)
        )

    def preview_derived(self, derived: Iterable[Derived]) -> tuple[StoredDocument, ...]:
        """The documents as `load_documents` would give them, were those of these pages replaced."""
        with self._database.transact() as connection:
            documents = load_documents(connection)
            captures = connection.execute(
                select(CAPTURES).where(CAPTURES.c.sequence.is_not(None)).order_by(CAPTURES.c.sequence)
            ).all()
        return replace_documents(documents, captures, derived)

    def read_as(self, derived: Iterable[Derived]) -> None:
        """Give the documents of these pages, as long as the store is open, as they are here; nothing is written."""
        self._read_as = tuple(derived)

    def load_page_documents(self, sha256: str) -> tuple[StoredDocument, ...]:
        """The documents of one page, as it came first."""
        with self._database.transact() as connection:
            documents = load_documents(connection, CAPTURES.c.page_sha256 == sha256)
        return tuple(stored for stored in documents if stored.sequence == documents[0].sequence)

    def back_up(self, path: Path) -> int:
        """Copy the store into a file, checked, and return how many raw pages it holds."""
        return back_up(self._database, path)

    def load_page(self, sha256: str) -> Page:
        """The page as it first came; raises UsageError where the store has no such page."""
        with self._database.transact() as connection:
            first = select(CAPTURES).where(CAPTURES.c.page_sha256 == sha256).order_by(CAPTURES.c.id).limit(1).subquery()
            query = select(PAGES, *first.c).join(first, first.c.page_sha256 == PAGES.c.sha256)
            row = connection.execute(query).one_or_none()
            if row is None:
                raise UsageError(f"{self._database.name}: no page {sha256} is stored")
            require_print(CAPTURES, row)
            content = unpack_page(row.content, sha256)
        return Page(
            name=row.name,
            content=content,
            sha256=sha256,
            url=row.url,
            media_type=row.media_type,
            declared_encoding=row.declared_encoding,
            captured=row.captured,
        )

    def record_capture(self, source: str, *, at: dt.datetime, page_sha256: str | None, outcome: Outcome) -> None:
        """Keep what a run saw of the source."""
        _require_aware(at)
        row = {"source": source, "at": at, "page_sha256": page_sha256, "outcome": outcome}
        with self._database.transact(writes=True) as connection:
            connection.execute(insert(RUNS).values(**row))

    def load_sources(self) -> tuple[SourceStatus, ...]:
        """How current each source is that was ever named, in order of name."""
        with self._database.transact() as connection:
            return load_source_statuses(connection)

    def save_told(self, *, at: dt.datetime, sequence: int) -> None:
        """Keep that a digest was written, and up to which stored page it tells."""
        _require_aware(at)
        with self._database.transact(writes=True) as connection:
            connection.execute(insert(TOLD).values(add_print(TOLD, {"at": at, "sequence": sequence})))

    def load_told(self) -> Told | None:
        """The last digest that was written."""
        with self._database.transact() as connection:
            row = connection.execute(select(TOLD).order_by(TOLD.c.id.desc()).limit(1)).one_or_none()
            return None if row is None else _read_told(row)

    def load_digests(self) -> tuple[Told, ...]:
        """All digests that were written, oldest first."""
        with self._database.transact() as connection:
            return tuple(map(_read_told, connection.execute(select(TOLD).order_by(TOLD.c.id))))

    def save_review(self, review: Review) -> None:
        """Keep what somebody decided; earlier decisions stay in the log."""
        _require_aware(review.at)
        with self._database.transact(writes=True) as connection:
            connection.execute(insert(REVIEWS).values(add_print(REVIEWS, msgspec.structs.asdict(review))))

    def load_reviews(self, *, until: dt.datetime | None = None) -> tuple[Review, ...]:
        """All decisions, oldest first; of those, what was decided by the instant."""
        query = select(REVIEWS).order_by(REVIEWS.c.id)
        if until is not None:
            _require_aware(until)
            query = query.where(REVIEWS.c.at <= until)
        with self._database.transact() as connection:
            rows = connection.execute(query).all()
            for row in rows:
                require_print(REVIEWS, row)
        return tuple(
            Review(finding=row.finding, decision=row.decision, reason=row.reason, who=row.who, at=row.at)
            for row in rows
        )


def _select_shown(page: Page) -> Select[str]:
    """The page that its address, or its file name, showed last."""
    place = CAPTURES.c.name == page.name if page.url is None else CAPTURES.c.url == page.url
    shown = select(CAPTURES.c.page_sha256).where(place, CAPTURES.c.sequence.is_not(None))
    return shown.order_by(CAPTURES.c.sequence.desc()).limit(1)


def _insert_page(connection: Connection, page: Page) -> None:
    connection.execute(
        insert(PAGES).values(
            sha256=page.sha256,
            media_type=page.media_type,
            declared_encoding=page.declared_encoding,
            size=len(page.content),
            content=pack_page(page.content),
        )
    )


def _put_derived(connection: Connection, derived: Derived) -> None:
    insert_documents(connection, derived)
    keep_method(connection, derived.page_sha256, derived.method, effective=derived.effective)


def _load_last_sequence(connection: Connection) -> int:
    return connection.scalar(select(func.max(CAPTURES.c.sequence))) or 0


def _read_told(row: Row[Any]) -> Told:
    require_print(TOLD, row)
    return Told(at=row.at, sequence=row.sequence)


def _require_aware(instant: dt.datetime) -> None:
    if instant.tzinfo is None:
        raise ValueError("an instant without a zone means nothing to a store")
