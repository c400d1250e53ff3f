"""A night's look at the sources: what came is judged, and stored, held back or told as a failure.

    list_links → Visit → PageLoader → Page → derive_reading → judge_reading → a Recorder

A recorder keeps what a run sees: in the store, or for a dry run in memory (recorders.py). What there is to tell of
it is found by news.py, and which failures are told, by alarms.py.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

import msgspec
from msgspec import Struct

from noticediff.alarms import Alarms, build_failure, decide_alarms, since_first
from noticediff.config import SourceConfig
from noticediff.judge import judge_reading
from noticediff.loading import PageLoader
from noticediff.pipeline import ReadPage, derive_reading, refuse_problems
from scraper.profile.profile import Profile
from snapshots.errors import FetchError, NoticediffError, PageFaultError, PageRefusedError, UsageError
from snapshots.notice import Document, Page, Reading
from snapshots.record import Failure, Outcome, Reason, Seen
from snapshots.revisions import address_of
from snapshots.snapshot import StoredDocument

if TYPE_CHECKING:  # it costs the import of a database
    from noticediff.news import News

LINK_LIMIT = 50
"""How many pages of a list are followed."""

_TRUST = dt.timedelta(days=7)
"""How long a server's word that a page is unchanged is taken without looking at the page."""
_PAGE_ERRORS = (FetchError, PageRefusedError, PageFaultError, UsageError)
"""What can be wrong with one page; the others are looked at all the same."""

_LOGGER = logging.getLogger(__name__)


class SourceReport(Struct, frozen=True, kw_only=True):
    """What a run made of one source: how many pages it looked at, which were new, and what is wrong."""

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


class Visit(Struct, frozen=True):
    """A page to look at, and the title of the link that leads there."""

    address: str
    link: str | None = None


class Recorder(Protocol):
    """Where a run finds what is known and leaves what it saw."""

    def keep_together(self) -> AbstractContextManager[None]:
        """A block at whose end all that was kept in it is there, and nothing of it where the run does not get there."""

    def load_documents(self) -> tuple[StoredDocument, ...]:
        """All documents that are known."""

    def keep_page(self, read: ReadPage, source: SourceConfig) -> None:
        """Keep the page and its documents."""

    def hold_page(self, page: Page, source: SourceConfig, reasons: tuple[Reason, ...]) -> int | None:
        """Keep the page apart, with why it is not believed; the number under which it is held."""

    def load_seen(self, address: str) -> Seen | None:
        """What came with the page that the address showed last."""

    def keep_seen(self, address: str, seen: Seen | None) -> None:
        """Keep what came with the page that the address shows now."""

    def load_failures(self, source: str) -> tuple[Failure, ...]:
        """What was told of the source and is not over."""

    def load_last_news(self, source: str) -> dt.datetime | None:
        """When the source last had something new, or was first looked at."""

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
    loader: PageLoader | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[SourceReport, ...]:
    """What the run made of each source; one that fails is reported, and the others go on.

    What a source shows is kept together: a run that is killed leaves each source as it was, or as it is now. Errors of
    the store end the run. `progress` is told what is looked at, before it is.
    """
    run = _Run(recorder=recorder, now=now, profiles=profiles, loader=loader or PageLoader(now), progress=progress)
    reports = []
    for source in sources:
        with recorder.keep_together():
            reports.append(_Watch(source, run).track())
    return tuple(reports)


class _Run(Struct, frozen=True, kw_only=True):
    """What all sources of a run share."""

    recorder: Recorder
    now: dt.datetime
    profiles: Sequence[Profile]
    loader: PageLoader
    progress: Callable[[str], None]


