"""Which pages of a list are looked at on a night."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest

from noticediff.walk import Choice, Visit, choose_visits, is_due

STORED = dt.datetime(2025, 1, 1, 3, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
ADDRESSES = [f"https://example.com/notice{number}" for number in range(12)]


def list_looks(address: str, first: int, last: int, every: int = 1) -> list[int]:
    """The nights, counted from the one on which the page was stored, on which it is looked at."""
    return [
        night
        for night in range(first, last, every)
        if is_due(address, changed=STORED, last=STORED + (night - every) * DAY, now=STORED + night * DAY)
    ]


@pytest.mark.parametrize(("first", "last", "apart"), [(1, 31, 1), (31, 181, 7), (181, 1000, 30)])
def test_a_known_page_is_looked_at_every_night_then_weekly_then_monthly(first: int, last: int, apart: int) -> None:
    for address in ADDRESSES:
        looks = list_looks(address, first, last)
        assert {later - earlier for earlier, later in pairwise(looks)} == {apart}
        assert looks[0] < first + apart


def test_pages_of_one_night_are_not_all_due_on_one_day() -> None:
    assert len({list_looks(address, 200, 230)[0] for address in ADDRESSES}) > 6


def test_a_day_that_was_missed_is_made_up_for() -> None:
    for address in ADDRESSES:
        assert len(list_looks(address, 200, 1000, every=30)) == len(range(200, 1000, 30))


def test_what_failed_is_looked_at_also_behind_the_limit_and_is_not_said_to_be_left_out() -> None:
    visits = [Visit(address) for address in ADDRESSES[:4]]
    choice = choose_visits(visits, (), limit=2, failing={ADDRESSES[3]}, last=None, now=STORED)
    assert choice == Choice(visits=(visits[0], visits[1], visits[3]), left_out=1)


def test_a_second_run_of_one_day_asks_for_the_young_pages_only() -> None:
    later = STORED + dt.timedelta(hours=5)
    assert is_due(ADDRESSES[0], changed=STORED, last=STORED, now=later)
    assert not is_due(ADDRESSES[0], changed=STORED - 100 * DAY, last=STORED, now=later)
