"""Where a run of `track` leaves what it saw: in the store, or for a dry run in memory."""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager, nullcontext

from noticediff.config import SourceConfig
from noticediff.findings import Outlook
from noticediff.news import News, build_news, load_known, load_news, settle_news
from noticediff.pipeline import ReadPage, list_documents, save_reading
from noticediff.recorder import SourceReport
from snapshots.notice import Page
from snapshots.record import Failure, Reason, Seen
from snapshots.snapshot import StoredDocument
from snapshots.store import Store


class StoreRecorder:
    """Keeps what a run sees in the store."""

    def __init__(self, store: Store, now: dt.datetime, outlook: Outlook) -> None:
        self._store = store
        self._now = now
        self._outlook = outlook

    def keep_together(self) -> AbstractContextManager[None]:
        """Store what a source shows as a whole, or nothing of it."""
        return self._store.keep_together()

    def load_documents(self) -> tuple[StoredDocument, ...]:
        """All documents of the store."""
        return self._store.load_documents()

    def load_page(self, sha256: str) -> Page:
        """The page, from the store."""
        return self._store.load_page(sha256)

    def keep_page(self, read: ReadPage, source: SourceConfig) -> None:
        """Store the page with its documents, in one transaction."""
        save_reading(self._store, read, source=source.name, captured=self._now, effective=None, now=self._now)

    def hold_page(self, page: Page, source: SourceConfig, reasons: tuple[Reason, ...]) -> int:
        """Put the page into the store's quarantine."""
        return self._store.quarantine.hold(source.name, page, reasons, now=self._now)

    def release_pages(self, source: str, address: str) -> None:
        """Note in the store's quarantine that the pages wait no more."""
        self._store.quarantine.release(source, address)

    def load_seen(self, address: str) -> Seen | None:
        """What came with the page, from the store."""
        return self._store.watch.load_seen(address)

    def keep_seen(self, address: str, seen: Seen | None) -> None:
        """Store what came with the page."""
        self._store.watch.save_seen(address, seen)

    def list_failing(self) -> tuple[str, ...]:
        """The sources with open failures in the store."""
        return self._store.watch.list_failing()

    def load_failures(self, source: str) -> tuple[Failure, ...]:
        """The open failures of the store."""
        return self._store.watch.load_failures(source)

    def close_failures(self, source: str) -> None:
        """Store that the failures of the source are over."""
        self._store.watch.save_failures(source, (), now=self._now)

    def load_last_news(self, source: str) -> dt.datetime | None:
        """When the store last got a page of the source, or a run first looked at it."""
        return _find_last_news(self._store, source)

    def load_last_look(self, source: str) -> dt.datetime | None:
        """When a run last read the source."""
        return _find_last_look(self._store, source)

    def keep_outcome(self, report: SourceReport, page_sha256: str | None) -> None:
        """Store that the source was looked at, and what is wrong with it."""
        self._store.record_capture(report.source, at=self._now, page_sha256=page_sha256, outcome=report.outcome)
        self._store.watch.save_failures(report.source, report.failures, now=self._now)

    def load_news(self) -> News:
        """What was stored since the last digest."""
        return load_news(self._store, self._outlook)


class DryRecorder:
    """Keeps what a run sees in memory, beside what the store knows."""

    def __init__(self, store: Store, now: dt.datetime, outlook: Outlook) -> None:
        self._store = store
        self._now = now
        self._outlook = outlook
        self._documents = store.load_documents()
        self._pages: dict[str, Page] = {}

    def keep_together(self) -> AbstractContextManager[None]:
        """A dry run stores nothing, whole or not."""
        return nullcontext()

    def load_documents(self) -> tuple[StoredDocument, ...]:
        """The documents of the store, and those of this run."""
        return self._documents

    def load_page(self, sha256: str) -> Page:
        """The page, of this run or from the store."""
        return self._pages.get(sha256) or self._store.load_page(sha256)

    def keep_page(self, read: ReadPage, source: SourceConfig) -> None:
        """Remember the documents for the rest of the run."""
        self._pages[read.page.sha256] = read.page
        sequence = max((stored.sequence for stored in self._documents), default=0) + 1
        self._documents += list_documents(read, source=source.name, captured=self._now, sequence=sequence)

    def hold_page(self, page: Page, source: SourceConfig, reasons: tuple[Reason, ...]) -> None:
        """A dry run holds nothing back, and says only why it would."""

    def release_pages(self, source: str, address: str) -> None:
        """A dry run leaves no trace."""

    def load_seen(self, address: str) -> Seen | None:
        """What came with the page, from the store."""
        return self._store.watch.load_seen(address)

    def keep_seen(self, address: str, seen: Seen | None) -> None:
        """A dry run leaves no trace."""

    def list_failing(self) -> tuple[str, ...]:
        """The sources with open failures in the store."""
        return self._store.watch.list_failing()

    def load_failures(self, source: str) -> tuple[Failure, ...]:
        """The open failures of the store."""
        return self._store.watch.load_failures(source)

    def load_last_news(self, source: str) -> dt.datetime | None:
        """When the store last got a page of the source, or a run first looked at it."""
        return _find_last_news(self._store, source)

    def load_last_look(self, source: str) -> dt.datetime | None:
        """When a run last read the source."""
        return _find_last_look(self._store, source)

    def close_failures(self, source: str) -> None:
        """A dry run leaves no trace."""

    def keep_outcome(self, report: SourceReport, page_sha256: str | None) -> None:
        """A dry run leaves no trace."""

    def load_news(self) -> News:
        """What the next digest would tell."""
        told = self._store.load_told()
        known = load_known(self._store, since=None)
        news = build_news(known, self._documents, self._outlook, since=None if told is None else told.at, until=None)
        return settle_news(news, known, self._documents, self._outlook, self._store.load_reviews())


def _find_last_news(store: Store, source: str) -> dt.datetime | None:
    changed = next((status.last_changed for status in store.load_sources() if status.name == source), None)
    return changed or store.watch.load_start(source)


def _find_last_look(store: Store, source: str) -> dt.datetime | None:
    return next((status.last_captured for status in store.load_sources() if status.name == source), None)
