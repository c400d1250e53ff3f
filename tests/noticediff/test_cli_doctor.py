"""`doctor`: what is damaged, where, and what to do; and what of it is made again."""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import time_machine
from profile_making import SHIPPED, WEAK, write_config, write_profile
from program_running import make_html, make_notice, run_program, write_page
from pytest_httpserver import HTTPServer

from snapshots.codec import encode_json
from snapshots.holder import Holder
from snapshots.notice import Page
from snapshots.record import Reason, Review
from snapshots.store import open_store

FIRST = make_notice("2025年1-3月", 個人征信="營業執照", 企業征信="!金融許可證")
SECOND = make_notice("2025年4-6月", 個人征信="!個人征信業務經營許可證")
DAY = dt.datetime(2025, 4, 2, 8, 0, 0, 123456, tzinfo=dt.UTC)
NAMES = [
    "file",
    "schema",
    "pages",
    "references",
    "records",
    "documents",
    "parser",
    "quarantine",
    "digests",
    "lock",
    "clock",
    "disk",
]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store of two pages."""
    path = tmp_path / "notices.db"
    pages = [write_page(tmp_path, f"{number}.txt", text) for number, text in enumerate((FIRST, SECOND))]
    assert run_program("--store", path, "add", *pages).exit_code == 0
    return path


def execute(store: Path, *statements: str) -> None:
    with closing(sqlite3.connect(store)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def examine(store: Path, *options: str, code: int) -> dict[str, Any]:
    run = run_program("--store", store, "doctor", "--format", "json", *options)
    assert run.exit_code == code, run.output
    output: dict[str, Any] = json.loads(run.stdout)
    return output


def list_damage(store: Path, *options: str) -> list[tuple[str, str, str | None]]:
    checks = examine(store, *options, code=6)["checks"]
    return [(check["name"], check["message"], check["advice"]) for check in checks if check["state"] == "damaged"]


def load_pages(store: Path) -> list[Any]:
    with closing(sqlite3.connect(store)) as connection:
        return connection.execute("SELECT * FROM pages ORDER BY sha256").fetchall()


def load_documents(store: Path) -> object:
    with open_store(str(store), create=False) as opened:
        return opened.load_documents()


def test_a_sound_store_gets_a_line_for_each_check(store: Path) -> None:
    run = run_program("--store", store, "doctor")
    assert (run.exit_code, run.stderr) == (0, "")
    lines = run.stdout.splitlines()
    assert [line.split(":")[0].split() for line in lines] == [["ok", name] for name in NAMES]
    assert "2 raw pages, each as its hash names it" in lines[2]
    assert "2 pages with documents that can be read, 2 compared with what the raw page gives" in lines[5]


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        ("UPDATE captures SET name = replace(name, '0', '1') WHERE id = 1", ("show",)),
        ("UPDATE captures SET captured = '2025-01-01 00:00:00.000000' WHERE id = 1", ("snapshots",)),
        ("UPDATE captures SET source = 'another' WHERE id = 1", ("show",)),
        ("UPDATE reviews SET reason = 'seed' WHERE id = 1", ("findings",)),
        ("UPDATE reviews SET row_print = '' WHERE id = 1", ("findings",)),
        ("UPDATE quarantine SET reasons = replace(reasons, 'n', 'm') WHERE id = 1", ("quarantine", "list")),
        ("UPDATE quarantine SET since = '2025-01-01 00:00:00.000000' WHERE id = 1", ("quarantine", "show", "1")),
    ],
)
def test_words_that_stand_once_in_the_store_are_known_to_be_as_they_were_written(
    tmp_path: Path, change: str, asked: tuple[str, ...]
) -> None:
    store = make_records(tmp_path)
    assert run_program("--store", store, *asked).exit_code == 0
    execute(store, change)
    table = change.split()[1]
    told = f"row 1 of {table} is not as it was written"
    assert ("records", told, "restore the store from a backup; a raw page is never made up") in list_damage(store)
    run = run_program("--store", store, *asked)
    assert (run.exit_code, run.stdout) == (6, "")
    assert run.stderr == f"noticediff: {store}: the store is damaged: {told}; restore it from a copy\n"
    backup = run_program("--store", store, "backup", tmp_path / "backup.db")
    assert backup.exit_code == 6
    assert told in backup.stderr


def make_records(folder: Path) -> Path:
    """A store with captures, a decision, and a page in quarantine."""
    path = folder / "notices.db"
    page = write_page(folder, "0.txt", FIRST)
    run_program("--store", path, "add", page)
    held = Page(name="b", content=b"b", sha256=hashlib.sha256(b"b").hexdigest(), captured=DAY)
    with open_store(str(path)) as store:
        store.save_review(Review(finding="0" * 12, decision="accepted", reason="seen", who="me", at=DAY))
        store.quarantine.hold("a", held, (Reason("empty", "nothing"),), now=DAY)
    return path


def test_a_look_changes_nothing(store: Path) -> None:
    before = store.read_bytes()
    run_program("--store", store, "doctor")
    assert store.read_bytes() == before


def test_a_store_that_is_not_there_is_told_as_everywhere(tmp_path: Path) -> None:
    run = run_program("--store", tmp_path / "none.db", "doctor")
    assert (run.exit_code, run.stdout) == (2, "")
    assert "no store is there" in run.stderr


def test_a_file_that_cannot_be_opened_is_told_as_a_check(store: Path) -> None:
    store.write_bytes(store.read_bytes()[:3000])
    ((name, message, _),) = list_damage(store)
    assert name == "store"
    assert "is damaged" in message


def test_a_flipped_byte_of_a_raw_page_is_named_and_never_mended(store: Path) -> None:
    flipped = "CAST(substr(content, 1, 40) || x'00' || substr(content, 42) AS BLOB)"
    execute(store, f"UPDATE pages SET content = {flipped} WHERE rowid = 1")  # noqa: S608 - our own words
    before = load_pages(store)
    ((name, message, advice),) = list_damage(store)
    assert (name, message.split(":")[0]) == ("pages", f"page {before_name(store)}")
    assert advice is not None
    assert advice.startswith("restore the store from a backup")
    assert list_damage(store, "--repair") == [(name, message, advice)]
    assert load_pages(store) == before


def before_name(store: Path) -> str:
    with closing(sqlite3.connect(store)) as connection:
        return str(connection.execute("SELECT sha256 FROM pages WHERE rowid = 1").fetchone()[0])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE documents SET body = '{' WHERE rowid = 1",
        "UPDATE documents SET body = replace(body, '2025年1-3月', '2025年') WHERE rowid = 1",
        "UPDATE documents SET problems = '[1]' WHERE rowid = 1",
        "UPDATE documents SET in_force_date = '2001-01-01' WHERE rowid = 1",
        "UPDATE documents SET in_force_date = 'soon' WHERE rowid = 1",
        "UPDATE documents SET number = 2 WHERE rowid = 1",
        "DELETE FROM documents WHERE rowid = 1",
    ],
)
def test_documents_that_are_not_what_the_page_gives_are_derived_again(store: Path, statement: str) -> None:
    before, raw = load_documents(store), load_pages(store)
    execute(store, statement)
    ((name, message, advice),) = list_damage(store)
    assert (name, advice) == ("documents", "`noticediff doctor --repair` mends it")
    assert before_name(store) in message
    repaired = examine(store, "--repair", code=0)
    assert repaired["repaired"] == [f"the documents of page {before_name(store)} were derived again from its bytes"]
    assert load_documents(store) == before
    assert load_pages(store) == raw
    examine(store, code=0)


def test_a_quick_look_leaves_the_comparison_out_and_still_reads_every_document(store: Path) -> None:
    execute(store, "UPDATE documents SET body = replace(body, '2025年1-3月', '2025年') WHERE rowid = 1")
    examine(store, "--quick", code=0)
    execute(store, "UPDATE documents SET body = '{' WHERE rowid = 1")
    assert [name for name, _, _ in list_damage(store, "--quick")] == ["documents"]


def test_what_an_earlier_profile_read_is_due_and_no_damage(tmp_path: Path) -> None:
    write_profile(tmp_path, WEAK)
    config = write_config(tmp_path)
    run_program("--config", config, "add", write_page(tmp_path, "first.txt", FIRST))
    write_profile(tmp_path, SHIPPED)
    run = run_program("--config", config, "doctor")
    assert run.exit_code == 0
    assert "warning   parser: 1 page was read by an earlier parser or profile; never derived again" in run.stdout
    run_program("--config", config, "reparse")
    assert "ok        parser: all pages were read by the present one; derived again at" in (
        run_program("--config", config, "doctor").stdout
    )


def test_what_points_at_no_page_is_named_and_removed_where_nothing_is_lost_with_it(store: Path) -> None:
    execute(store, "INSERT INTO validators VALUES ('x', 'u', 'e', NULL, 'f00', '2025-01-01 00:00:00.000000')")
    ((name, message, _),) = list_damage(store)
    assert (name, message) == ("references", "page f00: validators name it, and the page is not there")
    repaired = examine(store, "--repair", code=0)["repaired"]
    assert repaired == ["removed: page f00: validators name it, and the page is not there"]


def test_a_page_that_is_lost_is_not_made_up(store: Path) -> None:
    lost = before_name(store)
    execute(store, "DELETE FROM pages WHERE rowid = 1", "UPDATE told SET sequence = 9")
    damage = list_damage(store, "--repair")
    assert [(name, message) for name, message, _ in damage] == [
        ("references", f"page {lost}: a capture of it is logged, and the page is not there"),
        ("references", f"page {lost}: its documents are there, and the page is not there"),
    ]
    assert len(load_documents(store)) == 2  # type: ignore[arg-type] # what was read of it is all that is left


def test_a_page_without_a_capture_and_a_digest_of_the_future_are_named(store: Path) -> None:
    execute(
        store,
        "DELETE FROM captures WHERE page_sha256 = (SELECT sha256 FROM pages WHERE rowid = 1)",
    )
    with open_store(str(store)) as opened:
        opened.save_told(at=DAY, sequence=9)
    messages = [message for _, message, _ in list_damage(store)]
    assert messages == [
        f"page {before_name(store)}: no capture of it is logged, so it has no place in time",
        "a digest told up to page 9, and the last one stored is 2",
    ]


def test_an_index_that_disagrees_with_its_table_is_made_again(store: Path) -> None:
    with closing(sqlite3.connect(store)) as connection:
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'captures_by_source'").fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    content = bytearray(store.read_bytes())
    content[(page - 1) * size + 3 : (page - 1) * size + 5] = b"\0\0"  # the index holds no row any more
    store.write_bytes(content)
    damage = list_damage(store)
    assert {name for name, _, _ in damage} == {"file"}
    assert "the indexes were made again" in examine(store, "--repair", code=0)["repaired"]


def test_many_faults_of_one_kind_are_counted(store: Path) -> None:
    row = "INSERT INTO validators VALUES ('{0}', 'u', 'e', NULL, '{0}', '2025-01-01 00:00:00.000000')"
    execute(store, *(row.format(number) for number in range(30)))
    damage = list_damage(store)
    assert len(damage) == 11
    assert damage[-1][1] == "and 20 more"


def test_a_run_that_is_writing_is_named_and_everything_else_is_still_looked_at(store: Path) -> None:
    with closing(sqlite3.connect(store, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        checks = examine(store, code=0)["checks"]
    assert [check["name"] for check in checks] == NAMES
    (warning,) = [check for check in checks if check["state"] == "warning"]
    assert (warning["name"], "another run holds the store" in warning["message"]) == ("lock", True)


def test_what_is_later_than_now_is_a_warning(store: Path) -> None:
    with time_machine.travel(dt.datetime(2020, 1, 1, tzinfo=dt.UTC), tick=False):
        output = examine(store, code=0)
    warnings = [check["message"] for check in output["checks"] if check["state"] == "warning"]
    assert [warning.split(" is of ")[0] for warning in warnings] == ["the last page stored", "the last page captured"]


def test_a_disk_that_is_nearly_full_is_a_warning(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("noticediff.doctor._LEAST_FREE", 2**62)
    output = examine(store, code=0)
    (warning,) = [check for check in output["checks"] if check["state"] == "warning"]
    assert warning["name"] == "disk"
    assert "free beside the store of 0.1 MB" in warning["message"]


def test_pages_in_quarantine_are_counted_and_their_bytes_checked(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/n").respond_with_data(make_html("請先登錄"), content_type="text/html")
    source = f'\n[[source]]\nname = "site"\nurl = "{httpserver.url_for("/n")}"\nallow_private = true\n'
    config = write_page(tmp_path, "noticediff.toml", f'store = "notices.db"\n{source}')
    run_program("--config", config, "track")
    store = tmp_path / "notices.db"
    waiting = next(check for check in examine(store, code=0)["checks"] if check["name"] == "quarantine")
    assert (waiting["state"], waiting["message"]) == ("warning", "1 page waits for a decision")
    execute(store, "UPDATE quarantine SET content = x'00'")
    name, message, _ = list_damage(store)[0]
    assert name == "quarantine"
    assert message.startswith("quarantine 1: page ")
    assert message.endswith(": its bytes cannot be unpacked")
    listed = run_program("--config", config, "quarantine", "list")
    assert (listed.exit_code, "the store is damaged" in listed.stderr) == (6, True)


def test_an_entry_that_is_not_what_its_hash_names_is_made_again_with_its_documents(store: Path) -> None:
    before = load_documents(store)
    execute(store, "UPDATE entries SET body = replace(body, '金融', '金') WHERE id = 1")
    assert {name for name, _, _ in list_damage(store)} == {"documents"}
    assert examine(store, "--repair", code=0)["repaired"][0].startswith("removed: 1 entry of documents")
    assert load_documents(store) == before
    assert examine(store, "--repair", code=0)["repaired"] == []


def test_a_run_that_holds_the_store_is_named_and_one_that_died_with_it_too(store: Path) -> None:
    holder = Holder(command="track", pid=4711, host="cron1", since=dt.datetime(2025, 4, 2, 8, tzinfo=dt.UTC))

    def find_lock() -> str:
        (lock,) = [check["message"] for check in examine(store, code=0)["checks"] if check["name"] == "lock"]
        return str(lock)

    assert find_lock() == "no run holds the store"
    with open_store(str(store), holder=holder):
        assert find_lock().startswith("held by `track`, process 4711 on host cron1, since 2025-04-02 08:00:00")
        assert run_program("--store", store, "doctor", "--repair").exit_code == 5
        assert run_program("--store", store, "reparse").exit_code == 5
        assert run_program("--store", store, "reparse", "--dry-run").exit_code == 0
    assert find_lock() == "no run holds the store"
    store.with_name("notices.db.lock").write_bytes(encode_json(holder))
    assert find_lock().startswith("the last run ended before its end: `track`, process 4711")


def test_a_value_of_nonsense_is_damage_and_the_other_checks_go_on(store: Path) -> None:
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("UPDATE captures SET sequence = 'x' WHERE id = 1")
        connection.commit()
    run = run_program("--store", store, "doctor")
    assert run.exit_code == 6
    assert "damaged   references: 'x' stands where a number should; restore the store from a backup" in run.stdout
    assert "ok        file: " in run.stdout
    assert "ok        disk: " in run.stdout


def test_a_store_that_is_named_as_an_address_is_looked_at_as_a_file(store: Path) -> None:
    assert (
        run_program("--store", f"sqlite:///{store}", "doctor").stdout == run_program("--store", store, "doctor").stdout
    )


@pytest.mark.parametrize("options", [(), ("--repair",), ("--format", "json")])
def test_an_empty_file_is_no_store_and_perhaps_a_lost_one(tmp_path: Path, options: tuple[str, ...]) -> None:
    store = tmp_path / "notices.db"
    store.touch()
    run = run_program("--store", store, "doctor", *options)
    assert (run.exit_code, run.stdout) == (2, "")
    assert run.stderr == (
        f"noticediff: {store}: is empty; if a store was lost, restore its backup; "
        "`noticediff add PAGE` or `noticediff track` makes one\n"
    )
    assert store.read_bytes() == b""


@pytest.mark.parametrize("obstacle", ["folder", "link", "dangling link", "file"])
def test_what_stands_in_the_place_of_the_lock_is_named(store: Path, tmp_path: Path, obstacle: str) -> None:
    lock = tmp_path / "notices.db.lock"
    lock.unlink()
    other = tmp_path / "other"
    match obstacle:
        case "folder":
            lock.mkdir()
        case "link":
            other.write_text("of somebody else")
            lock.symlink_to(other)
        case "dangling link":
            lock.symlink_to(other)
        case _:
            lock.write_text("of somebody else")
    told = f"{lock}: not a lock of noticediff, which needs a file of that name; move it away"
    checks = examine(store, code=0)["checks"]
    assert [(check["state"], check["message"]) for check in checks if check["name"] == "lock"] == [("warning", told)]
    for command in (("doctor", "--repair"), ("add", tmp_path / "0.txt")):
        run = run_program("--store", store, *command)
        assert (run.exit_code, run.stdout, run.stderr) == (2, "", f"noticediff: {told}\n")
    assert run_program("--store", store, "show").exit_code == 0
    assert not other.exists() or other.read_text() == "of somebody else"


def track_once(folder: Path) -> Path:
    """A configuration, of which a run has told a digest."""
    page = write_page(folder, "0.txt", FIRST)
    config = write_page(folder, "noticediff.toml", f'store = "notices.db"\n[[source]]\nname = "a"\nfile = "{page}"\n')
    assert run_program("--config", config, "track").exit_code == 0
    return config


@pytest.mark.parametrize("options", [(), ("--repair",)])
def test_a_digest_that_cannot_be_read_is_named_and_the_others_are_looked_at(
    tmp_path: Path, options: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    config = track_once(tmp_path)
    unread, torn = sorted((tmp_path / "digests").glob("digest-*.*"))[:2]
    torn.write_bytes(b"torn")
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path == unread:
            raise PermissionError(errno.EACCES, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    run = run_program("--config", config, "doctor", *options)
    assert run.exit_code == (0 if options else 6)
    advice = "cannot be read: Permission denied; let this user read it, or remove it"
    assert f"warning   digests: {unread}: {advice}\n" in run.stdout
    assert f"{torn}: {'written again' if options else 'is not what was told in it'}" in run.stdout


@pytest.mark.parametrize("command", [("doctor",), ("doctor", "--repair"), ("backup", "copy.db"), ("track",)])
def test_a_word_where_a_number_should_stand_is_damage(tmp_path: Path, command: tuple[str, ...]) -> None:
    config = track_once(tmp_path)
    execute(tmp_path / "notices.db", "UPDATE told SET sequence = 'x'")
    run = run_program("--config", config, *command)
    assert run.exit_code == 6
    assert "'x' stands where a number should" in run.output
    assert ".copy.db" not in run.output


def test_what_other_libraries_read_otherwise_is_a_change_of_ours_and_no_damage(store: Path) -> None:
    change = (
        "UPDATE documents SET in_force_date = '2020-01-01' WHERE page_sha256 = (SELECT min(page_sha256) FROM documents)"
    )
    execute(store, change, "UPDATE derivations SET libraries = 'lxml 1.0, opencc 1.0'")
    for options in ((), ("--repair",)):
        output = examine(store, *options, code=0)
        assert output["repaired"] == []
        (warning,) = [check for check in output["checks"] if check["state"] == "warning"]
        assert warning["name"] == "documents"
        assert warning["message"].startswith("1 page reads otherwise with lxml ")
        assert warning["message"].endswith("than with lxml 1.0, opencc 1.0: a change of ours")
    assert run_program("--store", store, "reparse").exit_code == 0
    assert {check["state"] for check in examine(store, code=0)["checks"]} == {"ok"}
