"""How current each source is, from the log of captures and the log of runs."""

from __future__ import annotations

from sqlalchemy import Connection, case, func, literal, select, union_all

from snapshots.record import SourceStatus
from snapshots.schema import CAPTURES, RUNS


def load_source_statuses(connection: Connection) -> tuple[SourceStatus, ...]:
    """The status of every source that a page or a run names, in order of name."""
    came = case((CAPTURES.c.sequence.is_not(None), literal("new")), else_=literal("unchanged"))
    seen = union_all(
        select(CAPTURES.c.source, CAPTURES.c.captured.label("at"), came.label("outcome")).where(
            CAPTURES.c.source.is_not(None)
        ),
        select(RUNS.c.source, RUNS.c.at, RUNS.c.outcome),
    ).subquery()
    latest = select(
        seen.c.source,
        func.max(case((seen.c.outcome != "failed", seen.c.at))).label("captured"),
        func.max(case((seen.c.outcome == "new", seen.c.at))).label("changed"),
    ).group_by(seen.c.source)
    last_captures = select(func.max(CAPTURES.c.id)).group_by(CAPTURES.c.source)
    last_runs = select(func.max(RUNS.c.id)).group_by(RUNS.c.source)
    captures = connection.execute(select(CAPTURES.c.source, CAPTURES.c.url).where(CAPTURES.c.id.in_(last_captures)))
    urls = {row.source: row.url for row in captures}
    runs = {row.source: row for row in connection.execute(select(RUNS).where(RUNS.c.id.in_(last_runs)))}
    statuses = [
        SourceStatus(
            name=row.source,
            url=urls.get(row.source),
            last_captured=row.captured,
            last_changed=row.changed,
            last_outcome=runs[row.source].outcome if row.source in runs else None,
            last_run=runs[row.source].at if row.source in runs else None,
        )
        for row in connection.execute(latest)
    ]
    return tuple(sorted(statuses, key=lambda status: status.name))
