"""`quarantine`: the pages that came and were not believed, for a person to decide on."""

# ruff: noqa: PLC0415 - doors are opened when a command runs: --help must not pay for a database.
# ruff: noqa: A002 - an option's name gives its environment variable: NOTICEDIFF_QUARANTINE_LIST_FORMAT.

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from noticediff.cli.options import format_option, output_option
from noticediff.cli.output import write_result
from noticediff.cli.session import LOGGER, Session, pass_session
from noticediff.inert import make_line
from snapshots.errors import PageRefusedError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from snapshots.record import HeldPage
    from snapshots.store import Store

_NUMBER = click.IntRange(max=2**31 - 1)
"""What every database takes for the number of a row."""


@click.group()
def quarantine() -> None:
    """See and decide on pages that were not believed.

    `track` holds a page back that lost its content, or that reads like another page: the state stays as it was.
    """


@quarantine.command("list")
@format_option(("text", "json"), "text")
@pass_session
def list_quarantine(session: Session, *, format: str) -> None:
    """List the pages that wait for a decision, with the reasons.

    A page whose source is well again waits no more.
    """
    with session.open_store() as store:
        held = store.quarantine.list_held()
    if format == "json":
        write_result(_encode(held))
        return
    if not held:
        LOGGER.warning("no page is in quarantine")
    for page in held:
        reasons = "; ".join(reason.message for reason in page.reasons)
        told = f"{page.id} {page.source} since {page.since:%Y-%m-%d} {page.page.url or page.page.name}: {reasons}"
        write_result(make_line(told))


@quarantine.command("show")
@click.argument("number", type=_NUMBER)
@format_option(("page", "json"), "page")
@output_option
@pass_session
def show_quarantine(session: Session, *, number: int, format: str, output: str | None) -> None:
    """Print the bytes of a page as they came.

    The reasons go to standard error. As JSON: what `list` says of the page, decided on or not, and no bytes.
    """
    with session.open_store() as store:
        held = store.quarantine.load_held(number)
    if format == "json":
        write_result(_encode((held,)), output)
        return
    LOGGER.info("source '%s', captured %s", held.source, held.page.captured)
    for reason in held.reasons:
        LOGGER.info("%s: %s", reason.code, reason.message)
    write_result(held.page.content, output, as_is=True)


@quarantine.command("accept")
@click.argument("number", type=_NUMBER)
@pass_session
def accept_quarantine(session: Session, *, number: int) -> None:
    """Believe a page: store it as a page of its source.

    What it changes is news of the next digest. A page that cannot be read at all cannot be accepted; a profile that
    reads it comes first.
    """
    with session.open_store(hold=True) as store:
        from noticediff.pipeline import derive_reading, save_reading

        held = _load_waiting(store, number)
        if any(reason.code == "list" for reason in held.reasons):
            told = f"page {number} is a list, which is never stored; it is over when a link on it matches again"
            raise UsageError(f"{told}: mend match or selector of '{held.source}'")
        source = next((source for source in session.config.sources if source.name == held.source), None)
        try:
            read = derive_reading(
                held.page, profile=None if source is None else source.profile, profiles=session.profiles
            )
        except PageRefusedError as error:
            reason = f"{error.reason}; it cannot be accepted before a profile reads it"
            raise PageRefusedError(error.page, reason) from error
        captured = held.page.captured or session.now
        with store.keep_together():
            saved = save_reading(store, read, source=held.source, captured=captured, effective=None, now=session.now)
            store.quarantine.decide(number, "accepted")
    told = "stored; the next digest tells what it changes" if saved.added else "was known already; nothing changes"
    LOGGER.info("%s", make_line(f"{held.page.name}: {told}"))


@quarantine.command("drop")
@click.argument("number", type=_NUMBER)
@pass_session
def drop_quarantine(session: Session, *, number: int) -> None:
    """Do not believe a page, and list it no more.

    Its bytes stay in the store. As long as its source shows it, `track` exits with 4.
    """
    with session.open_store(hold=True) as store:
        held = _load_waiting(store, number)
        store.quarantine.decide(number, "dropped")
    LOGGER.info("%s", make_line(f"{held.page.name}: dropped"))


def _load_waiting(store: Store, number: int) -> HeldPage:
    """The page of that number; raises UsageError for one that waits for no decision."""
    held = store.quarantine.load_held(number)
    if held.decision == "over":
        told = f"page {number} is over: {held.page.name} fails no more, and what it shows now is known"
        raise UsageError(f"{told}; `quarantine show {number}` still prints what it showed")
    if held.decision is not None:
        raise UsageError(f"page {number} was {held.decision} already")
    return held


def _encode(held: Sequence[HeldPage]) -> bytes:
    from noticediff.quarantine_json import build_quarantine
    from snapshots.codec import encode_json

    return encode_json(build_quarantine(held))
