"""A night's look at the sources: what came is judged, and stored, held back or told as a failure.

    walk_list → Visit → PageLoader → Page → derive_reading → judge_reading → a Recorder

Which pages a list leads to is found by walk.py; a recorder keeps what a run sees, in the store, or for a dry run in
memory (recorders.py). What there is to tell of it is found by news.py, and which failures are told, by alarms.py.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, NoReturn, Protocol

import msgspec
from msgspec import Struct

from noticediff.alarms import Alarms, build_failure, decide_alarms, since_first
from noticediff.config import SourceConfig
from noticediff.corrections import Corrections
from noticediff.judge import judge_page
from noticediff.loading import PageLoader
from noticediff.pipeline import ReadPage, derive_reading, refuse_problems
from noticediff.plain import count_nouns
from noticediff.sameness import find_same, find_shown, list_alike
from noticediff.walk import Visit, choose_visits, tell_no_match, walk_list
from scraper.profile.profile import Profile
from snapshots.errors import FetchError, NoticediffError, PageFaultError, PageRefusedError, UsageError
from snapshots.notice import Page
from snapshots.record import Failure, Outcome, Reason, Seen
from snapshots.revisions import address_of
from snapshots.snapshot import StoredDocument

if TYPE_CHECKING:  # it costs the import of a database
    from noticediff.news import News

_TRUST = dt.timedelta(days=7)
"""How long a server's word that a page is unchanged is taken without looking at the page."""
_PAGE_ERRORS = (FetchError, PageRefusedError, PageFaultError, UsageError)
"""What can be wrong with one page; the others are looked at all the same."""

_LOGGER = logging.getLogger(__name__)


class SourceReport(Struct, frozen=True, kw_only=True):
    """What a run made of one source: how many pages it consists of, which were new, and what is wrong."""

    source: str
    pages: int
    added: tuple[ReadPage, ...]
    alarms: Alarms

    @property
    def failures(self) -> tuple[Failure, ...]:
        """All that is wrong with the source, told now or before."""
        return self.alarms.open

    @property
    def outcome(self) -> Outcome:
        """In one word, as the store keeps it: failed where nothing of it could be read."""
        if self.added:
            return "new"
        failed = [failure for failure in self.failures if failure.address]
        return "failed" if failed and len(failed) >= self.pages else "unchanged"


class Recorder(Protocol):
    """Where a run finds what is known and leaves what it saw."""

    def keep_together(self) -> AbstractContextManager[None]:
        """A block at whose end all that was kept in it is there, and nothing of it where the run does not get there."""

    def load_documents(self) -> tuple[StoredDocument, ...]:
        """All documents that are known."""

    def load_page(self, sha256: str) -> Page:
        """The page of a document that is known."""

    def keep_page(self, read: ReadPage, source: SourceConfig) -> None:
        """Keep the page and its documents."""

    def hold_page(self, page: Page, source: SourceConfig, reasons: tuple[Reason, ...]) -> int | None:
        """Keep the page apart, with why it is not believed; the number under which it is held."""

    def release_pages(self, source: str, address: str) -> None:
        """Let the held pages of the address wait no more: it shows a page that is believed."""

    def load_seen(self, address: str) -> Seen | None:
        """What came with the page that the address showed last."""

    def keep_seen(self, address: str, seen: Seen | None) -> None:
        """Keep what came with the page that the address shows now."""

    def list_failing(self) -> tuple[str, ...]:
        """The sources of which something is wrong."""

    def load_failures(self, source: str) -> tuple[Failure, ...]:
        """What was told of the source and is not over."""

    def close_failures(self, source: str) -> None:
        """Nothing of the source is wrong any more."""

    def load_last_news(self, source: str) -> dt.datetime | None:
        """When the source last had something new, or was first looked at."""

    def load_last_look(self, source: str) -> dt.datetime | None:
        """When the source was last read."""

    def keep_outcome(self, report: SourceReport, page_sha256: str | None) -> None:
        """Keep that the source was looked at, which stored page it showed, how that went, and what is wrong."""

    def load_news(self) -> News:
        """What is known now and was not at the last digest."""


