"""Moments: a category of a program on each date at which the rules changed or a paper of the program had expired."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence

from msgspec import Struct

from differ.impact.assess import Assessment, assess_place
from differ.impact.causes import Cause, CauseFinder
from differ.impact.holdings import Holdings
from differ.impact.identity import Place, Register
from differ.impact.portfolio import Program
from differ.verdict.papers import PaperNames
from snapshots.rebuild import rebuild_snapshot
from snapshots.snapshot import Snapshot

EXPIRY_NOTICE = dt.timedelta(days=60)
"""How long before its last day a paper is told of."""

_DAY = dt.timedelta(days=1)


class Moment(Struct, frozen=True, kw_only=True):
    """A date on the way, where the category stood then, and how."""

    date: dt.date
    place: Place
    assessment: Assessment


class World(Struct, frozen=True, kw_only=True):
    """What all programs are held against."""

    series: Sequence[Snapshot]
    dates: Sequence[dt.date]
    day: dt.date
    names: PaperNames
    register: Register
    causes: CauseFinder


def build_world(series: Sequence[Snapshot], day: dt.date, names: PaperNames) -> World:
    """The world of a series with a snapshot for each date at which the rules changed, oldest first."""
    dated = [(snapshot, snapshot.date) for snapshot in series if snapshot.date is not None]
    snapshots = [snapshot for snapshot, _ in dated]
    return World(
        series=snapshots,
        dates=[date for _, date in dated],
        day=day,
        names=names,
        register=Register(snapshots[-1] if snapshots else rebuild_snapshot((), at=None)),
        causes=CauseFinder(snapshots),
    )


def list_moments(world: World, program: Program, key: str, held: Collection[str]) -> Iterator[Moment]:
    """The category on each date at which the rules changed or a paper of the program had expired, oldest first."""
    last_days = {paper.expires for paper in program.papers if paper.expires is not None}
    after = {day + _DAY for day in last_days if day - world.day <= EXPIRY_NOTICE}
    for date in sorted({*world.dates, *after}):
        number = bisect_right(world.dates, date)
        if number == 0:
            continue
        snapshot = world.series[number - 1]
        place = world.register.find_place(key, snapshot)
        holdings = Holdings(program, date, world.names)
        assessment = assess_place(place, snapshot, holdings=holdings, held=held, names=world.names)
        yield Moment(date=date, place=place, assessment=assessment)


def find_cause(world: World, program: Program, moment: Moment, names: Collection[str]) -> Cause:
    """What made the moment for a category that has, or had, one of these keys."""
    expired = tuple(
        paper.title for paper in program.papers if paper.expires is not None and paper.expires == moment.date - _DAY
    )
    return world.causes.find_cause(moment.date, keys=(*moment.place.keys, *names), expired=expired)


def find_start(past: Sequence[Moment], is_so: Callable[[Assessment], bool]) -> int:
    """Where the run of moments of which it is so begins, the one that ends now."""
    start = len(past) - 1
    while start > 0 and is_so(past[start - 1].assessment):
        start -= 1
    return start
