"""`track`: the command that cron runs."""

# ruff: noqa: PLC0415 - doors are opened when a command runs: --help must not pay for a database.

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from noticediff.cli.output import write_result
from noticediff.cli.session import LOGGER, Session, pass_session
from noticediff.cli.upkeep import read_as_now
from noticediff.inert import make_line
from snapshots.errors import DeliveryError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from differ.impact.portfolio import Portfolio
    from noticediff.config import SourceConfig
    from noticediff.delivery.files import Shelf
    from noticediff.news import News
    from noticediff.recorder import Recorder, SourceReport
    from snapshots.message import Draft
    from snapshots.store import Store


@click.command()
@click.argument("sources", metavar="[SOURCE]...", nargs=-1)
@click.option("--dry-run", is_flag=True, help="Say what would be stored and told; store and write nothing.")
@click.option("--output", metavar="DIR", help="Where digests go; default: as configured, else digests beside it.")
@pass_session
def track(session: Session, *, sources: tuple[str, ...], dry_run: bool, output: str | None) -> int:
    """Fetch every SOURCE and write a digest of what is new.

    What is new is stored, and the paths of the digests are printed; where nothing is new nothing is written. A source
    that fails does not stop the others; the exit code is then the worst one.
    """
    watched = _select_sources(session, sources)
    portfolio = session.load_portfolio(None)  # what is wrong in it is said before anything is fetched
    if dry_run:
        with session.open_store(required=False) as store:
            read_as_now(session, store)
            return _rehearse(session, store, watched, portfolio)
    with session.open_store(create=True, hold=True) as store:
        folder = session.output_folder if output is None else Path(output)
        _miss_told(store, folder)
        read_as_now(session, store)
        return _run(session, store, watched, portfolio, folder)


def _miss_told(store: Store, folder: Path) -> None:
    """Say that digests lie in the folder, and the store has told none: it was lost, perhaps, and nobody knows."""
    if store.load_told() is None and any(folder.glob("digest-*.json")):
        LOGGER.error(
            "%s: this store has told nothing yet, but digests lie in %s; if it was lost, restore its backup: else all "
            "that is found is told as if never seen before",
            store.name,
            folder,
        )


def _select_sources(session: Session, names: tuple[str, ...]) -> tuple[SourceConfig, ...]:
    config = session.config
    if config.path is None:
        raise UsageError(
            "there is no configuration; write ./noticediff.toml with a [[source]], or name one with --config"
        )
    if not config.sources:
        raise UsageError(f"{config.path}: there is no [[source]] to track")
    return tuple(map(config.find_source, dict.fromkeys(names))) or config.sources


def _run(
    session: Session, store: Store, sources: Sequence[SourceConfig], portfolio: Portfolio | None, folder: Path
) -> int:
    from noticediff.delivery.drafts import draft_alarms
    from noticediff.delivery.files import Shelf, write_unfiled
    from noticediff.recorders import StoreRecorder
    from noticediff.watch import close_unwatched

    recorder = StoreRecorder(store, session.now, session.outlook)
    reports = _track(session, sources, recorder)
    close_unwatched({source.name for source in session.config.sources}, recorder)
    news = recorder.load_news()
    if not news.is_empty:
        _keep_news(session, store, news, portfolio)
    store.outbox.keep_alarms(draft_alarms, session.config.list_channels("alarm"), at=session.now)
    shelf = Shelf(folder, session.config.output_url)
    codes = [_worst_code(reports)]
    try:
        paths = write_unfiled(store.outbox, shelf, now=session.now)
    except UsageError as error:
        LOGGER.error("%s; the digest is kept, and the next run writes it", error)
        codes.append(error.exit_code)
        paths = ()
    write_result("".join(f"{path}\n" for path in paths), as_is=True)
    codes.append(_deliver(session, store, shelf))
    LOGGER.info("%s", _summarize(reports, "a digest was written" if paths else "no news" if news.is_empty else "news"))
    return max(codes)


