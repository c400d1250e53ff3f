"""The dates at which the state changed."""

from __future__ import annotations

import datetime as dt

from snapshot_making import catalogue, make_entry, notice, paper

from snapshots.period import StatedDate
from snapshots.rebuild import list_change_dates
from snapshots.requirement import Choose, NoneRequired


def days(*texts: str) -> tuple[dt.date, ...]:
    return tuple(dt.date.fromisoformat(text) for text in texts)


def test_nothing_stored_has_no_dates() -> None:
    assert list_change_dates(()) == ()


def test_each_date_at_which_a_category_comes_changes_or_goes_counts_once() -> None:
    documents = [
        notice("2025-12-31", make_entry("removed", "工具-天氣")),
        notice("2025-03-31", make_entry("added", "工具-天氣")),
        notice("2025-06-30", make_entry("adjusted", "工具-天氣", requirement="甲")),
        notice("2025-06-30", make_entry("added", "工具-計算")),
    ]
    assert list_change_dates(documents) == days("2025-03-31", "2025-06-30", "2025-12-31")


def test_a_category_is_gone_on_the_day_on_which_it_closes() -> None:
    closes = (StatedDate("closes", dt.date(2025, 6, 1), None, "将于2025年6月1日起下线"),)
    documents = [
        notice("2025-03-31", make_entry("added", "工具-天氣")),
        notice("2025-05-15", make_entry("removed", "工具-天氣", dates=closes)),
    ]
    assert list_change_dates(documents) == days("2025-03-31", "2025-06-01")


def test_a_restatement_in_another_form_changes_nothing() -> None:
    first = Choose(n=1, marker="(2選1)", items=(paper("營業執照"), paper("證明")))
    again = Choose(n=1, marker="（二选一）：", items=(paper("营业执照"), paper("证明")))
    documents = [
        notice("2025-03-31", make_entry("added", "工具-天氣", requirement=first, scope="適用于 天氣。")),
        notice("2025-06-30", make_entry("adjusted", "工具-天氣", requirement=again, scope="适用于天氣。")),
    ]
    assert list_change_dates(documents) == days("2025-03-31")


def test_other_words_and_other_numbers_are_a_change() -> None:
    one, two = (Choose(n=n, items=(paper("甲"), paper("乙"))) for n in (1, 2))
    documents = [
        notice("2025-03-31", make_entry("added", "工具-天氣", requirement=one)),
        notice("2025-06-30", make_entry("adjusted", "工具-天氣", requirement=two)),
        notice("2025-09-30", make_entry("adjusted", "工具-天氣", requirement=NoneRequired())),
    ]
    assert len(list_change_dates(documents)) == 3


def test_what_comes_and_goes_within_one_day_changes_nothing() -> None:
    documents = [
        catalogue("2025-01-01", make_entry("listed", "工具-天氣")),
        catalogue("2025-03-31"),
        notice("2025-03-31", make_entry("added", "工具-天氣")),
    ]
    assert list_change_dates(documents) == days("2025-01-01")


def test_the_removal_of_an_unknown_category_is_a_change_and_its_repetition_is_none() -> None:
    documents = [
        notice("2025-03-31", make_entry("removed", "工具-天氣")),
        notice("2025-06-30", make_entry("removed", "工具-天氣")),
    ]
    assert list_change_dates(documents) == days("2025-03-31")


def test_knowing_a_scope_completely_is_a_change_of_what_is_known() -> None:
    documents = [
        notice("2025-03-31", make_entry("added", "工具-天氣")),
        catalogue("2025-06-30", make_entry("listed", "工具-天氣")),
        catalogue("2025-07-31", make_entry("listed", "工具-天氣")),
    ]
    assert list_change_dates(documents) == days("2025-03-31", "2025-06-30")


def test_a_notice_that_only_names_a_known_category_changes_nothing() -> None:
    documents = [
        notice("2025-03-31", make_entry("added", "工具-天氣", requirement="甲")),
        notice("2025-06-30", make_entry("adjusted", "工具-天氣")),
    ]
    assert list_change_dates(documents) == days("2025-03-31")
