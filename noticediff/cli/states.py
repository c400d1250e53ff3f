"""`snapshots` and `show`: the dates of the state, and the state."""

# ruff: noqa: PLC0415 - doors are opened when a command runs: --help must not pay for a database.
# ruff: noqa: A002 - an option's name gives its environment variable: NOTICEDIFF_DIFF_FORMAT, NOTICEDIFF_DIFF_ALL.

from __future__ import annotations

import datetime as dt

import click

from noticediff.cli.options import DATE, format_option, scope_options
from noticediff.cli.output import write_result
from noticediff.cli.session import LOGGER, Session, pass_session
from noticediff.cli.upkeep import read_as_now
from snapshots.errors import UsageError


@click.command()
@format_option(["text", "json"], "text")
@pass_session
def snapshots(session: Session, *, format: str) -> None:
    """List the dates at which the state changed."""
    from noticediff.plain import describe_dates
    from noticediff.state import list_states
    from snapshots.codec import encode_json

    with session.open_store() as store:
        read_as_now(session, store)
        output = list_states(session.outlook.correct(store.load_documents()))
    if not output.snapshots:
        LOGGER.warning("nothing is known yet; `noticediff add PAGE` stores a page")
    if format == "json":
        write_result(encode_json(output))
    elif output.snapshots:
        write_result(describe_dates(output.snapshots, session.emphasize))


@click.command()
@click.argument("category", required=False)
@click.option("--at", type=DATE, metavar="DATE", help="The state on this day; default: today.")
@click.option("--history", is_flag=True, help="With CATEGORY: what each document said of it, oldest first.")
@click.option("--known-on", type=DATE, metavar="DATE", help="As it was believed at the end of this day.")
@format_option(["text", "json"], "text")
@scope_options
@pass_session
def show(
    session: Session,
    *,
    category: str | None,
    at: dt.date | None,
    history: bool,
    known_on: dt.date | None,
    format: str,
    platform: str | None,
    entity_type: str | None,
) -> None:
    """Show the state on a day, or one CATEGORY of it.

    CATEGORY is a path (金融業-個人征信, 金融业 > 个人征信), some of its levels, or a part that only one category has.
    """
    from noticediff.news import end_of_day
    from noticediff.plain import describe_category, describe_state
    from noticediff.sides import find_remark
    from noticediff.state import show_state
    from snapshots.codec import encode_json
    from snapshots.rebuild import list_change_dates

    if history and category is None:
        raise UsageError("--history is of one category; name it")
    day = at or session.today
    with session.open_store() as store:
        read_as_now(session, store)
        known = store.load_documents(known_on=None if known_on is None else end_of_day(known_on))
    documents = session.outlook.correct(known)
    if remark := find_remark(day, list_change_dates(documents)):
        LOGGER.warning("%s", remark)
    session.check_platform(platform, documents)
    output = show_state(documents, at=day, wanted=category, platform=platform, entity_type=entity_type)
    if format == "json":
        write_result(encode_json(output))
    elif category is None:
        write_result(describe_state(output, session.emphasize))
    else:
        write_result(
            "\n".join(describe_category(found, session.emphasize, history=history) for found in output.categories)
        )
