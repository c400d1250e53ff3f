"""`diff` and `digest`: what changed between two dates, and what was learned since one."""

# ruff: noqa: PLC0415 - doors are opened when a command runs: --help must not pay for a database.
# ruff: noqa: A002 - an option's name gives its environment variable: NOTICEDIFF_DIFF_FORMAT, NOTICEDIFF_DIFF_ALL.

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING

import click

from noticediff.cli.options import DATE, LAST_DIGEST, format_option, output_option, read_since, scope_options
from noticediff.cli.output import write_result
from noticediff.cli.session import LOGGER, Session, pass_session
from noticediff.cli.upkeep import read_as_now
from snapshots.errors import PageRefusedError, UsageError

if TYPE_CHECKING:
    from noticediff.digests import Form
    from noticediff.narrow import Level
    from noticediff.sides import Side
    from snapshots.record import Review
    from snapshots.snapshot import StoredDocument
    from templates.words import Language


@click.command()
@click.argument("old")
@click.argument("new")
@format_option(["text", "json", "md", "html", "deepdiff"], "text")
@output_option
@click.option("--exit-code", is_flag=True, help="Exit with 1 where there are differences.")
@click.option(
    "--fail-on",
    type=click.Choice(["relaxed", "mixed", "tightened", "removed", "any"]),
    help="Exit with 1 where a change is that grave, or graver in this order; any: where there is one.",
)
@click.option("--all", is_flag=True, help="List also what is only repeated or seen for the first time.")
@click.option("--known-on", type=DATE, metavar="DATE", help="As it was believed at the end of this day.")
@scope_options
@pass_session
def diff(
    session: Session,
    *,
    old: str,
    new: str,
    format: Form,
    output: str | None,
    exit_code: bool,
    fail_on: Level | None,
    all: bool,
    known_on: dt.date | None,
    platform: str | None,
    entity_type: str | None,
) -> int:
    """Show what changed from OLD to NEW.

    What was in force is compared. Each side is a date, latest (the last change not after today), previous, latest~2,
    or a saved page: a file, an address, or - for standard input. A page as NEW comes on top of OLD: two versions of a
    notice are compared as such, and a notice held against a date shows what it would change. Of a notice that breaks
    off, what stands before the break is held against OLD, and the exit code is 4. The format deepdiff is JSON for
    scripts: DeepDiff's delta of each changed category, by the id of the change.
    """
    from noticediff.digests import Telling, encode_telling
    from noticediff.narrow import is_level_reached, list_differences, narrow_changes
    from noticediff.reviews import leave_out_dismissed
    from noticediff.sides import compare_sides, is_page_name, name_page

    old_side, new_side, reviews, cut = _load_sides(session, old, new, known_on)
    comparison = compare_sides(old_side, new_side, session.outlook, has_mirrors=not is_page_name(new))
    session.check_platform(platform, comparison.documents.values())
    undismissed = leave_out_dismissed(comparison.changes, reviews)
    changes = narrow_changes(undismissed, platform=platform, entity_type=entity_type)
    telling = Telling(
        heading="diff",
        changes=changes,
        documents=comparison.documents,
        sources=(),
        today=session.today,
        since=name_page(old) or changes.old.date,
        until=name_page(new) or changes.new.date,
    )
    color = session.use_color and format == "text" and output in {None, "-"}
    write_result(encode_telling(telling, format, all_kinds=all, color=color), output)
    if cut is not None:
        raise cut
    differences = list_differences(changes, all_kinds=all)
    return int((exit_code and bool(differences)) or (fail_on is not None and is_level_reached(differences, fail_on)))