class _Watch:
    """The look at one source."""

    def __init__(self, source: SourceConfig, run: _Run) -> None:
        self.source = source
        self.recorder, self.now, self.profiles = run.recorder, run.now, run.profiles
        self.loader, self.progress = run.loader, run.progress
        self.failures: list[Failure] = []
        self.added: list[ReadPage] = []
        self.shown: str | None = None

    def track(self) -> SourceReport:
        source = self.source
        if not source.robots and source.url is not None:
            _LOGGER.info("source '%s': robots.txt is not asked (robots = false)", source.name)
        visits = self._list_visits()
        known = self.recorder.load_documents()
        for visit in visits or ():
            self.progress(f"{source.name}: {visit.address}")
            try:
                known = self._look_at(visit, known)
            except _PAGE_ERRORS as error:
                self.failures.append(build_failure(source.name, visit.address, error, now=self.now))
        self._listen_for_silence()
        before = self.recorder.load_failures(source.name)
        looked_at = {visit.address for visit in visits or ()}

        def was_looked_at(address: str) -> bool:
            # A page that a list that was read does not lead to any more cannot fail any more.
            return visits is not None or address in {"", source.address} or address in looked_at

        alarms = since_first(decide_alarms(before, self.failures, was_looked_at=was_looked_at), before)
        report = SourceReport(source=source.name, pages=len(visits or ()), added=tuple(self.added), alarms=alarms)
        _tell_alarms(source, alarms)
        self.recorder.keep_outcome(report, None if source.kind == "list" else self.shown)
        return report

    def _list_visits(self) -> tuple[Visit, ...] | None:
        """The pages to look at: the source's own, or those that its list links to; None where the list failed."""
        source = self.source
        if source.kind != "list" or source.match is None:
            return (Visit(source.address),)
        try:
            return self._follow_list(source.match)
        except _PAGE_ERRORS as error:
            self.failures.append(build_failure(source.name, source.address, error, now=self.now))
            return None

    def _follow_list(self, match: str) -> tuple[Visit, ...]:
        from scraper.fetching.links import extract_links, find_next  # noqa: PLC0415 - only lists need the tolerant reader

        source = self.source
        visits: dict[str, Visit] = {}
        address: str | None = source.address
        seen: set[str] = set()
        while address is not None and address not in seen and len(seen) < source.pages:
            seen.add(address)
            self.progress(f"{source.name}: {address}")
            page = self.loader.load(source, address)
            links = extract_links(page, match=match, selector=source.selector)
            if not links and len(seen) == 1:
                refusal = PageRefusedError(page.name, f"no link's title on this list contains '{match}'")
                self._hold(page, refusal, (Reason("list", refusal.reason),))
            for link in links:
                visits.setdefault(link.url, Visit(link.url, link.title))
            address = find_next(page, source.next) if source.next is not None else None
        if len(visits) > LINK_LIMIT:
            told = "source '%s': %d links match; the first %d are followed"
            _LOGGER.warning(told, source.name, len(visits), LINK_LIMIT)
        return tuple(visits.values())[:LINK_LIMIT]

    def _look_at(self, visit: Visit, known: tuple[StoredDocument, ...]) -> tuple[StoredDocument, ...]:
        """What is known after the look; raises an error for a page that could not be had or is not believed."""
        source, address = self.source, visit.address
        seen = self._find_trusted(address, known)
        page, validators = self.loader.load_changed(source, address, seen)
        if page is None:
            self.shown = None if seen is None else seen.page_sha256
            return known
        stored = _find_shown(page, known)
        if stored is None:
            read = self._read(page)
            stored = _find_same(read, known)
            if stored is None:
                if reasons := judge_reading(read.reading, source, known, link=visit.link):
                    told = "; ".join(reason.message for reason in reasons)
                    self._hold(page, PageRefusedError(page.name, told), reasons)
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

    def _find_trusted(self, address: str, known: Sequence[StoredDocument]) -> Seen | None:
        """What to ask the server again with, where the page that it gave is still the last one known of its address."""
        seen = self.recorder.load_seen(address)
        if seen is None or not dt.timedelta(0) <= self.now - seen.at < _TRUST:
            return None
        last = next((stored for stored in reversed(known) if address_of(stored) == seen.url), None)
        return seen if last is not None and last.page_sha256 == seen.page_sha256 else None

    def _read(self, page: Page) -> ReadPage:
        try:
            read = derive_reading(page, profile=self.source.profile, profiles=self.profiles)
            if self.source.strict:
                refuse_problems(read)
        except PageRefusedError as error:
            self._hold(page, error, (Reason("refused", error.reason),))
        except PageFaultError as error:
            self._hold(page, error, (Reason("fault", str(error)),))
        return read

    def _hold(self, page: Page, error: PageRefusedError | PageFaultError, reasons: tuple[Reason, ...]) -> None:
        """Raise the error, with the page held as evidence; a file of the user's own stays where it is."""
        number = None
        if self.source.url is not None:
            number = self.recorder.hold_page(page, self.source, reasons)
        if number is None or isinstance(error, PageFaultError):
            raise error
        raise PageRefusedError(error.page, f"{error.reason}; held as quarantine {number}") from error

    def _listen_for_silence(self) -> None:
        """Note a failure where the source has had nothing new for longer than it should."""
        expected = self.source.expect_days
        if expected is None or self.added:
            return
        last = self.recorder.load_last_news(self.source.name)
        if last is None or self.now - last <= dt.timedelta(days=expected):
            return
        told = f"{self.source.address}: nothing new since {last:%Y-%m-%d}, and expect_every says"
        error = NoticediffError(f"{told} '{self.source.expect_every}'; look at the page, or raise expect_every")
        failure = build_failure(self.source.name, "", error, now=self.now)
        self.failures.append(msgspec.structs.replace(failure, cause="silence", exit_code=PageRefusedError.exit_code))


