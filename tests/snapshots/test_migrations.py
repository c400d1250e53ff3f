"""The store that release 0.1.0 wrote (old_stores/, a few nights over examples/) is opened with everything in it."""

from __future__ import annotations

import datetime as dt
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, create_engine, text
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.pool import NullPool

from snapshots.codec import decode_json
from snapshots.errors import StoreDamagedError
from snapshots.notice import Document
from snapshots.schema import METADATA, SCHEMA_VERSION
from snapshots.store import open_store

DUMPS = Path(__file__).parent / "old_stores"

POWERLESS = () if os.geteuid() else ("setpriv", "--bounding-set=-all", "--inh-caps=-all")
"""What takes from the superuser the right to write everywhere."""

Tables = dict[str, list[tuple[Any, ...]]]


def make_engine(address: str) -> Engine:
    if "://" not in address:
        return create_engine(f"sqlite:///{address}", poolclass=NullPool)
    return create_engine(make_url(address).set(drivername="postgresql+psycopg"), poolclass=NullPool)


def execute(address: str, statement: str) -> None:
    engine = make_engine(address)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def read_tables(address: str) -> Tables:
    """All that stands in the tables, without the columns that an upgrade changes or adds."""
    engine = make_engine(address)
    metadata = MetaData()
    metadata.reflect(engine)
    found: Tables = {}
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            columns = [column for column in table.c if column.name not in {"body", "places", "cause", "row_print"}]
            found[table.name] = [tuple(row) for row in connection.execute(table.select().with_only_columns(*columns))]
    engine.dispose()
    return found


def read_bodies(address: str) -> list[Document]:
    """The documents as schema 1 kept them, in the order of their pages."""
    engine = make_engine(address)
    query = "SELECT body FROM documents JOIN captures USING (page_sha256) WHERE sequence IS NOT NULL ORDER BY sequence"
    with engine.connect() as connection:
        bodies = connection.scalars(text(query)).all()
    engine.dispose()
    return [decode_json(body, Document) for body in bodies]


