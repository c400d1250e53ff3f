"""What several pages say of a category is kept once, and is one object when it is loaded."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from snapshot_making import make_document, make_entry, make_page, make_reading

from snapshots.errors import StoreDamagedError
from snapshots.method import Method
from snapshots.notice import NoticeEntry
from snapshots.store import Store, open_store

NOW = dt.datetime(2025, 4, 2, 8, 0, tzinfo=dt.UTC)
METHOD = Method(parser_version="1", profile="wechat-miniprogram", profile_print="0" * 12, is_named=False)
TAXI = make_entry("listed", "出行-出租車", requirement="道路運輸證", scope="适用於巡游出租車")


def save(store: Store, name: str, *entries: NoticeEntry) -> None:
    page = make_page(name)
    reading = make_reading(page, make_document(*entries))
    store.save_page(page, reading, method=METHOD, source=None, captured=NOW, effective=None, now=NOW)


def load(store: Store) -> list[tuple[NoticeEntry, ...]]:
    return [stored.document.entries for stored in store.load_documents()]


def move(entry: NoticeEntry, first: int) -> NoticeEntry:
    return msgspec.structs.replace(entry, lines=(first, first + 1))


def count_rows(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM entries").fetchone()
    return int(count)


def test_a_category_that_stands_elsewhere_on_another_page_is_kept_once(tmp_path: Path) -> None:
    file = tmp_path / "notices.db"
    with open_store(str(file)) as store:
        save(store, "一", TAXI)
        save(store, "二", move(TAXI, 7), move(TAXI, 30))
        ((one,), (two, three)) = load(store)
    assert count_rows(file) == 1
    assert (one, two, three) == (TAXI, move(TAXI, 7), move(TAXI, 30))
    assert one.requirement is two.requirement is three.requirement is not None


def test_a_category_on_the_same_lines_of_two_pages_is_one_object(tmp_path: Path) -> None:
    with open_store(str(tmp_path / "notices.db")) as store:
        save(store, "一", TAXI)
        save(store, "二", TAXI, make_entry("listed", "出行-公交"))
        ((one,), (two, _)) = load(store)
    assert one is two


def test_a_category_of_which_a_letter_differs_is_kept_beside_the_other(tmp_path: Path) -> None:
    file = tmp_path / "notices.db"
    other = make_entry("listed", "出行-出租車", requirement="道路運輸證", scope="适用于巡游出租車")
    with open_store(str(file)) as store:
        save(store, "一", TAXI)
        save(store, "二", other)
        assert load(store) == [(TAXI,), (other,)]
    assert count_rows(file) == 2


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM entries WHERE id = 1",
        "UPDATE entries SET body = 'no' WHERE id = 1",
        "UPDATE documents SET places = '[[1]]'",
        "UPDATE documents SET places = '[[99, 1, 2]]'",
    ],
)
def test_an_entry_that_is_lost_is_damage(tmp_path: Path, statement: str) -> None:
    file = tmp_path / "notices.db"
    with open_store(str(file)) as store:
        save(store, "一", TAXI)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(statement)
    with open_store(str(file)) as store, pytest.raises(StoreDamagedError) as caught:
        store.load_documents()
    assert "\n" not in str(caught.value)


PAGES = st.lists(
    st.lists(
        st.tuples(st.sampled_from("甲乙丙丁"), st.sampled_from((None, "證", "證\0")), st.integers(1, 3)), max_size=5
    ),
    max_size=4,
)


@settings(max_examples=20, deadline=None)
@given(pages=PAGES)
def test_what_is_loaded_is_what_was_saved(
    tmp_path_factory: pytest.TempPathFactory, pages: list[list[tuple[str, str | None, int]]]
) -> None:
    file = tmp_path_factory.mktemp("law") / "notices.db"
    made = [
        tuple(make_entry("listed", f"類-{name}", scope=scope, lines=(line, line)) for name, scope, line in page)
        for page in pages
    ]
    with open_store(str(file)) as store:
        for number, entries in enumerate(made):
            save(store, str(number), *entries)
        assert load(store) == made
    assert count_rows(file) == len({(name, scope) for page in pages for name, scope, _ in page})


def test_a_catalogue_longer_than_one_query_may_name_is_loaded_whole(tmp_path: Path) -> None:
    entries = tuple(make_entry("listed", f"類-{number}", lines=(number, number)) for number in range(1, 1203))
    with open_store(str(tmp_path / "notices.db")) as store:
        save(store, "一", *entries)
        save(store, "二", *entries[::-1])
        assert load(store) == [entries, entries[::-1]]
