"""A night's look at the sources: what came is judged, and stored, held back or told as a failure.

    walk_list → Visit → look_at → SourceReport

Which pages a list leads to is found by walk.py, what one page shows by look.py; a recorder keeps what a run sees, in
the store, or for a dry run in memory (recorders.py). What there is to tell of it is found by news.py, and which
failures are told, by alarms.py.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Collection, Sequence

from noticediff.alarms import Alarms, build_failure, decide_alarms, since_first
from noticediff.config import SourceConfig
from noticediff.corrections import Corrections
from noticediff.loading import PageLoader
from noticediff.look import Run, hold, look_at
from noticediff.pipeline import ReadPage
from noticediff.plain import count_nouns
from noticediff.recorder import Recorder, SourceReport
from noticediff.walk import Visit, Walk, choose_visits, date_addresses, tell_no_match, walk_list
from scraper.profile.profile import Profile
from snapshots.errors import FetchError, NoticediffError, PageFaultError, PageRefusedError, UsageError
from snapshots.notice import Page
from snapshots.record import Failure, Reason
from snapshots.snapshot import StoredDocument

_PAGE_ERRORS = (FetchError, PageRefusedError, PageFaultError, UsageError)
"""What can be wrong with one page; the others are looked at all the same."""
_SILENCE = "silence"

_LOGGER = logging.getLogger(__name__)


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

    What a source shows is kept together: a run that is killed leaves each source as it was, or as it is now. Catalogues
    come last: what a notice of the same night says to be gone is no content that a catalogue has lost. Errors of the
    store end the run. `progress` is told what is looked at, before it is.
    """
    run = Run(
        recorder=recorder,
        now=now,
        profiles=profiles,
        corrections=corrections or Corrections(),
        loader=loader or PageLoader(now),
        progress=progress,
    )
    reports = []
    for source in sorted(sources, key=lambda source: source.kind == "catalogue"):
        with recorder.keep_together():
            reports.append(_Watch(source, run).track())
    return tuple(reports)


def close_unwatched(watched: Collection[str], recorder: Recorder) -> None:
    """Tell the end of what is wrong with sources that the configuration does not name any more.

    Left open, it would keep a source silent that is named again and fails in the same way.
    """
    for source in recorder.list_failing():
        if source in watched:
            continue
        with recorder.keep_together():
            for failure in recorder.load_failures(source):
                told = "source '%s': is watched no more, and what was wrong since %s is closed: %s"
                _LOGGER.error(told, source, f"{failure.since:%Y-%m-%d}", failure.message)
                recorder.release_pages(source, failure.address)
            recorder.close_failures(source)


class _Watch:
    """The look at one source."""

    def __init__(self, source: SourceConfig, run: Run) -> None:
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
                found = look_at(visit, source, known, self.run)
            except _PAGE_ERRORS as error:
                self._fail(visit.address, error)
                continue
            self.shown = found.shown
            if found.added is not None:
                self.added.append(found.added)
                known = self.recorder.load_documents()
        self._listen_for_silence()

        def was_looked_at(failure: Failure) -> bool:
            # A page that a list that was read does not lead to any more cannot fail any more.
            return visits is not None or failure.address == source.address or failure.cause == _SILENCE

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
            refusal = PageRefusedError(walk.first.name, tell_no_match(source), cause="list")
            hold(walk.first, source, refusal, (Reason(refusal.cause, refusal.reason),), self.run)
        last = self.recorder.load_last_look(source.name)
        if walk.behind:
            self._tell_rest(walk, known, is_first=last is None)
        choice = choose_visits(
            walk.visits,
            known,
            limit=source.links,
            failing={failure.address for failure in self.before},
            last=last,
            now=self.now,
        )
        if choice.left_out:
            count = count_nouns(choice.left_out, "link was", "links were")
            told = f"{count} never looked at, behind the first {source.links} of the list"
            told += "; raise links, or narrow match"
            self._fail("", PageRefusedError(source.address, told, cause="links"))
        self.pages = min(len(walk.visits), source.links)
        _LOGGER.debug("source '%s': %d of %d links are looked at", source.name, len(choice.visits), len(walk.visits))
        return choice.visits

    def _tell_rest(self, walk: Walk, known: Sequence[StoredDocument], *, is_first: bool) -> None:
        """Say that there are more pages of the list; an alarm where new links reach the last one that was read."""
        told = f"the list goes on after {count_nouns(self.source.pages, 'page', 'pages')}"
        failing = {failure.address for failure in self.before}
        if is_first or date_addresses(known).keys() | failing >= set(walk.behind):
            _LOGGER.info("source '%s': %s; raise pages where older notices are wanted too", self.source.name, told)
            return
        told += ", and the last one still leads to new notices; raise pages"
        self._fail("", PageRefusedError(self.source.address, told, cause="pages"))

    def _load_list_page(self, address: str) -> Page:
        self.run.progress(f"{self.source.name}: {address}")
        return self.run.loader.load(self.source, address)

    def _listen_for_silence(self) -> None:
        """Note a failure where the source has had nothing new for longer than it should."""
        expected = self.source.expect_days
        if expected is None or self.added:
            return
        last = self.recorder.load_last_news(self.source.name)
        if last is None or self.now - last <= dt.timedelta(days=expected):
            return
        told = f"nothing new since {last:%Y-%m-%d}, and expect_every says '{self.source.expect_every}'"
        told += "; look at the page, or raise expect_every"
        self._fail("", PageRefusedError(self.source.address, told, cause=_SILENCE))

    def _fail(self, address: str, error: NoticediffError) -> None:
        """Note a failure; what is wrong with the source and not with one of its pages has no address."""
        self.failures.append(build_failure(self.source.name, address, error, now=self.now))


def _tell_alarms(source: SourceConfig, alarms: Alarms) -> None:
    for failure in alarms.told:
        _LOGGER.error("source '%s': %s", source.name, failure.message)
    for failure in alarms.repeated:
        _LOGGER.info("source '%s': since %s: %s", source.name, f"{failure.since:%Y-%m-%d}", failure.message)
    for failure in alarms.over:
        _LOGGER.error(
            "source '%s': over; wrong since %s: %s", source.name, f"{failure.since:%Y-%m-%d}", failure.message
        )
