"""`backup`: a checked copy of the store, made while it is used."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from program_running import make_notice, run_program, write_page

FIRST = make_notice("2025年1-3月", 個人征信="營業執照")
SECOND = make_notice("2025年4-6月", 個人征信="!個人征信業務經營許可證")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store of one page."""
    path = tmp_path / "notices.db"
    assert run_program("--store", path, "add", write_page(tmp_path, "first.txt", FIRST)).exit_code == 0
    return path


def show(store: Path) -> str:
    run = run_program("--store", store, "snapshots", "--format", "json")
    assert run.exit_code == 0, run.output
    return run.stdout


def test_a_backup_is_a_store_and_restoring_it_is_copying_it_back(store: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    before = show(store)
    run = run_program("--store", store, "backup", copy)
    assert (run.exit_code, run.stderr) == (0, "")
    assert run.stdout == f"{copy}: a checked copy of the store, 1 raw page\n"
    run_program("--store", store, "add", write_page(tmp_path, "second.txt", SECOND))
    assert show(store) != before
    copy.replace(store)
    assert show(store) == before
    assert run_program("--store", store, "doctor").exit_code == 0


def test_a_store_that_is_named_as_an_address_is_not_its_own_backup_either(store: Path) -> None:
    run = run_program("--store", f"sqlite:///{store}", "backup", store, "--force")
    assert (run.exit_code, run.stderr) == (2, f"noticediff: {store}: is the store itself; name another file\n")


def test_the_copy_is_one_file_with_nothing_beside_it(store: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    folder = tmp_path / "backups"
    folder.mkdir()
    assert run_program("--store", store, "backup", folder / "copy.db").exit_code == 0
    assert [path.name for path in folder.iterdir()] == ["copy.db"]
    assert show(folder / "copy.db") == show(store)


def test_a_backup_is_made_while_a_run_is_writing_and_holds_what_was_there_before(store: Path, tmp_path: Path) -> None:
    before = show(store)
    with closing(sqlite3.connect(store, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM documents")
        assert run_program("--store", store, "backup", tmp_path / "copy.db").exit_code == 0
        writer.execute("ROLLBACK")
    assert show(tmp_path / "copy.db") == before


def test_what_is_there_is_replaced_only_when_asked_for(store: Path, tmp_path: Path) -> None:
    there = write_page(tmp_path, "copy.db", "a list of things to buy")
    run = run_program("--store", store, "backup", there)
    assert (run.exit_code, run.stdout) == (2, "")
    assert run.stderr == f"noticediff: {there}: exists; name another file, or replace it with --force\n"
    assert there.read_text() == "a list of things to buy"
    assert run_program("--store", store, "backup", there, "--force").exit_code == 0
    assert show(there) == show(store)


def test_a_device_or_a_pipe_is_not_replaced_by_a_copy(store: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    run = run_program("--store", store, "backup", pipe, "--force")
    assert (run.exit_code, run.stdout) == (2, "")
    assert run.stderr == f"noticediff: {pipe}: is a device or a pipe; name a file for the backup\n"
    assert pipe.is_fifo()


def test_a_folder_that_is_not_there_is_named(store: Path, tmp_path: Path) -> None:
    run = run_program("--store", store, "backup", tmp_path / "none" / "copy.db")
    assert run.stderr == (
        f"noticediff: {tmp_path / 'none' / 'copy.db'}: there is no folder {tmp_path / 'none'}; make it first\n"
    )


def test_the_store_is_never_its_own_backup(store: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(store)
    before = store.read_bytes()
    for place in (store, link):
        run = run_program("--store", store, "backup", place, "--force")
        assert run.exit_code == 2
        assert "is the store itself" in run.stderr
    assert store.read_bytes() == before


def test_a_damaged_store_gives_no_backup_and_leaves_the_last_one(store: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    run_program("--store", store, "backup", copy)
    before = copy.read_bytes()
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.execute("UPDATE pages SET content = substr(content, 1, 40)")
    names = sorted(path.name for path in tmp_path.iterdir())
    run = run_program("--store", store, "backup", copy, "--force")
    assert run.exit_code == 6
    assert "no backup was made, the store is damaged: page " in run.stderr
    assert run.stderr.count("\n") == 1
    assert copy.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == names


@pytest.mark.parametrize("place", ["none/copy.db", ".", "first.txt/copy.db"])
def test_a_place_that_cannot_be_written_is_told_in_one_line(store: Path, tmp_path: Path, place: str) -> None:
    run = run_program("--store", store, "backup", tmp_path / place)
    assert (run.exit_code, run.stdout) == (2, "")
    assert run.stderr.startswith(f"noticediff: {tmp_path / place}: ")
    assert run.stderr.count("\n") == 1


@pytest.mark.skipif(not Path("/dev/full").exists() or os.name != "posix", reason="no small file system can be had")
def test_a_backup_that_finds_no_room_leaves_nothing_behind(store: Path, tmp_path: Path) -> None:
    import resource  # noqa: PLC0415 - of POSIX only

    folder = tmp_path / "full"
    folder.mkdir()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, limits[1]))
    try:
        run = run_program("--store", store, "backup", folder / "copy.db")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert run.exit_code == 2, run.output
    assert list(folder.iterdir()) == []


def test_postgresql_is_backed_up_with_its_own_tools(tmp_path: Path, postgresql: str) -> None:
    run = run_program("--store", postgresql, "backup", tmp_path / "copy.db")
    assert run.exit_code == 2
    assert "pg_dump" in run.stderr


@pytest.mark.parametrize("name", ["notices.db.lock", "notices.db-wal", "notices.db-shm", "notices.db-journal"])
def test_a_backup_takes_no_name_that_the_store_needs(store: Path, tmp_path: Path, name: str) -> None:
    place = tmp_path / name
    before = place.read_bytes() if place.exists() else None
    run = run_program("--store", store, "backup", place, "--force")
    assert run.exit_code == 2
    assert run.stderr == f"noticediff: {place}: is a name that {store} needs; name another file for the backup\n"
    assert (place.read_bytes() if place.exists() else None) == before


def test_a_backup_does_not_take_the_place_of_a_pipe(store: Path, tmp_path: Path) -> None:
    place = tmp_path / "pipe"
    os.mkfifo(place)
    run = run_program("--store", store, "backup", place, "--force")
    assert run.exit_code == 2
    assert run.stderr == f"noticediff: {place}: is a device or a pipe; name a file for the backup\n"
    assert place.is_fifo()


def test_the_log_of_what_stood_there_is_not_folded_into_the_copy(store: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    assert run_program("--store", store, "backup", copy).exit_code == 0
    before = copy.read_bytes()
    log = tmp_path / "copy.db-wal"
    log.write_bytes(b"the log of a run that was killed")
    run = run_program("--store", store, "backup", copy, "--force")
    assert run.exit_code == 2
    assert run.stderr == (
        f"noticediff: {log}: stands beside the backup, of a run that uses it or was killed; move both away\n"
    )
    assert copy.read_bytes() == before
