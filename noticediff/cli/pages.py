"""`parse` and `add`: what saved pages say, printed or stored."""

# ruff: noqa: PLC0415 - doors are opened when a command runs: --help must not pay for a parser.
# ruff: noqa: A002 - an option's name gives its environment variable: NOTICEDIFF_DIFF_FORMAT, NOTICEDIFF_DIFF_ALL.

from __future__ import annotations

import datetime as dt
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

import click

from noticediff.cli.options import DATE, format_option
from noticediff.cli.output import write_result
from noticediff.cli.session import LOGGER, Session, pass_session
from noticediff.inert import make_line
from snapshots.errors import FetchError, PageFaultError, PageRefusedError, UsageError

if TYPE_CHECKING:
    from noticediff.formats import ParseOutput
    from noticediff.pipeline import ReadPage
    from snapshots.notice import Page, Reading
    from snapshots.record import SavedPage
    from snapshots.store import Store

EXIT_PROBLEMS = 4


@click.command()
@click.argument("page")
@format_option(["text", "json"], "text")
@click.option("--source", metavar="NAME", help="Read it as a page of this source of the configuration.")
@click.option(
    "--profile", metavar="NAME|FILE", help="Read it with this profile; default: the one whose marks it bears."
)
@click.option("--captured", type=DATE, metavar="DATE", help="The day on which the page was saved.")
@click.option("--strict", is_flag=True, help="Exit with 4 where a line was not understood.")
@click.option("--explain", is_flag=True, help="Print the page line by line, with what each became.")
@pass_session
def parse(
    session: Session,
    *,
    page: str,
    format: str,
    source: str | None,
    profile: str | None,
    captured: dt.date | None,
    strict: bool,
    explain: bool,
) -> int:
    """Print what one PAGE says; store nothing.

    PAGE is a file, an http(s) address, or - for standard input; of a web archive (.warc.gz) each captured page is
    printed, as JSON one a line. Of a page that breaks off, what stands before the
    break is printed, and the exit code is 4.
    """
    from noticediff.pipeline import is_archive
    from noticediff.plain import describe_reading
    from scraper.notice.cut import PageCutError
    from snapshots.codec import encode_json

    if explain and format == "json":
        raise UsageError("--explain is for people; leave out --format json")
    configured = session.find_source(source)
    strict = strict or (configured is not None and configured.strict)
    if is_archive(page):
        return _parse_archive(session, page, format=format, source=source, profile=profile, strict=strict)
    if explain:
        return _explain_page(session, page, source=source, profile=profile, captured=captured, strict=strict)
    cut = None
    try:
        reading = _read_page(session, page, source=source, profile=profile, captured=captured).reading
    except PageCutError as error:
        reading, cut = error.reading, error
    if format == "json":
        write_result(encode_json(_build_output(reading)))
    else:
        write_result(describe_reading(reading, session.emphasize))
    if cut is not None:
        raise cut
    return EXIT_PROBLEMS if strict and reading.problems else 0


@click.command()
@click.argument("pages", metavar="PAGE...", nargs=-1, required=True)
@click.option("--source", metavar="NAME", help="Store them as pages of this source.")
@click.option(
    "--profile", metavar="NAME|FILE", help="Read them with this profile; default: the one whose marks each bears."
)
@click.option("--captured", type=DATE, metavar="DATE", help="The day on which the pages were saved; default: today.")
@click.option("--effective", type=DATE, metavar="DATE", help="Since when they are in force, whatever they say.")
@click.option("--strict", is_flag=True, help="Refuse a page with a line that was not understood, with exit code 4.")
@pass_session
def add(
    session: Session,
    *,
    pages: tuple[str, ...],
    source: str | None,
    profile: str | None,
    captured: dt.date | None,
    effective: dt.date | None,
    strict: bool,
) -> int:
    """Store saved PAGEs.

    Each is a file, an http(s) address, or - for standard input. Of a web archive (.warc.gz) each captured page is
    stored, the oldest first, with its own date.

    A page that is stored already changes nothing. A page that is refused is left out, the others are stored; the exit
    code is then the worst one.
    """
    session.refuse_held_store()
    configured = session.find_source(source)
    strict = strict or (configured is not None and configured.strict)
    worst = 0
    with ExitStack() as opened:
        store = None
        for found in _list_pages(session, pages, source=source, profile=profile, captured=captured):
            try:
                read = found()
                if strict:
                    _refuse_problems(read)
            except (FetchError, PageRefusedError, PageFaultError, UsageError) as error:
                LOGGER.error("%s", error)
                worst = max(worst, error.exit_code)
                continue
            # Only a page that is one makes a store where there is none.
            store = store or opened.enter_context(session.open_store(create=True, hold=True))
            _add_page(session, store, read, source=source, captured=captured, effective=effective)
    return worst


