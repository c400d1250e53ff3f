"""The impact as CSV: a line for each program and category, RFC 4180, for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from differ.impact.impact import CategoryImpact, ProgramImpact
from noticediff.formats import DocumentLabel
from noticediff.impact import ImpactOutput
from noticediff.impact_words import (
    join_path,
    tell_by,
    tell_cause,
    tell_expiry,
    tell_lack,
    tell_otherwise,
    tell_way,
    tell_why,
)
from noticediff.inert import make_line

COLUMNS = (
    "program", "platform", "entity_type", "category", "path", "state", "why", "by", "needs", "other_sets",
    "goes_on_as", "also_needed", "since", "cause", "change", "expiring", "coming",
    "to_be_chosen", "optional", "otherwise_missing",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def format_rows(output: ImpactOutput) -> str:
    """The rows under a line that names the columns; `needs` is the smallest set, `other_sets` the others shown."""
    documents = {label.document: label for label in output.documents}
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for program in output.programs:
        for impact in program.categories:
            writer.writerow([_make_cell(cell) for cell in _list_cells(program, impact, documents)])
    return text.getvalue()


def _list_cells(
    program: ProgramImpact, impact: CategoryImpact, documents: Mapping[str, DocumentLabel]
) -> tuple[str | None, ...]:
    now, since = impact.now, impact.since
    ways = [tell_way(way) for way in now.ways]
    return (
        program.program,
        program.platform,
        program.entity_type if impact.key is None else impact.key.split("|")[1],
        impact.category,
        None if now.path is None else join_path(now.path),
        now.state,
        tell_why(now),
        tell_by(now),
        ways[0] if ways else None,
        "; ".join(ways[1:]),
        "; ".join(map(join_path, now.goes_on_as)),
        "; ".join(map(tell_lack, now.lacks)),
        None if since is None else since.date.isoformat(),
        None if since is None else tell_cause(since, documents),
        None if since is None else since.change,
        "; ".join(map(tell_expiry, impact.expiring)),
        "; ".join(f"{coming.cause.date} {coming.becomes.state}" for coming in impact.coming),
        "; ".join(map(tell_lack, now.elsewhere)),
        "; ".join(now.optional),
        tell_otherwise(now),
    )


def _make_cell(text: str | None) -> str:
    """The text as one inert line that no spreadsheet takes for a formula."""
    cell = make_line(text or "")
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