def _keep_news(session: Session, store: Store, news: News, portfolio: Portfolio | None) -> None:
    from noticediff.delivery.drafts import draft_digest
    from noticediff.digests import tell_news

    telling = tell_news(news, sources=store.load_sources(), today=session.today, portfolio=portfolio)
    channels = session.config.list_channels("news")
    # Kept before anything of it leaves, with the mark up to where it tells: whatever dies from here on is made good by
    # the next run.
    with store.keep_together():
        store.outbox.keep_digest(draft_digest(telling), channels, at=session.now)
        store.save_told(at=session.now, sequence=news.sequence)


def _deliver(session: Session, store: Store, shelf: Shelf) -> int:
    """Send what this run or an earlier one has left to send; the exit code of what fails."""
    from noticediff.delivery.dispatch import deliver_messages

    channels = session.config.channels
    failed = deliver_messages(store.outbox, channels, shelf, now=session.now, environment=os.environ)
    return DeliveryError.exit_code if failed else 0


def _rehearse(session: Session, store: Store, sources: Sequence[SourceConfig], portfolio: Portfolio | None) -> int:
    from noticediff.recorders import DryRecorder

    recorder = DryRecorder(store, session.now, session.outlook)
    reports = _track(session, sources, recorder)
    for report in reports:
        for read in report.added:
            titles = ", ".join(document.title or "(no title)" for document in read.reading.documents)
            write_result(make_line(f"would store {read.page.name}: {titles}"))
    news = recorder.load_news()
    if not news.is_empty:
        from noticediff.delivery.drafts import draft_digest
        from noticediff.digests import encode_telling, tell_news

        telling = tell_news(news, sources=store.load_sources(), today=session.today, portfolio=portfolio)
        write_result("would tell:\n")
        write_result(encode_telling(telling, "text", color=session.use_color))
        _rehearse_delivery(session, draft_digest(telling))
    _rehearse_alarms(session, reports)
    for delivery in store.outbox.list_deliveries():
        write_result(
            make_line(f"would send again to {delivery.channel}: {store.outbox.load_message(delivery.message).title}")
        )
    LOGGER.info("%s", _summarize(reports, "no news" if news.is_empty else "a digest would be written"))
    return _worst_code(reports)


def _rehearse_delivery(session: Session, draft: Draft) -> None:
    for channel in session.config.list_channels(draft.kind):
        write_result(make_line(f"would send to {channel}: {draft.title}"))


def _rehearse_alarms(session: Session, reports: Sequence[SourceReport]) -> None:
    from noticediff.delivery.drafts import draft_alarms

    begun = [failure for report in reports for failure in report.alarms.told]
    over = [failure for report in reports for failure in report.alarms.over]
    if begun or over:
        _rehearse_delivery(session, draft_alarms(begun, over))


def _track(session: Session, sources: Sequence[SourceConfig], recorder: Recorder) -> tuple[SourceReport, ...]:
    from noticediff.watch import track_sources

    def tell(what: str) -> None:
        if session.verbosity >= 0:
            session.progress.tell(what)

    try:
        return track_sources(
            sources,
            recorder,
            now=session.now,
            profiles=session.profiles,
            corrections=session.config.corrections,
            progress=tell,
        )
    finally:
        session.progress.end()


def _summarize(reports: Sequence[SourceReport], news: str) -> str:
    from noticediff.plain import count_nouns

    counts = (
        count_nouns(len(reports), "source", "sources"),
        count_nouns(sum(report.pages for report in reports), "page", "pages"),
        count_nouns(sum(len(report.added) for report in reports), "new page", "new pages"),
        count_nouns(sum(len(report.failures) for report in reports), "failure", "failures"),
    )
    return f"{', '.join(counts)}; {news}"


def _worst_code(reports: Sequence[SourceReport]) -> int:
    return max((failure.exit_code for report in reports for failure in report.failures), default=0)
