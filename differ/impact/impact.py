"""Impact: what the rules mean for each program of a portfolio, since when, by which change, and what is coming. Pure.

    series of snapshots → place of the category in each → assessment on each date → now, since, coming

A date is one at which the rules changed, or the day after a paper's last. What stands today goes back to the first
date of the run of equal states that ends today: what made that date is what made it so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

import msgspec
from msgspec import Struct

from differ.impact.assess import STATES, Assessment, Lack, State, Why, is_same_assessment, is_same_lack
from differ.impact.causes import Cause
from differ.impact.identity import Register, fold_path
from differ.impact.moments import EXPIRY_NOTICE, Moment, World, build_world, find_cause, find_start, list_moments
from differ.impact.portfolio import Portfolio, Program
from differ.verdict.papers import PaperNames
from snapshots.category import EntityType
from snapshots.snapshot import Snapshot


class Expiry(Struct, frozen=True, kw_only=True):
    """A held paper that is past its last day, or soon will be."""

    paper: str
    date: dt.date
    is_past: bool


class Coming(Struct, frozen=True, kw_only=True):
    """What will be otherwise from a date on."""

    cause: Cause
    becomes: Assessment


class CategoryImpact(Struct, frozen=True, kw_only=True):
    """One category of a program: how it stands now, since when, what is coming. `category` is as the portfolio has it.

    `before` is the state before `since`, None where nothing was known; `expiring` are papers that it needs.
    """

    category: str
    key: str | None
    now: Assessment
    since: Cause | None = None
    before: State | None = None
    expiring: tuple[Expiry, ...] = ()
    coming: tuple[Coming, ...] = ()


class ProgramImpact(Struct, frozen=True, kw_only=True):
    """One program with its categories, the worst first."""

    program: str
    platform: str | None
    entity_type: EntityType | None
    expiring: tuple[Expiry, ...]
    categories: tuple[CategoryImpact, ...]


def assess_portfolio(
    portfolio: Portfolio, series: Sequence[Snapshot], *, day: dt.date, names: PaperNames
) -> tuple[ProgramImpact, ...]:
    """How each program stands on the day, the worst first.

    `series` has a snapshot for each date at which the rules changed, oldest first, those to come included.
    """
    world = build_world(series, day, names)
    found = [_assess_program(world, program) for program in portfolio.programs]
    return tuple(sorted(found, key=lambda program: min(map(grade_impact, program.categories), default=len(STATES))))


def grade_impact(impact: CategoryImpact) -> int:
    """How bad it is, 0 the worst: gone, not satisfied, a needed category lacking, undecided, to be checked, fine."""
    grades: dict[State, int] = {"removed": 0, "unsatisfied": 1, "undecided": 3, "check": 4, "satisfied": 5}
    grade = grades[impact.now.state]
    return min(grade, 2) if is_unsatisfied(impact) else grade


def is_unsatisfied(impact: CategoryImpact) -> bool:
    """Whether the program cannot stay as it is: its category is gone, or papers or a needed category are missing."""
    lacks = any(lack.condition is None for lack in impact.now.lacks)
    return lacks or impact.now.state in {"removed", "unsatisfied"}


def select_since(programs: Iterable[ProgramImpact], since: dt.date) -> tuple[ProgramImpact, ...]:
    """What became so after the day, and what is coming.

    What was only seen for the first time, or learned, is left out: nobody can say that it became so then.
    """

    def is_later(cause: Cause | None) -> bool:
        return cause is not None and cause.is_news and cause.date > since

    found = []
    for program in programs:
        kept = tuple(
            impact for impact in program.categories if impact.coming or any(map(is_later, _list_starts(impact)))
        )
        if kept:
            found.append(msgspec.structs.replace(program, categories=kept))
    return tuple(found)


def _assess_program(world: World, program: Program) -> ProgramImpact:
    platforms = world.register.platforms
    platform = program.platform or (platforms[0] if len(platforms) == 1 else None)
    expiring = tuple(_list_expiring(program, world.day))
    impacts = [_assess_category(world, program, platform, written) for written in program.categories]
    needed = [msgspec.structs.replace(impact, expiring=_select_needed(expiring, impact)) for impact in impacts]
    return ProgramImpact(
        program=program.name,
        platform=platform,
        entity_type=program.entity_type,
        expiring=expiring,
        categories=tuple(sorted(needed, key=grade_impact)),
    )


def _assess_category(world: World, program: Program, platform: str | None, written: str) -> CategoryImpact:
    platforms = world.register.platforms
    if platform is None and platforms:
        return _refuse(written, "several_platforms", platforms)
    if platform is None or platform not in platforms:
        return _refuse(written, "unknown_platform", platforms)
    naming = world.register.find_key(platform, program.entity_type, written)
    if naming.key is None:
        if naming.entity_types:
            return _refuse(written, "several_types", tuple(kind or "" for kind in naming.entity_types))
        return _refuse(written, "unknown_category", naming.near)
    held = frozenset(_list_held(world.register, program, platform))
    moments = tuple(list_moments(world, program, naming.key, held))
    past = [moment for moment in moments if moment.date <= world.day]
    now = past[-1].assessment if past else Assessment(state="undecided", why="unknown_category")
    names = world.register.list_names(naming.key)

    def trace(start: int) -> Cause:
        return find_cause(world, program, past[start], names)

    lacks, elsewhere = (
        tuple(msgspec.structs.replace(lack, since=trace(find_start(past, names_it(lack)))) for lack in found)
        for found, names_it in ((now.lacks, _lacks), (now.elsewhere, _goes_elsewhere))
    )
    start = find_start(past, _is_like(now))
    return CategoryImpact(
        category=written,
        key=naming.key,
        now=msgspec.structs.replace(now, lacks=lacks, elsewhere=elsewhere),
        since=None if now.why == "unknown_category" else trace(start),
        before=_find_before(past, start),
        coming=tuple(_list_coming(world, program, now, moments[len(past) :], names)),
    )


def _find_before(past: Sequence[Moment], start: int) -> State | None:
    """The state before the run began; that a category was not known is none."""
    if start < 1 or past[start - 1].assessment.why == "unknown_category":
        return None
    return past[start - 1].assessment.state


def _refuse(written: str, why: Why, names: tuple[str, ...]) -> CategoryImpact:
    return CategoryImpact(category=written, key=None, now=Assessment(state="undecided", why=why, names=names))


def _is_like(now: Assessment) -> Callable[[Assessment], bool]:
    return lambda earlier: (earlier.state, earlier.why) == (now.state, now.why)


def _list_starts(impact: CategoryImpact) -> tuple[Cause | None, ...]:
    """Since when it is so, the category itself and each of the others that the page points at."""
    return (impact.since, *(lack.since for lack in (*impact.now.lacks, *impact.now.elsewhere)))


def _lacks(lack: Lack) -> Callable[[Assessment], bool]:
    return lambda earlier: any(is_same_lack(lack, other) for other in earlier.lacks)


def _goes_elsewhere(lack: Lack) -> Callable[[Assessment], bool]:
    return lambda earlier: any(is_same_lack(lack, other) for other in earlier.elsewhere)


def _list_coming(
    world: World, program: Program, now: Assessment, moments: Sequence[Moment], names: Collection[str]
) -> Iterator[Coming]:
    """The later dates from which on it is otherwise than before."""
    before = now
    for moment in moments:
        if not is_same_assessment(moment.assessment, before):
            yield Coming(cause=find_cause(world, program, moment, names), becomes=moment.assessment)
        before = moment.assessment


def _list_held(register: Register, program: Program, platform: str) -> Iterator[str]:
    """The folded paths of the categories that the program is in, under every name that they have or had."""
    for written in program.categories:
        yield fold_path(written)
        naming = register.find_key(platform, program.entity_type, written)
        if naming.key is not None:
            yield from (fold_path(key.rpartition("|")[2]) for key in register.list_all_names(naming.key))


def _list_expiring(program: Program, day: dt.date) -> Iterator[Expiry]:
    for paper in program.papers:
        if paper.expires is not None and paper.expires - day <= EXPIRY_NOTICE:
            yield Expiry(paper=paper.title, date=paper.expires, is_past=paper.expires < day)


def _select_needed(expiring: Iterable[Expiry], impact: CategoryImpact) -> tuple[Expiry, ...]:
    """Those of the papers that an answer for the category speaks of."""
    answers = (*impact.now.by, *(answer for way in impact.now.ways for answer in way))
    spoken_of = {answer.paper for answer in answers}
    return tuple(expiry for expiry in expiring if expiry.paper in spoken_of)
