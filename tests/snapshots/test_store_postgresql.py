"""The same store on PostgreSQL: NOTICEDIFF_TEST_POSTGRESQL names a database in which schemas may be made."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec
import pytest
from snapshot_making import make_document, make_entry, make_page, make_reading

from snapshots.errors import StoreBusyError, StoreDamagedError, StoreUnreachableError
from snapshots.method import Derived, Method, Refused, Reparse
from snapshots.notice import Problem
from snapshots.store import Store, open_store

MORNING = dt.datetime(2025, 4, 2, 8, 0, 0, 123456, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
METHOD = Method(parser_version="1", profile="wechat-miniprogram", profile_print="0" * 12, is_named=False)


def execute(address: str, *statements: str) -> None:
    sqlalchemy = pytest.importorskip("sqlalchemy")
    engine = sqlalchemy.create_engine(address.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(sqlalchemy.text(statement))
    engine.dispose()


def fill_store(store: Store) -> list[object]:
    """What a store gives back after a few nights: the same on every database."""
    told = []
    for day, text in enumerate(("一", "二\0", "一", "三")):
        page = make_page(text, name="\udcff\0頁.html", url="https://example.com/?a=類目")
        documents = [make_document(make_entry("added", "工具-天氣", scope=f"\0 {text}")), make_document()]
        problems = (Problem(line=3, text="?\0", code="unknown-heading", message="註"),)
        saved = store.save_page(
            page,
            make_reading(page, *documents, problems=problems),
            method=METHOD,
            source="notices",
            captured=MORNING.astimezone(dt.timezone(8 * dt.timedelta(hours=1))) + day * DAY,
            effective=None,
            now=MORNING + day * DAY,
        )
        told.append(saved)
        store.record_capture(
            "notices", at=MORNING, page_sha256=page.sha256, outcome="new" if saved.added else "unchanged"
        )
    store.record_capture("catalogue", at=MORNING, page_sha256=None, outcome="failed")
    store.save_told(at=MORNING, sequence=2)
    assert [*store.checks.check_prints()] == []
    return [
        *told,
        store.load_documents(),
        store.load_documents(known_on=MORNING + DAY),
        store.load_documents(until_sequence=1),
        store.load_page(make_page("二\0").sha256),
        store.load_sources(),
        store.load_told(),
    ]


def derive_again(store: Store) -> list[object]:
    """What a store gives back before and after all is derived again, with one page that is refused."""
    origins = store.derivations.list_origins()
    later = msgspec.structs.replace(METHOD, parser_version="2")
    document = make_document(make_entry("added", "工具-\0天氣"))
    derived = [
        Derived(
            page_sha256=origin.page_sha256,
            reading=make_reading(store.load_page(origin.page_sha256), document),
            method=later,
            captured_on=origin.captured_on,
            effective=None,
        )
        for origin in origins[1:]
    ]
    failed = Refused(
        page_sha256=origins[0].page_sha256, method=METHOD, effective=None, refused_by="2+x", refusal="\0 lost"
    )
    preview = store.preview_derived(derived)
    logged = Reparse(
        at=MORNING, from_versions="1", to_version="2", pages=3, documents_changed=2, entries_changed=4, refused=1
    )
    store.replace_derived(derived, (failed,), logged)
    assert store.load_documents() == preview
    return [
        origins,
        preview,
        store.derivations.list_origins(),
        store.derivations.load_reparses(),
        store.checks.check_integrity(),
        store.checks.check_references(),
        tuple(store.checks.check_pages()),
        store.checks.find_latest(),
    ]


def test_both_databases_are_derived_again_alike(postgresql: str, tmp_path: Path) -> None:
    with open_store(postgresql) as store, open_store(str(tmp_path / "notices.db")) as file_store:
        fill_store(store)
        fill_store(file_store)
        assert derive_again(store) == derive_again(file_store)


def test_both_databases_give_back_the_same(postgresql: str, tmp_path: Path) -> None:
    with open_store(postgresql) as store, open_store(str(tmp_path / "notices.db")) as file_store:
        assert fill_store(store) == fill_store(file_store)
    with open_store(postgresql) as store, open_store(str(tmp_path / "notices.db")) as file_store:
        assert store.load_documents() == file_store.load_documents() != ()


def test_a_schema_without_our_tables_is_empty_and_stays_so_when_it_is_only_read(postgresql: str) -> None:
    with open_store(postgresql, create=False) as store:
        assert store.load_documents() == ()
    execute(postgresql, "CREATE TABLE noticediff_meta (name TEXT)")  # would fail if it were there


def test_tables_of_another_program_are_left_alone(postgresql: str) -> None:
    execute(postgresql, "CREATE TABLE pages (sha256 TEXT)")
    with pytest.raises(StoreDamagedError, match="another program"):
        open_store(postgresql)
    execute(postgresql, "CREATE TABLE noticediff_meta (name TEXT)")


def test_a_store_that_another_run_writes_to_is_busy(postgresql: str) -> None:
    sqlalchemy = pytest.importorskip("sqlalchemy")
    page = make_page("一")
    with open_store(postgresql) as store:
        engine = sqlalchemy.create_engine(postgresql.replace("postgresql://", "postgresql+psycopg://"))
        with engine.begin() as other:
            other.execute(sqlalchemy.text("SELECT * FROM noticediff_meta FOR UPDATE"))
            with pytest.raises(StoreBusyError):
                store.save_page(
                    page,
                    make_reading(page, make_document()),
                    method=METHOD,
                    source=None,
                    captured=MORNING,
                    effective=None,
                    now=MORNING,
                )
            assert store.load_documents() == ()
        engine.dispose()


def test_a_database_that_does_not_exist_cannot_be_reached(postgresql: str) -> None:
    url = pytest.importorskip("sqlalchemy").make_url(postgresql).set(database="no_such_database")
    with pytest.raises(StoreUnreachableError, match=r"cannot be reached.*no_such_database") as caught:
        open_store(url.render_as_string(hide_password=False))
    assert "\n" not in str(caught.value)


def test_a_connection_that_the_server_ends_is_no_damage(postgresql: str) -> None:
    with open_store(postgresql) as store:
        with store._database.transact() as connection:  # noqa: SLF001 - to know the session among others
            connection.exec_driver_sql("SET application_name TO 'noticediff ended'")
        ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'noticediff ended'"
        execute(postgresql, ended)
        with pytest.raises(StoreUnreachableError, match="cannot be reached"):
            store.load_documents()


def test_a_server_that_does_not_answer_cannot_be_reached_and_its_password_is_kept() -> None:
    with pytest.raises(StoreUnreachableError) as caught:
        open_store("postgresql://user:secret@127.0.0.1:9/notices")
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)
