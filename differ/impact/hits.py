"""Hits: which programs of a portfolio a change set is about, and how they stand after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from msgspec import Struct

from differ.changes import Change, ChangeSet, is_news
from differ.impact.identity import Register
from differ.impact.impact import CategoryImpact, assess_portfolio
from differ.impact.portfolio import Portfolio
from differ.verdict.papers import PaperNames
from snapshots.snapshot import Snapshot


class Hit(Struct, frozen=True, kw_only=True):
    """A change of a category that a program is in, under whatever name; `impact` is how it stands after that."""

    program: str
    change: Change
    impact: CategoryImpact


def find_hits(
    changes: ChangeSet, portfolio: Portfolio, series: Sequence[Snapshot], *, today: dt.date, names: PaperNames
) -> tuple[Hit, ...]:
    """The programs that the changes hit, the worst first.

    What is coming counts as come: a digest tells what was learned, and a program must be ready by then. What is only
    seen for the first time, said again, or said in other words hits nobody.
    """
    if not series:
        return ()
    news = [change for change in changes.changes if is_news(change)]
    told = {change.key: change for change in news}
    register = Register(series[-1])
    day = max(today, series[-1].date or today)
    return tuple(
        Hit(program=program.program, change=told[key], impact=impact)
        for program in assess_portfolio(portfolio, series, day=day, names=names)
        for impact in program.categories
        for key in (() if impact.key is None else dict.fromkeys(register.list_all_names(impact.key)))
        if key in told
    )