@click.command()
@click.option(
    "--since",
    callback=read_since,
    metavar="DATE|last-digest",
    default=LAST_DIGEST,
    show_default=True,
    help="What was not known at the end of this day, or when `track` last wrote a digest.",
)
@click.option("--until", type=DATE, metavar="DATE", help="Only what was known at the end of this day; default: all.")
@click.option("--portfolio", metavar="FILE", help="Begin with the programs that are hit; default: as configured.")
@format_option(["html", "md", "json"], "html")
@output_option
@scope_options
@click.option(
    "--language",
    type=click.Choice(["en", "zh-Hans"]),
    default="en",
    show_default=True,
    help="Language of the fixed words.",
)
@pass_session
def digest(
    session: Session,
    *,
    since: dt.date | None,
    until: dt.date | None,
    portfolio: str | None,
    format: Form,
    output: str | None,
    platform: str | None,
    entity_type: str | None,
    language: Language,
) -> None:
    """Print what was learned since the last digest.

    These are the news, in force already or to come. The store is left as it is: only `track` counts its news as
    told. The JSON is that of diff.
    """
    import msgspec

    from noticediff.digests import encode_telling, tell_news
    from noticediff.narrow import narrow_changes
    from noticediff.news import load_news

    programs = session.load_portfolio(portfolio)
    with session.open_store() as store:
        read_as_now(session, store)
        news = load_news(store, session.outlook, since=since, until=until)
        sources = store.load_sources()
    session.check_platform(platform, news.documents.values())
    changes = narrow_changes(news.changes, platform=platform, entity_type=entity_type)
    told = msgspec.structs.replace(news, changes=changes)
    if told.is_empty and not changes.changes:
        LOGGER.warning("there is nothing new")
    telling = tell_news(told, sources=sources, today=session.today, portfolio=programs)
    write_result(encode_telling(telling, format, language=language), output)


def _load_sides(
    session: Session, old: str, new: str, known_on: dt.date | None
) -> tuple[Side, Side, tuple[Review, ...], PageRefusedError | None]:
    """Both sides, what was decided on findings, and where the page that is held against OLD breaks off."""
    from noticediff.news import end_of_day
    from noticediff.pipeline import derive_to_break, list_documents, load_page
    from noticediff.sides import Side, add_page, find_date, find_remark, is_known_notice, is_page_name
    from snapshots.rebuild import list_change_dates

    is_page = [is_page_name(side) for side in (old, new)]
    if (old, new) == ("-", "-"):
        raise UsageError("standard input can be OLD or NEW, not both")
    documents: tuple[StoredDocument, ...] = ()
    dates: tuple[dt.date, ...] = ()
    reviews: tuple[Review, ...] = ()
    if not all(is_page):
        with session.open_store() as store:
            read_as_now(session, store)
            documents = store.load_documents(known_on=None if known_on is None else end_of_day(known_on))
            reviews = store.load_reviews()
        session.tell_idle_corrections(documents)
        dates = list_change_dates(session.outlook.correct(documents))

    def date_side(text: str) -> Side:
        day = find_date(text, dates, session.today)
        if remark := find_remark(day, dates):
            LOGGER.warning("%s", remark)
        return Side(documents, day)

    def page_documents(text: str, place: int) -> tuple[tuple[StoredDocument, ...], PageRefusedError | None]:
        # What the pages do not date is dated by their order here.
        captured = session.now + dt.timedelta(microseconds=place)
        page = load_page(text, now=captured, stdin=sys.stdin.buffer if sys.stdin else None)
        read, cut = derive_to_break(page, profiles=session.profiles)
        return list_documents(read, source=None, captured=captured, sequence=place), cut

    if not is_page[0]:
        old_side = date_side(old)
    else:
        found, cut = page_documents(old, 0)
        if cut is not None:
            raise cut  # what it lost would look new
        old_side = Side(found, None)
    if not is_page[1]:
        return old_side, date_side(new), reviews, None
    found, cut = page_documents(new, 1)
    if cut is not None and any(is_known_notice(stored, add_page(old_side, ()).documents) for stored in found):
        raise cut  # what it lost would look withdrawn
    return old_side, add_page(old_side, found), reviews, cut
