"""Dates: periods, in-force dates with their basis, and dates as a user writes them."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import Literal

from msgspec import Struct

from snapshots.errors import UsageError

Basis = Literal["effective", "period_end", "published", "captured"]
DateRole = Literal["effective", "closes", "deadline", "migration", "comment"]

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_QUARTER = re.compile(r"(\d{4})-?[Qq]([1-4])")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Period(Struct, frozen=True):
    """The span of days that a notice speaks for, both ends included: 「2025年1-3月」 is 2025-01-01 to 2025-03-31."""

    start: dt.date
    end: dt.date


class InForce(Struct, frozen=True):
    """Since when something is in force, and what that date rests on."""

    date: dt.date
    basis: Basis


class StatedDate(Struct, frozen=True):
    """A date or span that the page states, with the role it has there and its words."""

    role: DateRole
    start: dt.date | None
    end: dt.date | None
    text: str


def parse_date(text: str) -> dt.date:
    """The day that a user's `2025-03-31`, `2025-03` or `2025Q1` means: of a month or a quarter, its last day.

    Raises UsageError for anything else.
    """
    try:
        if _DAY.fullmatch(text):
            return dt.date.fromisoformat(text)
        if match := _MONTH.fullmatch(text):
            return last_day_of_month(int(match[1]), int(match[2]))
        if match := _QUARTER.fullmatch(text):
            return last_day_of_month(int(match[1]), int(match[2]) * 3)
    except (ValueError, calendar.IllegalMonthError):
        pass
    raise UsageError(f"'{text}' is not a date; write a day (2025-03-31), a month (2025-03) or a quarter (2025Q1)")


def last_day_of_month(year: int, month: int) -> dt.date:
    """The last day of the month; raises ValueError for a month that does not exist."""
    return dt.date(year, month, calendar.monthrange(year, month)[1])