def _list_pages(
    session: Session, names: Iterable[str], *, source: str | None, profile: str | None, captured: dt.date | None
) -> Iterator[Callable[[], ReadPage]]:
    """How each page is read: those that are named, and each of those in an archive that is named."""
    from noticediff.pipeline import is_archive

    def refuse(error: PageRefusedError | UsageError) -> ReadPage:
        raise error

    for name in dict.fromkeys(names):
        if not is_archive(name):
            yield partial(_read_page, session, name, source=source, profile=profile, captured=captured)
            continue
        try:
            found = _read_archive(session, name, source=source, profile=profile)
        except (PageRefusedError, UsageError) as error:
            yield partial(refuse, error)
            continue
        yield from found


def _read_archive(
    session: Session, name: str, *, source: str | None, profile: str | None
) -> list[Callable[[], ReadPage]]:
    """How each page of the archive is read."""
    from noticediff.pipeline import derive_reading
    from scraper.fetching.archives import read_archive

    configured = session.find_source(source)
    chosen = profile or (None if configured is None else configured.profile)
    return [partial(derive_reading, page, profile=chosen, profiles=session.profiles) for page in read_archive(name)]


def _parse_archive(
    session: Session, name: str, *, format: str, source: str | None, profile: str | None, strict: bool
) -> int:
    from noticediff.plain import describe_reading
    from snapshots.codec import encode_json

    worst = 0
    for found in _read_archive(session, name, source=source, profile=profile):
        try:
            reading = found().reading
        except (PageRefusedError, PageFaultError) as error:
            LOGGER.error("%s", error)
            worst = max(worst, error.exit_code)
            continue
        if format == "json":
            write_result(encode_json(_build_output(reading), indent=False))
        else:
            write_result(describe_reading(reading, session.emphasize))
        if strict and reading.problems:
            worst = max(worst, EXIT_PROBLEMS)
    return worst


def _build_output(reading: Reading) -> ParseOutput:
    from noticediff.formats import ParseOutput

    return ParseOutput(
        page=reading.page, documents=reading.documents, problems=reading.problems, accounting=reading.accounting
    )


def _explain_page(
    session: Session, address: str, *, source: str | None, profile: str | None, captured: dt.date | None, strict: bool
) -> int:
    from noticediff.explain import describe_explanation
    from scraper.parse import explain_page
    from scraper.profile.profile import load_profile

    page, name = _load_page(session, address, source=source, profile=profile)
    chosen = None if name is None else load_profile(name, session.profiles)
    explanation = explain_page(page, profile=chosen, profiles=session.profiles, captured=captured)
    columns = min(max(shutil.get_terminal_size((100, 24)).columns, 80), 120)
    write_result(describe_explanation(explanation, session.paint, width=columns))
    if isinstance(explanation.outcome, PageRefusedError):
        raise explanation.outcome
    return EXIT_PROBLEMS if strict and explanation.outcome.problems else 0


def _read_page(
    session: Session, address: str, *, source: str | None, profile: str | None, captured: dt.date | None
) -> ReadPage:
    from noticediff.pipeline import derive_reading

    page, name = _load_page(session, address, source=source, profile=profile)
    return derive_reading(page, profile=name, profiles=session.profiles, captured=captured)


def _load_page(session: Session, address: str, *, source: str | None, profile: str | None) -> tuple[Page, str | None]:
    """The page, and the name of the profile to read it with: as the option says, else the source."""
    from noticediff.pipeline import load_page

    configured = session.find_source(source)
    page = load_page(
        address,
        now=session.now,
        stdin=sys.stdin.buffer if sys.stdin else None,
        allow_private=configured is not None and configured.allow_private,
    )
    if profile is None and configured is not None:
        profile = configured.profile
    return page, profile


def _refuse_problems(read: ReadPage) -> None:
    """Raise PageRefusedError where there are problems, after telling each of them."""
    from noticediff.pipeline import refuse_problems

    _tell_problems(read)
    refuse_problems(read)


def _tell_problems(read: ReadPage) -> None:
    from noticediff.plain import describe_problem

    for problem in read.reading.problems:
        for line in describe_problem(problem):
            LOGGER.info("%s", line)


def _add_page(
    session: Session,
    store: Store,
    read: ReadPage,
    *,
    source: str | None,
    captured: dt.date | None,
    effective: dt.date | None,
) -> None:
    from noticediff.pipeline import save_reading

    # A page of the web was captured now; one of an archive says when.
    moment = read.page.captured or session.now
    if captured is not None:
        moment = dt.datetime.combine(captured, dt.time.min, dt.UTC)
    saved = save_reading(store, read, source=source, captured=moment, effective=effective, now=session.now)
    for line in _describe_saved(saved, len(read.reading.problems)):
        write_result(make_line(line))
    if saved.added:
        _tell_problems(read)
    if saved.ignored_effective is not None:
        LOGGER.warning("%s: is stored already; its in-force date stays as it was", read.page.name)


def _describe_saved(saved: SavedPage, problems: int) -> list[str]:
    from noticediff.plain import count_nouns

    what = "added" if saved.added else "already known"
    return [
        f"{what}: {stored.document.kind} {stored.document.title or stored.page_name}: "
        f"{count_nouns(len(stored.document.entries), 'entry', 'entries')}, in force {stored.in_force.date} "
        f"({stored.in_force.basis.replace('_', ' ')}), {count_nouns(problems, 'problem', 'problems')}"
        for stored in saved.documents
    ]
