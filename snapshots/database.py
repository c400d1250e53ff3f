"""The connection to the database: which one an address means, whose it is, and what its errors mean to a user."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Connection, Engine, RootTransaction, create_engine, event, insert, inspect, select, update
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from snapshots.errors import NoticediffError, StoreBusyError, StoreDamagedError, StoreUnwritableError, UsageError
from snapshots.holder import Holder
from snapshots.schema import META, METADATA, SCHEMA_VERSION
from snapshots.server_hold import hold_on_server
from snapshots.sqlite_file import is_file_ours
from snapshots.still_file import StillFile, has_log

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
            with self._connection.begin_nested():
                yield self._connection

    def copy_to(self, path: Path) -> None:
        """Make a copy of the database in the file, as it is at one moment, also while another run writes.

        Raises OSError where the file cannot be written, UsageError for a database that is no file.
        """
        if self._engine.dialect.name != "sqlite":
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


def open_database(address: str, *, create: bool, holder: Holder | None) -> Database:
    """The database of the address, with our tables in it.

    Where there is nothing yet, it is made; or, if it is not to be made, an empty one in memory stands for it. The store
    of an earlier release is brought to the present schema, by whatever opens it first: nobody has to know of it. With a
    `holder` no other run can hold it until it is closed, and others can read it all the same. What belongs to another
    program, or to a later version of this one, is refused and left as it is.
    """
    url = _parse_address(address)
    name = url.render_as_string(hide_password=True)
    if url.get_backend_name() == "sqlite":
        path = Path(url.database or "")
        name = str(path)
        if not is_file_ours(path):
            if not create:
                return _open_in_memory(name)
            _make_folder(path.parent)
        database = _open_file(path, url, holder) if create or holder is not None else _open_to_read(path, url)
    else:
        database = _open_server(name, url, holder)
    try:
        version = _load_version(database)
        if version is None and create:
            _make_tables(database)
        elif version is not None and version < SCHEMA_VERSION:
            _upgrade(database)
        if url.get_backend_name() == "sqlite" and (create or holder is not None or database.upgraded_from is not None):
            database.keep_log()
    except BaseException:
        database.close()
        raise
    if version is not None or create:
        return database
    database.close()
    return _open_in_memory(name)


def _open_file(path: Path, url: URL, holder: Holder | None) -> Database:
    if holder is None:
        return Database(str(path), url)
    from snapshots.file_hold import FileHold  # noqa: PLC0415 - who only reads holds nothing

    hold = FileHold(path, holder)
    try:
        return Database(str(path), url, hold=hold)
    except BaseException:
        hold.release()
        raise


def _open_to_read(path: Path, url: URL) -> Database:
    """The file as anybody opens it; where that would need to write, and no log waits to be folded in, as it lies."""
    try:
        with closing(Database(str(path), url)) as database:
            _load_version(database)
    except StoreUnwritableError:
        if has_log(path):
            raise
        still = StillFile(path)
        return Database(str(path), still.url, still=still)
    return Database(str(path), url)


def _open_server(name: str, url: URL, holder: Holder | None) -> Database:
    database = Database(name, url)
    if holder is None:
        return database
    try:
        with database.transact() as connection:
            hold_on_server(connection, name, holder)
    except BaseException:
        database.close()
        raise
    return database


def _parse_address(address: str) -> URL:
    if address == ":memory:" or not _is_file_name(address):
        raise UsageError(f"{address!r} is no name of a file that can hold a store; choose another with --store")
    if "://" not in address:
        return URL.create("sqlite", database=address)
    try:
        url = make_url(address)
    except ArgumentError as error:
        raise UsageError(f"'{address}' is no database address; write postgresql://user@host/database") from error
    if url.drivername in {"postgresql", "postgres"}:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername in {"sqlite", "postgresql+psycopg"}:
        return url
    raise UsageError(f"a store cannot be kept in '{url.drivername}'; name a file, or a postgresql:// address")


def _is_file_name(address: str) -> bool:
    """Whether SQLite can open a file of that name: its names are UTF-8, and end at a NUL."""
    try:
        return b"\0" not in address.encode()
    except UnicodeEncodeError:
        return False


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{folder}: the store's folder cannot be made ({error.strerror}); choose another --store"
        ) from error


def _open_in_memory(name: str) -> Database:
    database = Database(name, URL.create("sqlite"))
    _make_tables(database)
    return database


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


def _load_version(database: Database) -> int | None:
    with database.transact() as connection:
        return _read_version(connection, database.name)


def _read_version(connection: Connection, name: str) -> int | None:
    """The schema of the store; None where there are no tables at all."""
    tables = inspect(connection).get_table_names()
    if META.name not in tables:
        if tables:
            raise StoreDamagedError(f"{name}: the database of another program; choose another with --store")
        return None
    marks = {row.name: row.value for row in connection.execute(select(META.c.name, META.c.value))}
    version = marks.get("schema_version", "")
    if marks.get("application") != "noticediff" or not version.isdecimal():
        raise StoreDamagedError(f"{name}: the store is damaged: its mark is lost; restore it from a copy")
    if int(version) > SCHEMA_VERSION:
        raise StoreDamagedError(f"{name}: the store of a later noticediff (schema {version}); upgrade noticediff")
    return int(version)


def _make_tables(database: Database) -> None:
    with database.transact(writes=True) as connection:
        if _read_version(connection, database.name) is not None:
            return  # another run made them while this one waited
        METADATA.create_all(connection, checkfirst=False)
        marks = {"application": "noticediff", "schema_version": str(SCHEMA_VERSION)}
        connection.execute(insert(META), [{"name": name, "value": value} for name, value in marks.items()])


def _upgrade(database: Database) -> None:
    """Bring an earlier store to the present schema, in one transaction: after a kill it is the old one."""
    from snapshots.migrate import upgrade_tables  # noqa: PLC0415 - it is due once in the life of a store

    try:
        with database.transact(writes=True) as connection:
            connection.execute(select(META).with_for_update())
            version = _read_version(connection, database.name)
            if version is None or version == SCHEMA_VERSION:
                return  # another run did it while this one waited
            upgrade_tables(connection, database.name, version)
            connection.execute(update(META).where(META.c.name == "schema_version").values(value=str(SCHEMA_VERSION)))
        database.upgraded_from = version
    except StoreUnwritableError as error:
        reason = f"{error.reason}; it is of an earlier noticediff and has to be brought up first"
        raise StoreUnwritableError(database.name, reason) from error


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
    elif getattr(cause, "sqlstate", None) is None:
        return UsageError(f"{name}: the database cannot be reached ({reason}); check the address and the server")
    return StoreDamagedError(f"{name}: the store is damaged ({reason}); restore it from a copy")
