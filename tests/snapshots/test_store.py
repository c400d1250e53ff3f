"""The store on a real SQLite file."""

from __future__ import annotations

import datetime as dt
import gzip
import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from snapshot_making import make_document, make_entry, make_page, make_reading
from sqlalchemy.exc import OperationalError

from snapshots.errors import StoreDamagedError, StoreUnwritableError, UsageError
from snapshots.method import Derived, Method
from snapshots.notice import Document, Page, Problem
from snapshots.period import InForce
from snapshots.record import Failure, Reason, SavedPage, Seen, SourceStatus, Told
from snapshots.store import Store, open_store

MORNING = dt.datetime(2025, 4, 2, 8, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
FAILURE = Failure(source="a", address="https://a/", cause="404", message="no", exit_code=3, since=MORNING)
METHOD = Method(parser_version="1", profile="wechat-miniprogram", profile_print="0" * 12, is_named=False)


def save(
    store: Store,
    page: Page,
    *documents: Document,
    problems: tuple[Problem, ...] = (),
    source: str | None = None,
    captured: dt.datetime = MORNING,
    effective: dt.date | None = None,
    now: dt.datetime = MORNING,
) -> SavedPage:
    reading = make_reading(page, *(documents or (make_document(make_entry("added", "工具-天氣")),)), problems=problems)
    return store.save_page(
        page,
        reading,
        method=METHOD,
        source=source,
        captured=captured,
        effective=effective,
        now=now,
    )


@pytest.fixture
def address(tmp_path: Path) -> str:
    return str(tmp_path / "new folder" / "notices.db")


def test_a_new_store_is_made_with_its_folder_and_is_empty(address: str) -> None:
    with open_store(address) as store:
        assert store.load_documents() == ()
        assert store.load_documents() == ()
        assert store.load_sources() == ()
        assert store.load_told() is None
    assert Path(address).is_file()


def test_what_was_saved_is_there_when_the_store_is_opened_again(address: str) -> None:
    page = make_page("<h1>公告</h1>", url="https://example.com/n?a=1")
    document = make_document(make_entry("added", "金融業-個人征信", requirement="個人征信業務經營許可證"))
    with open_store(address) as store:
        saved = save(store, page, document, source="wechat-notices")
    assert saved.added
    with open_store(address) as store:
        (stored,) = store.load_documents()
        again = store.load_page(page.sha256)
        assert [stored.sequence for stored in store.load_documents()] == [1]
    assert (stored,) == saved.documents
    assert stored.document == document
    assert stored.id == f"{page.sha256[:12]}-1"
    assert (stored.source, stored.url, stored.page_name) == ("wechat-notices", page.url, "notice.html")
    assert (again.content, again.name, again.media_type) == (page.content, page.name, page.media_type)
    assert again.captured == MORNING


def test_nothing_lies_beside_the_store_after_it_is_closed(address: str) -> None:
    with open_store(address) as store:
        save(store, make_page("一"))
    assert [file.name for file in Path(address).parent.iterdir()] == ["notices.db"]


def test_the_same_page_twice_changes_nothing_but_the_log_of_captures(address: str) -> None:
    page = make_page("一")
    with open_store(address) as store:
        first = save(store, page, source="a")
        second = save(store, page, source="a", captured=MORNING + DAY, now=MORNING + DAY)
        assert store.load_documents() == first.documents
        assert [stored.sequence for stored in store.load_documents()] == [1]
        (status,) = store.load_sources()
    assert not second.added
    assert second.documents == first.documents
    assert (status.last_captured, status.last_changed) == (MORNING + DAY, MORNING)
    with closing(sqlite3.connect(address)) as connection:
        assert connection.execute("SELECT count(*) FROM captures").fetchone() == (2,)
        assert connection.execute("SELECT count(*) FROM pages").fetchone() == (1,)


def test_another_effective_date_for_a_known_page_is_not_taken_and_said_so(address: str) -> None:
    page = make_page("一")
    first, second = dt.date(2025, 4, 1), dt.date(2025, 5, 1)
    with open_store(address) as store:
        assert save(store, page, effective=first).ignored_effective is None
        assert save(store, page, effective=first).ignored_effective is None
        again = save(store, page, effective=second)
        assert again.ignored_effective == second
        assert again.documents[0].in_force == InForce(first, "effective")
        assert store.load_documents() == again.documents


def test_since_when_a_document_is_in_force(address: str) -> None:
    stated = InForce(dt.date(2025, 3, 31), "period_end")
    with_date = Document(kind="notice", title=None, platform="jd", in_force=stated, entries=())
    shanghai = dt.timezone(8 * dt.timedelta(hours=1))
    night = dt.datetime(2025, 4, 3, 3, 0, tzinfo=shanghai)
    with open_store(address) as store:
        (kept,) = save(store, make_page("一"), with_date).documents
        (by_user,) = save(store, make_page("二"), with_date, effective=dt.date(2025, 6, 1)).documents
        (by_capture,) = save(store, make_page("三"), captured=night).documents
    assert kept.in_force == stated
    assert by_user.in_force == InForce(dt.date(2025, 6, 1), "effective")
    assert by_user.document.in_force == stated
    assert by_capture.in_force == InForce(dt.date(2025, 4, 3), "captured")
    assert by_capture.captured == night
    assert by_capture.captured.tzinfo is dt.UTC


def test_two_documents_of_one_page_share_its_sequence_and_not_its_problems(address: str) -> None:
    problems = tuple(Problem(line=line, text="?", code="unknown-heading", message="") for line in (1, 7, 12))
    documents = [
        make_document(make_entry("added", "工具-天氣", lines=(5, 9)), title="一"),
        make_document(make_entry("added", "工具-計算", lines=(10, 19)), title="二"),
    ]
    with open_store(address) as store:
        save(store, make_page("before"))
        saved = save(store, make_page("both"), *documents, problems=problems)
        assert store.load_documents()[1:] == saved.documents
    first, second = saved.documents
    assert (first.sequence, second.sequence) == (2, 2)
    assert (first.id[-2:], second.id[-2:]) == ("-1", "-2")
    assert [problem.line for problem in first.problems] == [1, 7]
    assert [problem.line for problem in second.problems] == [12]


def test_what_was_known_then_is_told_by_the_clock_or_by_the_sequence(address: str) -> None:
    with open_store(address) as store:
        for day, text in enumerate("一二三"):
            save(store, make_page(text), now=MORNING + day * DAY)
        known = store.load_documents(known_on=MORNING + DAY)
        assert [stored.sequence for stored in known] == [1, 2]
        assert [stored.known for stored in known] == [MORNING, MORNING + DAY]
        assert store.load_documents(known_on=MORNING - dt.timedelta(microseconds=1)) == ()
        tokyo = dt.timezone(dt.timedelta(hours=9))
        assert store.load_documents(known_on=(MORNING + DAY).astimezone(tokyo)) == known
        assert store.load_documents(until_sequence=2) == known
        assert store.load_documents(until_sequence=2, known_on=MORNING) == known[:1]


def test_the_sequence_grows_when_the_wall_clock_goes_back(address: str) -> None:
    with open_store(address) as store:
        save(store, make_page("一"), now=MORNING)
        save(store, make_page("二"), now=MORNING - DAY)
        assert [stored.sequence for stored in store.load_documents()] == [1, 2]


def test_an_instant_without_a_zone_is_a_mistake_of_the_caller(address: str) -> None:
    with open_store(address) as store, pytest.raises(ValueError, match="zone"):
        save(store, make_page("一"), now=dt.datetime(2025, 4, 2, 8, 0))  # noqa: DTZ001 - the mistake


def test_a_name_that_is_no_text_is_kept_in_characters_that_are(address: str) -> None:
    page = make_page("一", name="\udcffn\0.html")
    with open_store(address) as store:
        (stored,) = save(store, page).documents
    assert stored.page_name == "\\udcffn\\x00.html"


def test_a_page_that_is_not_stored_is_a_usage_error(address: str) -> None:
    with open_store(address) as store, pytest.raises(UsageError, match="no page abc"):
        store.load_page("abc")


def test_pages_are_kept_compressed_and_the_same_page_as_the_same_bytes(tmp_path: Path) -> None:
    page = make_page("類目調整 " * 1000)
    kept = []
    for name in ("a.db", "b.db"):
        with open_store(str(tmp_path / name)) as store:
            save(store, page)
        with closing(sqlite3.connect(tmp_path / name)) as connection:
            kept.extend(connection.execute("SELECT content, size FROM pages").fetchall())
    (content, size), (other, _) = kept
    assert content == other
    assert size == len(page.content) > len(content)
    assert gzip.decompress(content) == page.content


def test_how_current_a_source_is(address: str) -> None:
    page = make_page("一", url="https://example.com/list")
    hour = dt.timedelta(hours=1)
    with open_store(address) as store:
        save(store, page, source="b-notices")
        store.record_capture("b-notices", at=MORNING, page_sha256=page.sha256, outcome="new")
        store.record_capture("b-notices", at=MORNING + DAY, page_sha256=page.sha256, outcome="unchanged")
        store.record_capture("b-notices", at=MORNING + 2 * DAY, page_sha256=None, outcome="failed")
        store.record_capture("a-catalogue", at=MORNING + hour, page_sha256=None, outcome="failed")
        save(store, make_page("二"), source=None)
        assert store.load_sources() == (
            SourceStatus(
                name="a-catalogue",
                url=None,
                last_captured=None,
                last_changed=None,
                last_outcome="failed",
                last_run=MORNING + hour,
            ),
            SourceStatus(
                name="b-notices",
                url="https://example.com/list",
                last_captured=MORNING + DAY,
                last_changed=MORNING,
                last_outcome="failed",
                last_run=MORNING + 2 * DAY,
            ),
        )


def test_the_last_digest_is_remembered(address: str) -> None:
    with open_store(address) as store:
        store.save_told(at=MORNING, sequence=3)
        store.save_told(at=MORNING + DAY, sequence=5)
    with open_store(address) as store:
        assert store.load_told() == Told(at=MORNING + DAY, sequence=5)


def test_a_page_that_cannot_be_saved_whole_is_not_saved_at_all(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> bytes:
        raise KeyboardInterrupt

    with open_store(address) as store:
        save(store, make_page("一"))
        with monkeypatch.context() as patched:
            patched.setattr("snapshots.document_rows.encode_json", fail)
            with pytest.raises(KeyboardInterrupt):
                save(store, make_page("二"))
        assert [stored.sequence for stored in store.load_documents()] == [1]
        assert save(store, make_page("二")).added
        assert len(store.load_documents()) == 2


class TestReadingWhatDoesNotExist:
    def test_it_is_empty_and_is_not_made(self, address: str) -> None:
        with open_store(address, create=False) as store:
            assert store.load_documents() == ()
        assert not Path(address).parent.exists()

    def test_an_empty_file_is_empty_and_stays_so(self, tmp_path: Path) -> None:
        file = tmp_path / "empty.db"
        file.touch()
        with open_store(str(file), create=False) as store:
            assert store.load_documents() == ()
        assert file.read_bytes() == b""
        with open_store(str(file)) as store:
            save(store, make_page("一"))
        assert file.stat().st_size > 0

    def test_a_store_that_exists_is_read(self, address: str) -> None:
        with open_store(address) as store:
            save(store, make_page("一"))
        with open_store(address, create=False) as store:
            assert len(store.load_documents()) == 1


class TestDamage:
    def change(self, address: str, *statements: str) -> None:
        with closing(sqlite3.connect(address)) as connection, connection:
            for statement in statements:
                connection.execute(statement)

    @pytest.fixture
    def filled(self, address: str) -> str:
        with open_store(address) as store:
            for text in "一二三":
                save(store, make_page(text * 5000))
        return address

    @pytest.mark.parametrize(
        ("statement", "use"),
        [
            ("UPDATE documents SET body = '{}'", lambda store: store.load_documents()),
            ("UPDATE documents SET problems = 'no'", lambda store: store.load_documents()),
            ("UPDATE documents SET in_force_date = 'soon'", lambda store: store.load_documents()),
            ("UPDATE captures SET stored = 'then'", lambda store: store.load_documents()),
            ("UPDATE pages SET content = x'00'", lambda store: store.load_page(make_page("一" * 5000).sha256)),
            ("DROP TABLE told", lambda store: store.load_told()),
            ("ALTER TABLE captures RENAME COLUMN source TO origin", lambda store: store.load_sources()),
        ],
    )
    def test_what_cannot_be_in_a_store_is_damage(
        self, filled: str, statement: str, use: Callable[[Store], object]
    ) -> None:
        self.change(filled, statement)
        with open_store(filled) as store, pytest.raises(StoreDamagedError, match="damaged") as caught:
            use(store)
        assert "\n" not in str(caught.value)

    @pytest.mark.parametrize(
        ("statement", "use"),
        [
            ("UPDATE told SET at = '2025/04-02'", Store.load_told),
            ("UPDATE failures SET since = 'now'", lambda store: store.watch.load_failures("a")),
            ("UPDATE validators SET at = '20\x125-04-02'", lambda store: store.watch.load_seen("https://a/")),
            ("UPDATE quarantine SET since = '2025-13-01'", lambda store: store.quarantine.list_held()),
            ("UPDATE quarantine SET content = x'1f8b00'", lambda store: store.quarantine.list_held()),
            ("UPDATE entries SET body = replace(body, '工具', '工县')", Store.load_documents),
            ("DELETE FROM documents WHERE number = 1", Store.load_documents),
        ],
    )
    def test_no_log_of_the_store_is_read_as_something_else(
        self, filled: str, statement: str, use: Callable[[Store], object]
    ) -> None:
        with open_store(filled) as store:
            page = make_page("二")
            seen = Seen(
                url="https://a/", etag="1", last_modified=None, page_sha256=make_page("一" * 5000).sha256, at=MORNING
            )
            store.save_told(at=MORNING, sequence=1)
            store.watch.save_seen("https://a/", seen)
            store.watch.save_failures("a", (FAILURE,), now=MORNING)
            store.quarantine.hold("a", page, (Reason("refused", "no"),), now=MORNING)
        self.change(filled, statement)
        with open_store(filled) as store, pytest.raises(StoreDamagedError, match="damaged"):
            use(store)

    def test_other_content_under_a_page_s_name_is_damage(self, filled: str) -> None:
        sha256 = make_page("一" * 5000).sha256
        other = gzip.compress(b"other").hex()
        self.change(filled, f"UPDATE pages SET content = x'{other}'")  # noqa: S608 - hexadecimal digits
        with open_store(filled) as store, pytest.raises(StoreDamagedError, match=sha256):
            store.load_page(sha256)

    @pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
    def test_a_truncated_store_is_damaged_and_left_as_it_is(self, filled: str, share: float) -> None:
        file = Path(filled)
        content = file.read_bytes()
        content = content[: int(len(content) * share)]
        file.write_bytes(content)
        with pytest.raises(StoreDamagedError, match="damaged"), open_store(filled) as store:
            store.load_documents()
        assert file.read_bytes() == content

    def test_a_store_of_a_later_version_is_refused_and_left_as_it_is(self, filled: str) -> None:
        self.change(filled, "UPDATE noticediff_meta SET value = '999' WHERE name = 'schema_version'")
        content = Path(filled).read_bytes()
        with pytest.raises(StoreDamagedError, match="upgrade noticediff"):
            open_store(filled)
        assert Path(filled).read_bytes() == content

    @pytest.mark.parametrize(
        "statement",
        [
            "DELETE FROM noticediff_meta",
            "UPDATE noticediff_meta SET value = 'x' WHERE name = 'schema_version'",
            "UPDATE noticediff_meta SET value = x'32' WHERE name = 'schema_version'",
            "UPDATE noticediff_meta SET value = CAST(value AS BLOB)",
        ],
    )
    def test_a_store_that_lost_its_mark_is_damaged(self, filled: str, statement: str) -> None:
        self.change(filled, statement)
        with pytest.raises(StoreDamagedError, match="mark"):
            open_store(filled)


@settings(max_examples=15, deadline=None)
@given(texts=st.lists(st.sampled_from("一二三四"), max_size=6))
def test_a_page_stored_twice_in_a_row_changes_nothing_and_one_that_comes_back_is_news(texts: list[str]) -> None:
    shown = [text for text, _ in groupby(texts)]
    with TemporaryDirectory() as folder:
        with open_store(f"{folder}/twice.db") as store:
            for text in texts:
                save(store, make_page(text))
            found = store.load_documents()
        with open_store(f"{folder}/once.db") as store:
            for text in shown:
                save(store, make_page(text))
            assert store.load_documents() == found
    assert [stored.sequence for stored in found] == list(range(1, len(shown) + 1))
    assert len({stored.id for stored in found}) == len(found)
    assert len({stored.page_sha256 for stored in found}) == len(set(texts))


def test_lost_documents_are_damage_unless_others_stand_for_them(address: str) -> None:
    page, other = make_page("一"), make_page("二")
    with open_store(address) as store:
        for came in (page, other):
            save(store, came)
    with closing(sqlite3.connect(address)) as connection, connection:
        connection.execute("DELETE FROM documents WHERE page_sha256 = ?", (page.sha256,))
    derived = {
        given.sha256: Derived(
            page_sha256=given.sha256,
            reading=make_reading(given, make_document(make_entry("added", "工具-日曆"))),
            method=METHOD,
            captured_on=MORNING.date(),
            effective=None,
        )
        for given in (page, other)
    }
    with open_store(address) as store:
        store.read_as([derived[other.sha256]])
        with pytest.raises(StoreDamagedError, match=f"page {page.sha256}: its documents are lost"):
            store.load_documents()
        store.read_as([derived[page.sha256]])
        assert [stored.page_sha256 for stored in store.load_documents()] == [page.sha256, other.sha256]


def test_what_is_previewed_is_what_is_loaded_after_it_is_put_in_place(address: str) -> None:
    page, other = make_page("一"), make_page("二")
    with open_store(address) as store:
        for day, came in enumerate((page, other, page)):
            save(store, came, captured=MORNING + day * DAY, now=MORNING + day * DAY)
        before = store.load_documents()
        again = make_reading(page, make_document(make_entry("added", "工具-日曆")), make_document())
        derived = Derived(
            page_sha256=page.sha256, reading=again, method=METHOD, captured_on=MORNING.date(), effective=None
        )
        preview = store.preview_derived([derived])
        assert store.load_documents() == before
        store.read_as([derived])
        assert store.load_documents() == preview
        assert store.load_documents(until_sequence=1) == preview[:2]
        assert store.load_documents(known_on=MORNING + DAY) == preview[:3]
        store.replace_derived([derived], [], None)
    with open_store(address) as store:
        assert store.load_documents() == preview
    assert [stored.id[12:] for stored in preview] == ["-1", "-2", "-1", "-1.2", "-2.2"]
    assert [stored.sequence for stored in preview] == [1, 1, 2, 3, 3]


def test_a_disk_that_is_full_in_the_middle_of_a_source_is_no_damage(address: str) -> None:
    with open_store(address) as store:
        save(store, make_page("一"))
        before = store.load_documents()
        with pytest.raises(StoreUnwritableError, match="cannot be written"):
            run_out_of_room(store)
    with open_store(address) as store:
        assert store.load_documents() == before


def run_out_of_room(store: Store) -> None:
    """Save a page of a source, and find no room for the next."""
    database = store._database  # noqa: SLF001 - the room that is left is the database's to say
    with store.keep_together():
        save(store, make_page("二"))
        with database.transact(writes=True) as connection:
            connection.exec_driver_sql("ROLLBACK")  # as SQLite does by itself when it finds no room
            raise OperationalError("INSERT", None, find_full())


def find_full() -> sqlite3.Error:
    """The error that SQLite raises where there is no room."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE t (a)")
        connection.execute("PRAGMA max_page_count = 2")
        with pytest.raises(sqlite3.OperationalError, match="full") as caught:
            connection.execute("INSERT INTO t VALUES (zeroblob(100000))")
    return caught.value
