"""The connection to the database: its transactions, and what its errors mean to a user."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Connection, Engine, RootTransaction, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from snapshots.errors import (
    NoticediffError,
    StoreBusyError,
    StoreDamagedError,
    StoreUnreachableError,
    StoreUnwritableError,
    UsageError,
)
from snapshots.holder import Holder
from snapshots.still_file import StillFile

if TYPE_CHECKING:  # who only reads holds nothing
    from snapshots.file_hold import FileHold

_BUSY_SECONDS = 2
_CONNECT_SECONDS = 10
_UNWRITABLE = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
_SESSION = (
    f"-c lock_timeout={_BUSY_SECONDS}s -c idle_in_transaction_session_timeout=0 "
    "-c tcp_keepalives_idle=60 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3"
)
"""PostgreSQL: a transaction may wait for slow pages, and a machine that has lost its power is noticed."""
_BUSY_STATES = frozenset({"55P03", "40001", "40P01", "23505"})
"""PostgreSQL: lock not available, serialization failure, deadlock, a row that another run has just written."""
_UNWRITABLE_STATES = frozenset({"42501", "25006", "53100"})
"""PostgreSQL: a role without the right, a server that is read only, a full disk."""

_UNREACHABLE = ("08", "57P0", "533")
"""PostgreSQL: a connection that failed, a server that shuts down or starts, too many connections. A connection that was
never made has no state at all."""


class Database:
    """One open connection to a database that has our tables."""

    def __init__(self, name: str, url: URL, *, hold: FileHold | None = None, still: StillFile | None = None) -> None:
        self.name = name
        self.upgraded_from: int | None = None
        self._hold = hold
        self._still = still
        self._is_together = False
        self._together: RootTransaction | None = None
        with _translate_errors(name):
            self._engine = _create_engine(url)
            self._connection = self._engine.connect()

    @contextmanager
    def transact(self, *, writes: bool = False) -> Iterator[Connection]:
        """A transaction, all of it or nothing. One that writes waits for others that do, for a short time.

        Within `keep_together` it is a part of the larger one, from the first that writes on. A ValueError within it is
        something read that makes no sense (no time, no JSON, other bytes than a hash names): the store is damaged.
        """
        with _translate_errors(self.name), _detect_damage(self.name):
            if self._together is None and not (writes and self._is_together):
                with self._begin(writes=writes):
                    yield self._connection
                if self._still is not None:
                    self._still.check()
                return
            if self._together is None:
                self._together = self._begin(writes=True)
            nested = self._connection.begin_nested()
            try:
                yield self._connection
                nested.commit()
            except BaseException:
                with suppress(SQLAlchemyError):  # on a full disk SQLite has undone the larger one already
                    nested.rollback()
                raise

    def copy_to(self, path: Path) -> None:
        """Make a copy of the database in the file, as it is at one moment, also while another run writes.

        Raises OSError where the file cannot be written, UsageError for a database that is no file.
        """
        if "://" in self.name:
            raise UsageError(f"{self.name}: a PostgreSQL database is backed up with pg_dump, and restored with psql")
        driver = cast("sqlite3.Connection", self._connection.connection.driver_connection)
        try:
            with closing(sqlite3.connect(path, isolation_level=None)) as copy:
                driver.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _UNWRITABLE:
                raise OSError(errno.EIO, str(error)) from error
            raise _explain_error(self.name, error) from error

    @contextmanager
    def keep_together(self) -> Iterator[None]:
        """All that is written meanwhile becomes visible at the end; after an error or a kill, nothing of it."""
        self._is_together = True
        try:
            yield
            if self._together is not None:
                with _translate_errors(self.name):
                    self._together.commit()
        finally:
            together, self._together, self._is_together = self._together, None, False
            if together is not None and together.is_active:
                with _translate_errors(self.name):
                    together.rollback()

    def _begin(self, *, writes: bool) -> RootTransaction:
        self._connection.execution_options(noticediff_writes=writes)
        return self._connection.begin()

    def keep_log(self) -> None:
        """Have SQLite write ahead into a log, so that who reads does not wait for who writes, from now on and for ever.

        Where another run uses the store just now, a later opening does it; where the file system cannot share memory
        between processes, SQLite goes on without. The log is folded into the file when the last one closes it.
        """
        with suppress(sqlite3.OperationalError):
            self._connection.connection.cursor().execute("PRAGMA journal_mode = WAL")

    def close(self) -> None:
        """Let go of the database, and of the hold on it last."""
        self._connection.close()
        self._engine.dispose()
        if self._hold is not None:
            self._hold.release()

    @property
    def left_by(self) -> Holder | None:
        """The run that held the store last, where it ended without letting go."""
        return None if self._hold is None else self._hold.left_by


def _create_engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        options = f"{url.query.get('options', '')} {_SESSION}"
        limits = {"connect_timeout": _CONNECT_SECONDS, "options": options}
        return create_engine(url, poolclass=NullPool, connect_args=limits)
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": _BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def _leave_transactions_to_us(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA synchronous = FULL")  # what is told of is on the disk, also with a log

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A writing transaction takes its lock at once: one that reads first and then writes can only fail.
        writes = connection.get_execution_options().get("noticediff_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@contextmanager
def _detect_damage(name: str) -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        what = str(error).partition("\n")[0]
        raise StoreDamagedError(f"{name}: the store is damaged: {what}; restore it from a copy") from error


@contextmanager
def _translate_errors(name: str) -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        raise UsageError(f"{name}: PostgreSQL needs more; install noticediff[postgresql]") from error
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise _explain_error(name, error) from error


def _explain_error(name: str, error: SQLAlchemyError | sqlite3.Error) -> NoticediffError:
    cause = error.orig if isinstance(error, DBAPIError) else error
    reason = str(cause).strip().partition("\n")[0]
    busy = StoreBusyError(f"{name}: another run holds the store; try again when it has ended")
    if isinstance(cause, sqlite3.Error):
        match getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF:
            case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
                return busy
            case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR:
                return StoreUnwritableError(name, reason)
    elif getattr(cause, "sqlstate", None) in _BUSY_STATES:
        return busy
    elif getattr(cause, "sqlstate", None) in _UNWRITABLE_STATES:
        return StoreUnwritableError(name, reason)
    elif (getattr(cause, "sqlstate", None) or _UNREACHABLE[0]).startswith(_UNREACHABLE):
        return StoreUnreachableError(f"{name}: the database cannot be reached ({reason}); check its address and server")
    return StoreDamagedError(f"{name}: the store is damaged ({reason}); restore it from a copy")
