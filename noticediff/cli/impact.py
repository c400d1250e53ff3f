"""`impact`: what the rules mean for the programs of a portfolio."""

# ruff: noqa: PLC0415 - doors are opened when a command runs: --help must not pay for a database.
# ruff: noqa: A002 - an option's name gives its environment variable: NOTICEDIFF_IMPACT_FORMAT.

from __future__ import annotations

import datetime as dt

import click

from noticediff.cli.options import DATE, format_option, output_option, scope_options
from noticediff.cli.output import write_result
from noticediff.cli.session import LOGGER, Session, pass_session
from noticediff.cli.upkeep import read_as_now
from snapshots.errors import UsageError


@click.command()
@click.option("--portfolio", metavar="FILE", help="The programs: a TOML file, or CSV (*.csv); default: as configured.")
@click.option("--since", type=DATE, metavar="DATE", help="Only what became so after this day, or is coming.")
@click.option("--at", type=DATE, metavar="DATE", help="By the rules in force on this day; default: today.")
@format_option(["text", "json", "csv"], "text")
@output_option
@click.option(
    "--fail-on",
    type=click.Choice(["unsatisfied"]),
    help="Exit with 1 where papers or a needed category are missing, or a category is gone.",
)
@scope_options
@pass_session
def impact(
    session: Session,
    *,
    portfolio: str | None,
    since: dt.date | None,
    at: dt.date | None,
    format: str,
    output: str | None,
    fail_on: str | None,
    platform: str | None,
    entity_type: str | None,
) -> int:
    """Show which programs of a portfolio lack papers.

    It says for each category whether the papers are enough, which are missing, and since when, by which change.
    Nothing is guessed: what the portfolio does not state, or no page says, is told as such.
    """
    from differ.impact.impact import is_unsatisfied
    from noticediff.impact import find_impact
    from noticediff.impact_csv import format_rows
    from noticediff.impact_text import describe_impact
    from noticediff.sides import find_remark
    from snapshots.codec import encode_json
    from snapshots.rebuild import list_change_dates

    programs = session.load_portfolio(portfolio)
    if programs is None:
        raise UsageError("there is no portfolio; name one with --portfolio, or in the configuration")
    day = at or session.today
    with session.open_store() as store:
        read_as_now(session, store)
        documents = session.outlook.correct(store.load_documents())
    session.check_platform(platform, documents)
    if remark := find_remark(day, list_change_dates(documents)):
        LOGGER.warning("%s", remark)
    found = find_impact(documents, programs, day=day, since=since, platform=platform, entity_type=entity_type)
    match format:
        case "json":
            write_result(encode_json(found), output)
        case "csv":
            write_result(format_rows(found), output)
        case _:
            emphasize = session.emphasize if output in {None, "-"} else str
            write_result(describe_impact(found, emphasize), output)
    impacts = [one for program in found.programs for one in program.categories]
    return int(fail_on is not None and any(map(is_unsatisfied, impacts)))
