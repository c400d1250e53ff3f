"""The opening of a store's database: found, made, brought up or refused, before anything is read from it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, insert, inspect, select, update
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from snapshots.database import Database
from snapshots.durable import make_folder
from snapshots.errors import StoreDamagedError, StoreUnwritableError, UsageError
from snapshots.holder import Holder
from snapshots.schema import META, METADATA, SCHEMA_VERSION
from snapshots.server_hold import hold_on_server
from snapshots.sqlite_file import is_file_ours
from snapshots.still_file import StillFile, has_log

_SECRETS = frozenset({"password", "sslpassword"})
"""What the address of a PostgreSQL database may hold behind its name, and nobody should read."""


def open_database(address: str, *, create: bool, holder: Holder | None) -> Database:
    """The database of the address, with our tables in it.

    Where there is nothing yet, it is made; or, if it is not to be made, an empty one in memory stands for it. The store
    of an earlier release is brought to the present schema, by whatever opens it first: nobody has to know of it. With a
    `holder` no other run can hold it until it is closed, and others can read it all the same. What belongs to another
    program, or to a later version of this one, is refused and left as it is.
    """
    url = _parse_address(address)
    name = _name_database(url)
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
    except (ArgumentError, ValueError) as error:
        scheme = address.partition("://")[0]  # what is behind it may hold a password
        told = f"'{scheme}://…' is no database address; write postgresql://user@host/database"
        raise UsageError(told) from error
    if url.drivername in {"postgresql", "postgres"}:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername in {"sqlite", "postgresql+psycopg"}:
        return url
    raise UsageError(f"a store cannot be kept in '{url.drivername}'; name a file, or a postgresql:// address")


def name_store(address: str) -> str:
    """The store of the address as messages name it: its file, or the address without its secrets."""
    url = _parse_address(address)
    return str(Path(url.database or "")) if url.get_backend_name() == "sqlite" else _name_database(url)


def _name_database(url: URL) -> str:
    """The address without its secrets: a password may stand before the host, or behind the name."""
    shown = {key: "***" if key in _SECRETS else value for key, value in url.query.items()}
    return url.set(query=shown).render_as_string(hide_password=True)


def _is_file_name(address: str) -> bool:
    """Whether SQLite can open a file of that name: its names are UTF-8, and end at a NUL."""
    try:
        return b"\0" not in address.encode()
    except UnicodeEncodeError:
        return False


def _make_folder(folder: Path) -> None:
    try:
        make_folder(folder)
    except OSError as error:
        raise UsageError(
            f"{folder}: the store's folder cannot be made ({error.strerror}); choose another --store"
        ) from error


def _open_in_memory(name: str) -> Database:
    database = Database(name, URL.create("sqlite"))
    _make_tables(database)
    return database


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
    version = str(marks.get("schema_version", ""))  # one flipped bit makes bytes of a text
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
