"""Checks of a store, a look at each table: what is damaged, where, and what of it can be made again."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from msgspec import Struct
from sqlalchemy import Column, delete, func, select

from snapshots.database import Database
from snapshots.errors import StoreBusyError, StoreUnwritableError, UsageError
from snapshots.file_hold import find_obstacle, is_held, load_holder
from snapshots.holder import Holder
from snapshots.packing import unpack_page
from snapshots.row_prints import PRINTED, describe_damage, is_as_written
from snapshots.schema import CAPTURES, DERIVATIONS, DOCUMENTS, ENTRIES, META, PAGES, QUARANTINE, RUNS, TOLD, VALIDATORS
from snapshots.server_hold import load_server_holder

_FAULTS = 20
"""How many lines SQLite's own check gives before it stops."""

Remedy = Literal["index", "validators", "derivations", "documents"]


class Fault(Struct, frozen=True, kw_only=True):
    """Something damaged: what, in words that name the place.

    `remedy` is what can be made again, or removed without loss; None: only a copy helps. `page_sha256` is the page
    whose documents have to be derived again.
    """

    message: str
    remedy: Remedy | None = None
    page_sha256: str | None = None


class Checks:
    """The checks of one store. None of them writes; `remove_dangling` and `rebuild_indexes` do."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def check_integrity(self) -> tuple[Fault, ...]:
        """What the database finds wrong with its own file; PostgreSQL looks after its files itself."""
        with self._database.transact() as connection:
            if connection.dialect.name != "sqlite":
                return ()
            told = [row[0] for row in connection.exec_driver_sql(f"PRAGMA integrity_check({_FAULTS})")]
        faults = [
            line for text in told if text != "ok" for line in str(text).splitlines() if not line.startswith("***")
        ]
        return tuple(Fault(message=f"SQLite: {line}", remedy="index" if "index" in line else None) for line in faults)

    def count_pages(self) -> int:
        """How many raw pages there are."""
        with self._database.transact() as connection:
            return connection.scalar(select(func.count()).select_from(PAGES)) or 0

    def check_pages(self) -> Iterator[Fault]:
        """The raw pages that cannot be unpacked, or are not those that their hash names; one at a time in memory."""
        with self._database.transact() as connection:
            names = connection.scalars(select(PAGES.c.sha256).order_by(PAGES.c.sha256)).all()
        for name in names:
            with self._database.transact() as connection:
                row = connection.execute(select(PAGES.c.content, PAGES.c.size).where(PAGES.c.sha256 == name)).one()
            if wrong := _find_wrong_bytes(row.content, name, row.size):
                yield Fault(message=wrong)

    def check_quarantine(self) -> Iterator[Fault]:
        """The pages in quarantine whose bytes are damaged."""
        with self._database.transact() as connection:
            rows = connection.execute(select(QUARANTINE.c.id, QUARANTINE.c.content, QUARANTINE.c.page_sha256)).all()
        for row in rows:
            if wrong := _find_wrong_bytes(row.content, row.page_sha256, None):
                yield Fault(message=f"quarantine {row.id}: {wrong}")

    def check_prints(self) -> Iterator[Fault]:
        """The captures, pages in quarantine, decisions and marks of what was told that are not as they were written."""
        for table in PRINTED:
            with self._database.transact() as connection:
                for row in connection.execute(select(*(column for column in table.c if column.name != "content"))):
                    if not is_as_written(table, row):
                        yield Fault(message=describe_damage(table, row))

    def check_references(self) -> tuple[Fault, ...]:
        """What points at a page that is not there, and pages that nothing says the origin of."""
        faults = [
            *self._list_dangling(CAPTURES.c.page_sha256, "a capture of it is logged", None),
            *self._list_dangling(DOCUMENTS.c.page_sha256, "its documents are there", None),
            *self._list_dangling(VALIDATORS.c.page_sha256, "validators name it", "validators"),
            *self._list_dangling(DERIVATIONS.c.page_sha256, "it is logged how it was read", "derivations"),
        ]
        with self._database.transact() as connection:
            lost = select(PAGES.c.sha256).where(PAGES.c.sha256.not_in(select(CAPTURES.c.page_sha256)))
            faults += [
                Fault(message=f"page {name}: no capture of it is logged, so it has no place in time")
                for name in connection.scalars(lost.order_by(PAGES.c.sha256))
            ]
            last = connection.scalar(select(func.max(CAPTURES.c.sequence))) or 0
            told = connection.scalar(select(func.max(TOLD.c.sequence))) or 0
        if told > last:
            faults.append(Fault(message=f"a digest told up to page {told}, and the last one stored is {last}"))
        return tuple(faults)

    def find_latest(self) -> dict[str, dt.datetime]:
        """The latest instant of each kind that the store has logged."""
        columns: dict[str, Column[dt.datetime]] = {
            "page stored": CAPTURES.c.stored,
            "page captured": CAPTURES.c.captured,
            "run": RUNS.c.at,
            "digest": TOLD.c.at,
        }
        with self._database.transact() as connection:
            latest = {name: connection.scalar(select(func.max(column))) for name, column in columns.items()}
        return {name: instant for name, instant in latest.items() if instant is not None}

    def find_holder(self, address: str) -> tuple[Holder | None, bool]:
        """The run that holds the store, or held it last and did not let go; whether it is the latter."""
        with self._database.transact() as connection:
            if connection.dialect.name != "sqlite":
                return load_server_holder(connection), False
        holder = load_holder(Path(address))
        return holder, holder is not None and not is_held(Path(address))

    def find_hindrance(self, address: str) -> str | None:
        """Why nothing can be written just now (another run does, or the place is read-only); None where it can."""
        if "://" not in address and (obstacle := find_obstacle(Path(address))) is not None:
            return obstacle
        try:
            with self._database.transact(writes=True) as connection:
                connection.execute(select(META).with_for_update())
        except (StoreBusyError, StoreUnwritableError, UsageError) as error:
            return str(error)
        return None

    def load_schema_version(self) -> str:
        """The version of the schema, as the store says it."""
        with self._database.transact() as connection:
            return connection.scalar(select(META.c.value).where(META.c.name == "schema_version")) or ""

    def remove_dangling(self) -> None:
        """Remove validators, and records of reading, of pages that are not there: the next fetch makes new ones."""
        with self._database.transact(writes=True) as connection:
            for table in (VALIDATORS, DERIVATIONS):
                connection.execute(delete(table).where(table.c.page_sha256.not_in(select(PAGES.c.sha256))))

    def remove_damaged_entries(self) -> int:
        """Remove the entries that are not what their hash names, and return how many.

        Otherwise what is derived again would share them.
        """
        with self._database.transact(writes=True) as connection:
            rows = connection.execute(select(ENTRIES.c.id, ENTRIES.c.sha256, ENTRIES.c.body)).all()
            wrong = [row.id for row in rows if hashlib.sha256(row.body.encode()).hexdigest() != row.sha256]
            for number in wrong:
                connection.execute(delete(ENTRIES).where(ENTRIES.c.id == number))
        return len(wrong)

    def rebuild_indexes(self) -> None:
        """Make the indexes again from their tables."""
        with self._database.transact(writes=True) as connection:
            connection.exec_driver_sql("REINDEX")

    def _list_dangling(self, column: Column[str], what: str, remedy: Remedy | None) -> Iterator[Fault]:
        with self._database.transact() as connection:
            query = select(column).where(column.not_in(select(PAGES.c.sha256))).distinct().order_by(column)
            names = connection.scalars(query).all()
        for name in names:
            yield Fault(message=f"page {name}: {what}, and the page is not there", remedy=remedy)


def _find_wrong_bytes(packed: bytes, sha256: str, size: int | None) -> str | None:
    try:
        content = unpack_page(packed, sha256)
    except ValueError as error:
        return str(error)
    if size is not None and size != len(content):
        return f"page {sha256}: it has {len(content)} bytes, and {size} are logged"
    return None
