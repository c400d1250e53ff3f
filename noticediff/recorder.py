"""What a run makes of a source, and where it leaves that: the interface of the recorders (recorders.py)."""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from noticediff.alarms import Alarms
from noticediff.config import SourceConfig
from noticediff.pipeline import ReadPage
from snapshots.notice import Page
from snapshots.record import Failure, Outcome, Reason, Seen
from snapshots.snapshot import StoredDocument

if TYPE_CHECKING:  # it costs the import of a database
    from noticediff.news import News


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