def track_sources(
    sources: Sequence[SourceConfig],
    recorder: Recorder,
    *,
    now: dt.datetime,
    profiles: Sequence[Profile],
    corrections: Corrections | None = None,
    loader: PageLoader | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[SourceReport, ...]:
    """What the run made of each source; one that fails is reported, and the others go on.

    Catalogues come last: what a notice of the same night says to be gone is no content that a catalogue has lost.
    Errors of the store end the run. `progress` is told what is looked at, before it is.
    """
    run = _Run(
        recorder=recorder,
        now=now,
        profiles=profiles,
        corrections=corrections or Corrections(),
        loader=loader or PageLoader(now),
        progress=progress,
    )
    ordered = sorted(sources, key=lambda source: source.kind == "catalogue")
    return tuple(_Watch(source, run).track() for source in ordered)


def close_unwatched(watched: Collection[str], recorder: Recorder) -> None:
    """Tell the end of what is wrong with sources that the configuration does not name any more.

    Left open, it would keep a source silent that is named again and fails in the same way.
    """
    for source in recorder.list_failing():
        if source in watched:
            continue
        for failure in recorder.load_failures(source):
            told = "source '%s': is watched no more, and what was wrong since %s is closed: %s"
            _LOGGER.error(told, source, f"{failure.since:%Y-%m-%d}", failure.message)
            recorder.release_pages(source, failure.address)
        recorder.close_failures(source)


class _Run(Struct, frozen=True, kw_only=True):
    """What all sources of a run share."""

    recorder: Recorder
    now: dt.datetime
    profiles: Sequence[Profile]
    corrections: Corrections
    loader: PageLoader
    progress: Callable[[str], None]


class _Watch:
    """The look at one source."""

    def __init__(self, source: SourceConfig, run: _Run) -> None:
        self.source = source
        self.run, self.recorder, self.now = run, run.recorder, run.now
        self.before = run.recorder.load_failures(source.name)
        self.failures: list[Failure] = []
        self.added: list[ReadPage] = []
        self.shown: str | None = None
        self.pages = 1

    def track(self) -> SourceReport:
        source = self.source
        if not source.robots and source.url is not None:
            _LOGGER.info("source '%s': robots.txt is not asked (robots = false)", source.name)
        known = self.recorder.load_documents()
        visits = self._list_visits(known)
        for visit in visits or ():
            self.run.progress(f"{source.name}: {visit.address}")
            try:
                known = self._look_at(visit, known)
            except _PAGE_ERRORS as error:
                self._fail(visit.address, error)
        self._listen_for_silence()
        looked_at = {visit.address for visit in visits or ()}

        def was_looked_at(address: str) -> bool:
            # A page that a list that was read does not lead to any more cannot fail any more.
            return visits is not None or address in {"", source.address} or address in looked_at

        alarms = decide_alarms(self.before, self.failures, was_looked_at=was_looked_at)
        report = SourceReport(
            source=source.name, pages=self.pages, added=tuple(self.added), alarms=since_first(alarms, self.before)
        )
        _tell_alarms(source, report.alarms)
        for failure in report.alarms.over:
            self.recorder.release_pages(source.name, failure.address)
        self.recorder.keep_outcome(report, None if source.kind == "list" else self.shown)
        return report

    def _list_visits(self, known: Sequence[StoredDocument]) -> tuple[Visit, ...] | None:
        """The pages to look at: the source's own, or those that its list links to; None where the list failed."""
        if self.source.kind != "list":
            return (Visit(self.source.address),)
        try:
            return self._follow_list(known)
        except _PAGE_ERRORS as error:
            self.pages = 0
            self._fail(self.source.address, error)
            return None

    def _follow_list(self, known: Sequence[StoredDocument]) -> tuple[Visit, ...]:
        source = self.source
        walk = walk_list(source, self._load_list_page)
        if not walk.visits:
            refusal = PageRefusedError(walk.first.name, tell_no_match(source))
            self._hold(walk.first, refusal, (Reason("list", refusal.reason),))
        if walk.goes_on:
            told = "source '%s': the list goes on after %s; raise pages where older notices are wanted too"
            _LOGGER.info(told, source.name, count_nouns(source.pages, "page", "pages"))
        choice = choose_visits(
            walk.visits,
            known,
            limit=source.links,
            failing={failure.address for failure in self.before},
            last=self.recorder.load_last_look(source.name),
            now=self.now,
        )
        if choice.left_out:
            count = count_nouns(choice.left_out, "link was", "links were")
            told = f"{count} never looked at, behind the first {source.links} of the list"
            self._fail("", PageRefusedError(source.address, f"{told}; raise links, or narrow match"), cause="links")
        self.pages = min(len(walk.visits), source.links)
        _LOGGER.debug("source '%s': %d of %d links are looked at", source.name, len(choice.visits), len(walk.visits))
        return choice.visits

    def _load_list_page(self, address: str) -> Page:
        self.run.progress(f"{self.source.name}: {address}")
        return self.run.loader.load(self.source, address)

    def _look_at(self, visit: Visit, known: tuple[StoredDocument, ...]) -> tuple[StoredDocument, ...]:
        """What is known after the look; raises an error for a page that could not be had or is not believed."""
        source, address = self.source, visit.address
        seen = self._find_trusted(address, known)
        page, validators = self.run.loader.load_changed(source, address, seen)
        if page is None:
            self.shown = None if seen is None else seen.page_sha256
            return known
        stored = find_shown(page, known)
        if stored is None:
            read = self._read(page)
            stored = find_same(read, known)
            if stored is None:
                self._judge(read, known, visit)
                self.recorder.keep_page(read, source)
                self.added.append(read)
                known = self.recorder.load_documents()
        self.shown = page.sha256 if stored is None else stored.page_sha256
        _LOGGER.debug("source '%s': %s: %s", source.name, address, "new" if stored is None else "unchanged")
        if validators is None:
            self.recorder.keep_seen(address, None)
        else:
            url, etag, modified = validators
            now = Seen(url=url, etag=etag, last_modified=modified, page_sha256=self.shown, at=self.now)
            self.recorder.keep_seen(address, now)
        return known

    def _judge(self, read: ReadPage, known: Sequence[StoredDocument], visit: Visit) -> None:
        """Hold the page, and raise an error, where it is not believed."""
        reasons = judge_page(
            read,
            self.source,
            known,
            corrections=self.run.corrections,
            earlier=[self.recorder.load_page(sha256) for sha256 in list_alike(read.page, self.source.name, known)],
            link=visit.link,
        )
        if reasons:
            told = "; ".join(reason.message for reason in reasons)
            self._hold(read.page, PageRefusedError(read.page.name, told), reasons)

    def _find_trusted(self, address: str, known: Sequence[StoredDocument]) -> Seen | None:
        """What to ask the server again with, where the page that it gave is still the last one known of its address."""
        seen = self.recorder.load_seen(address)
        if seen is None or not dt.timedelta(0) <= self.now - seen.at < _TRUST:
            return None
        last = next((stored for stored in reversed(known) if address_of(stored) == seen.url), None)
        return seen if last is not None and last.page_sha256 == seen.page_sha256 else None

    def _read(self, page: Page) -> ReadPage:
        try:
            read = derive_reading(page, profile=self.source.profile, profiles=self.run.profiles)
            if self.source.strict:
                refuse_problems(read)
        except PageRefusedError as error:
            self._hold(page, error, (Reason("refused", error.reason),))
        except PageFaultError as error:
            self._hold(page, error, (Reason("fault", str(error)),))
        return read

    def _hold(self, page: Page, error: PageRefusedError | PageFaultError, reasons: tuple[Reason, ...]) -> NoReturn:
        """Raise the error, with the page held as evidence; a file of the user's own stays where it is."""
        number = None
        if self.source.url is not None:
            number = self.recorder.hold_page(page, self.source, reasons)
        if number is None or isinstance(error, PageFaultError):
            raise error
        raise PageRefusedError(error.page, f"{error.reason}; held: `noticediff quarantine show {number}`") from error

    def _listen_for_silence(self) -> None:
        """Note a failure where the source has had nothing new for longer than it should."""
        expected = self.source.expect_days
        if expected is None or self.added:
            return
        last = self.recorder.load_last_news(self.source.name)
        if last is None or self.now - last <= dt.timedelta(days=expected):
            return
        told = f"nothing new since {last:%Y-%m-%d}, and expect_every says '{self.source.expect_every}'"
        error = PageRefusedError(self.source.address, f"{told}; look at the page, or raise expect_every")
        self._fail("", error, cause="silence")

    def _fail(self, address: str, error: NoticediffError, *, cause: str | None = None) -> None:
        """Note a failure; what is wrong with the source and not with one of its pages has no address, but a cause."""
        failure = build_failure(self.source.name, address, error, now=self.now)
        self.failures.append(failure if cause is None else msgspec.structs.replace(failure, cause=cause))


def _tell_alarms(source: SourceConfig, alarms: Alarms) -> None:
    for failure in alarms.told:
        _LOGGER.error("source '%s': %s", source.name, failure.message)
    for failure in alarms.repeated:
        _LOGGER.info("source '%s': since %s: %s", source.name, f"{failure.since:%Y-%m-%d}", failure.message)
    for failure in alarms.over:
        _LOGGER.error(
            "source '%s': over; wrong since %s: %s", source.name, f"{failure.since:%Y-%m-%d}", failure.message
        )