def make_old_file(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((DUMPS / "release-0.1.0.sqlite.sql").read_text(encoding="utf-8"))
    return str(path)


@pytest.fixture(params=["sqlite", "postgresql"])
def old_store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return make_old_file(tmp_path / "notices.db")
    address: str = request.getfixturevalue("postgresql")
    dump = (DUMPS / "release-0.1.0.postgresql.sql").read_text(encoding="utf-8")
    with pytest.importorskip("psycopg").connect(address, autocommit=True) as connection:
        connection.execute(dump.replace("old_store", address.rpartition("%3D")[2]))
    return address


def test_what_a_user_gave_as_the_day_of_a_page_is_known_as_given(old_store: str) -> None:
    given = "UPDATE documents SET in_force_date = '2025-02-01', in_force_basis = 'effective' WHERE page_sha256 = '{}'"
    with closing(make_engine(old_store).connect()) as connection:
        page = connection.scalars(text("SELECT min(page_sha256) FROM documents")).one()
    execute(old_store, given.format(page))
    with open_store(old_store) as store:
        dates = {origin.page_sha256: origin.effective for origin in store.derivations.list_origins()}
    assert {sha256: date for sha256, date in dates.items() if date is not None} == {page: dt.date(2025, 2, 1)}


@pytest.mark.parametrize("create", [True, False])
def test_the_store_of_an_earlier_release_opens_with_everything_in_it(old_store: str, create: bool) -> None:
    before, bodies = read_tables(old_store), read_bodies(old_store)
    assert all(before.values())
    with open_store(old_store, create=create) as store:
        assert store.upgraded_from == 1
        assert [stored.document for stored in store.load_documents()] == bodies
        assert len(store.load_digests()) == 2
        assert [review.decision for review in store.load_reviews()] == ["accepted", "dismissed"]
        assert [held.source for held in store.quarantine.list_held()] == ["catalogue"]
        failures = [*store.watch.load_failures("notices"), *store.watch.load_failures("catalogue")]
        assert [(failure.exit_code, failure.cause) for failure in failures] == [(3, "status 503"), (4, "")]
        assert all(store.load_page(stored.page_sha256).content for stored in store.load_documents())
        assert [*store.checks.check_prints()] == []
    after = read_tables(old_store)
    assert dict(after.pop("noticediff_meta")) == {"application": "noticediff", "schema_version": str(SCHEMA_VERSION)}
    assert {name: sorted(after[name]) for name in before if name in after} == {
        name: sorted(rows) for name, rows in before.items() if name != "noticediff_meta"
    }
    with open_store(old_store, create=create) as store:
        assert store.upgraded_from is None


def test_an_upgraded_store_has_the_tables_of_a_new_one(old_store: str) -> None:
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415 - its import warns nobody else
    from alembic.migration import MigrationContext  # noqa: PLC0415

    open_store(old_store).close()
    engine = make_engine(old_store)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    engine.dispose()


def test_what_a_new_run_reads_is_shared_with_what_an_earlier_release_stored(old_store: str) -> None:
    with open_store(old_store) as store:
        catalogues = [stored.document for stored in store.load_documents() if stored.document.kind == "catalogue"]
    shared = {id(entry.requirement) for entry in catalogues[0].entries if entry.requirement is not None}
    again = {id(entry.requirement) for entry in catalogues[1].entries if entry.requirement is not None}
    assert shared & again
    assert again - shared


KILLED = """
import os, signal, sys
from sqlalchemy import event
from sqlalchemy.engine import Engine
from snapshots.store import open_store

left = int(sys.argv[2])

@event.listens_for(Engine, "connect")
def write_early(connection, record):
    if "://" not in sys.argv[1]:
        connection.execute("PRAGMA cache_size = 1")

@event.listens_for(Engine, "before_cursor_execute")
def count(connection, cursor, statement, *rest):
    global left
    if statement.split()[0] in {"INSERT", "UPDATE", "CREATE", "ALTER", "DROP"}:
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

open_store(sys.argv[1]).close()
"""


@pytest.mark.parametrize("writes", [0, 1, 2, 5, 8, 11])
def test_a_kill_in_the_middle_of_an_upgrade_leaves_the_old_store(old_store: str, writes: int) -> None:
    before, bodies = read_tables(old_store), read_bodies(old_store)
    done = subprocess.run([sys.executable, "-c", KILLED, old_store, str(writes)], check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert (read_tables(old_store), read_bodies(old_store)) == (before, bodies)
    with open_store(old_store) as store:
        assert store.upgraded_from == 1
        assert [stored.document for stored in store.load_documents()] == bodies


def test_runs_that_upgrade_one_store_at_once_find_it_upgraded_or_busy(old_store: str) -> None:
    bodies = read_bodies(old_store)
    program = (
        "import sys\n"
        "from snapshots.errors import StoreBusyError\n"
        "from snapshots.store import open_store\n"
        "try: print(open_store(sys.argv[1]).upgraded_from)\n"
        "except StoreBusyError: print('busy')\n"
    )
    command = [sys.executable, "-c", program, old_store]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    told = [run.communicate()[0].strip() for run in runs]
    assert told.count("1") == 1
    assert set(told) <= {"1", "None", "busy"}
    with open_store(old_store) as store:
        assert [stored.document for stored in store.load_documents()] == bodies


def test_a_store_from_before_the_first_release_is_refused_and_left_as_it_is(old_store: str) -> None:
    execute(old_store, "DROP TABLE quarantine")
    before = read_tables(old_store)
    with pytest.raises(StoreDamagedError, match=r"before 0\.1\.0") as caught:
        open_store(old_store)
    assert "\n" not in str(caught.value)
    assert read_tables(old_store) == before


def test_an_old_store_that_may_not_be_written_is_named_in_one_line(tmp_path: Path) -> None:
    address = make_old_file(tmp_path / "notices.db")
    content = Path(address).read_bytes()
    Path(address).chmod(0o444)
    tmp_path.chmod(0o555)
    program = "import sys; from snapshots.store import open_store; open_store(sys.argv[1], create=False)"
    done = subprocess.run(
        [*POWERLESS, sys.executable, "-c", program, address], check=False, capture_output=True, text=True
    )
    tmp_path.chmod(0o755)
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f"snapshots.errors.StoreUnwritableError: {address}: the store cannot be written")
    assert "earlier noticediff" in last
    assert Path(address).read_bytes() == content
