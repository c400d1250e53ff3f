"""What the stored pages mean for the programs of a portfolio, as the JSON of `impact` states it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec
from msgspec import Struct

from differ.impact.assess import STATES, State
from differ.impact.causes import Cause
from differ.impact.impact import CategoryImpact, ProgramImpact, assess_portfolio, select_since
from differ.impact.portfolio import Portfolio
from differ.verdict.papers import load_names
from noticediff.formats import DocumentLabel, Version
from noticediff.state import label_document
from snapshots.rebuild import list_change_dates, rebuild_series
from snapshots.snapshot import StoredDocument


class ImpactOutput(Struct, frozen=True, kw_only=True):
    """How the programs of a portfolio stand on a day, the worst first; `since`: only what became so after that day.

    `counts` are the categories in each state; `documents` are the pages that the evidence names.
    """

    format: Literal["noticediff.impact"] = "noticediff.impact"
    format_version: Version = "1.0"
    date: dt.date
    since: dt.date | None
    counts: dict[State, int]
    programs: tuple[ProgramImpact, ...]
    documents: tuple[DocumentLabel, ...]


def find_impact(
    documents: Sequence[StoredDocument],
    portfolio: Portfolio,
    *,
    day: dt.date,
    since: dt.date | None = None,
    platform: str | None = None,
    entity_type: str | None = None,
) -> ImpactOutput:
    """How each program stands on the day by what the documents say, narrowed to the platform and the entity type."""
    series = tuple(rebuild_series(documents, dates=list_change_dates(documents)))
    programs = assess_portfolio(portfolio, series, day=day, names=load_names())
    if since is not None:
        programs = select_since(programs, since)
    programs = _narrow_programs(programs, platform, entity_type)
    impacts = [impact for program in programs for impact in program.categories]
    spoke = {place.document for impact in impacts for cause in list_causes(impact) for place in cause.evidence}
    return ImpactOutput(
        date=day,
        since=since,
        counts={state: sum(impact.now.state == state for impact in impacts) for state in STATES},
        programs=programs,
        documents=tuple(label_document(stored) for stored in documents if stored.id in spoke),
    )


def list_causes(impact: CategoryImpact) -> list[Cause]:
    """All that made the category what it is and will be."""
    found = (
        impact.since,
        *(lack.since for lack in (*impact.now.lacks, *impact.now.elsewhere)),
        *(coming.cause for coming in impact.coming),
    )
    return [cause for cause in found if cause is not None]


def _narrow_programs(
    programs: Iterable[ProgramImpact], platform: str | None, entity_type: str | None
) -> tuple[ProgramImpact, ...]:
    found = []
    for program in programs:
        if platform not in {None, program.platform}:
            continue
        kept = tuple(impact for impact in program.categories if entity_type in {None, _find_type(program, impact)})
        if kept:
            found.append(msgspec.structs.replace(program, categories=kept))
    return tuple(found)


def _find_type(program: ProgramImpact, impact: CategoryImpact) -> str | None:
    return program.entity_type if impact.key is None else impact.key.split("|")[1] or None