def _tell_alarms(source: SourceConfig, alarms: Alarms) -> None:
    for failure in alarms.told:
        _LOGGER.error("source '%s': %s", source.name, failure.message)
    for failure in alarms.repeated:
        _LOGGER.info("source '%s': since %s: %s", source.name, f"{failure.since:%Y-%m-%d}", failure.message)
    for failure in alarms.over:
        _LOGGER.error("source '%s': over, since %s: %s", source.name, f"{failure.since:%Y-%m-%d}", failure.message)


def _find_shown(page: Page, known: Sequence[StoredDocument]) -> StoredDocument | None:
    """The document that these bytes are already known by: what their address showed last, or what another one shows.

    Bytes that come back after others had stood at their address are news again.
    """
    here = [stored for stored in known if address_of(stored) == (page.url or page.name)]
    among = here[-1:] if here else known
    return next((stored for stored in among if stored.page_sha256 == page.sha256), None)


def _find_same(read: ReadPage, known: Sequence[StoredDocument]) -> StoredDocument | None:
    """The document stored last from this address, where the page says today what it said then.

    A view counter or a comment below the notice gives other bytes every night, and says nothing.
    """
    address = read.page.url or read.page.name
    last = next((stored for stored in reversed(known) if address_of(stored) == address), None)
    if last is None:
        return None
    before = [stored.document for stored in known if stored.sequence == last.sequence]
    return last if _say_the_same(before, read.reading.documents) else None


def is_same_reading(one: Reading, other: Reading) -> bool:
    """Whether two pages say the same, whatever else stands on them."""
    return _say_the_same(one.documents, other.documents)


def _say_the_same(one: Sequence[Document], other: Sequence[Document]) -> bool:
    return [_without_place(document) for document in one] == [_without_place(document) for document in other]


def _without_place(document: Document) -> Document:
    """The document without what the page around it moves: line numbers, and the day on which it was captured."""
    entries = tuple(msgspec.structs.replace(entry, lines=(0, 0)) for entry in document.entries)
    is_stated = document.in_force is not None and document.in_force.basis != "captured"
    return msgspec.structs.replace(document, entries=entries, in_force=document.in_force if is_stated else None)
