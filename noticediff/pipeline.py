"""From an address to the store: the only code that talks to both the scraper and the store.

    load_page → Page → derive_reading → ReadPage → save_reading → StoredDocument …

`track_sources` goes that way for every page of every source; what there is to tell of it is found by news.py. Whether
a page is news is decided here, and kept by a recorder (recorders.py): in the store, or for a dry run in memory.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, BinaryIO, Protocol

import msgspec
from msgspec import Struct

from noticediff.config import SourceConfig
from scraper import PARSER_VERSION
from scraper.parse import parse_page
from scraper.profile import Profile, load_profile
from scraper.read import read_page
from snapshots.derive import date_document, document_id, share_problems
from snapshots.errors import FetchError, NoticediffError, PageFaultError, PageRefusedError, UsageError
from snapshots.notice import Document, Page, Reading
from snapshots.record import Outcome, SavedPage
from snapshots.revisions import address_of
from snapshots.snapshot import StoredDocument

if TYPE_CHECKING:  # both cost the import of a database, which `parse` does not need
    from noticediff.news import News
    from snapshots.store import Store

LINK_LIMIT = 50
"""How many pages of a list are followed."""

_PAGE_ERRORS = (FetchError, PageRefusedError, PageFaultError, UsageError)
"""What can be wrong with one page; the others are looked at all the same."""

_LOGGER = logging.getLogger(__name__)


class ReadPage(Struct, frozen=True, kw_only=True):
    """A page with what it says."""

    page: Page
    reading: Reading


class SourceReport(Struct, frozen=True, kw_only=True):
    """What a run made of one source: how many pages it looked at, which were new, and what went wrong."""

    source: str
    pages: int
    added: tuple[ReadPage, ...]
    failures: tuple[NoticediffError, ...]

    @property
    def outcome(self) -> Outcome:
        """In one word, as the store keeps it: failed where nothing of it could be read."""
        if self.added:
            return "new"
        return "failed" if self.failures and len(self.failures) >= self.pages else "unchanged"


class Recorder(Protocol):
    """Where a run finds what is known and leaves what it saw."""

    def load_documents(self) -> tuple[StoredDocument, ...]:
        """All documents that are known."""

    def keep_page(self, read: ReadPage, source: SourceConfig) -> None:
        """Keep the page and its documents."""

    def keep_outcome(self, report: SourceReport, page_sha256: str | None) -> None:
        """Keep that the source was looked at, which stored page it showed, and how that went."""

    def load_news(self) -> News:
        """What is known now and was not at the last digest."""


def load_page(address: str, *, now: dt.datetime, stdin: BinaryIO | None = None, allow_private: bool = False) -> Page:
    """The page at an http(s) address, in a file, or on standard input for `-`."""
    if address.startswith(("http://", "https://")):
        from scraper.fetch import fetch_page  # noqa: PLC0415 - a file needs no HTTP client

        return fetch_page(address, captured=now, allow_private=allow_private)
    return read_page(address, stdin)


def derive_reading(
    page: Page, *, profile: str | None, profiles: Sequence[Profile], captured: dt.date | None = None
) -> ReadPage:
    """What the page says, read with the named profile or with the one of `profiles` whose marks it bears."""
    chosen = None if profile is None else load_profile(profile, profiles)
    try:
        reading = parse_page(page, profile=chosen, profiles=profiles, captured=captured)
    except NoticediffError:
        raise
    except Exception as error:
        # One page that breaks the program must not keep the others from being read.
        raise PageFaultError(page.name, error) from error
    return ReadPage(page=page, reading=reading)


def refuse_problems(read: ReadPage) -> None:
    """Raise PageRefusedError where a line of the page was not understood: what `strict` asks for."""
    problems = read.reading.problems
    if problems:
        first = problems[0]
        count = "a problem" if len(problems) == 1 else f"{len(problems)} problems, the first"
        raise PageRefusedError(
            read.page.name, f"strict, and there is {count} in line {first.line} ({first.code}: {first.message})"
        )


def list_documents(
    read: ReadPage, *, source: str | None, captured: dt.datetime, sequence: int
) -> tuple[StoredDocument, ...]:
    """The documents of a page that no store holds, as one would give them back."""
    page = read.page
    return tuple(
        StoredDocument(
            id=document_id(page.sha256, number),
            sequence=sequence,
            known=captured,
            captured=captured,
            page_sha256=page.sha256,
            page_name=page.name,
            url=page.url,
            source=source,
            profile=read.reading.profile,
            in_force=date_document(document, effective=None, captured=captured.date()),
            document=document,
            problems=problems,
        )
        for number, (document, problems) in enumerate(share_problems(read.reading), start=1)
    )


def save_reading(
    store: Store,
    read: ReadPage,
    *,
    source: str | None,
    captured: dt.datetime,
    effective: dt.date | None,
    now: dt.datetime,
) -> SavedPage:
    """Store the page and its documents; the same bytes twice change nothing."""
    return store.save_page(
        read.page,
        read.reading,
        profile=read.reading.profile,
        parser_version=PARSER_VERSION,
        source=source,
        captured=captured,
        effective=effective,
        now=now,
    )


def track_sources(
    sources: Sequence[SourceConfig], recorder: Recorder, *, now: dt.datetime, profiles: Sequence[Profile]
) -> tuple[SourceReport, ...]:
    """What the run made of each source; one that fails is reported, and the others go on.

    Errors of the store end the run.
    """
    return tuple(_track_source(source, recorder, now, profiles) for source in sources)


def _track_source(
    source: SourceConfig, recorder: Recorder, now: dt.datetime, profiles: Sequence[Profile]
) -> SourceReport:
    failures: list[NoticediffError] = []
    added: list[ReadPage] = []
    shown: str | None = None
    try:
        addresses = _list_addresses(source, now)
    except _PAGE_ERRORS as error:
        addresses = ()
        failures.append(_tell_failure(source, error))
    known = recorder.load_documents()
    for address in addresses:
        try:
            page = load_page(address, now=now, allow_private=source.allow_private)
            stored = _find_shown(page, known)
            read = None if stored is not None else derive_reading(page, profile=source.profile, profiles=profiles)
            if read is not None and source.strict:
                refuse_problems(read)
        except _PAGE_ERRORS as error:
            failures.append(_tell_failure(source, error))
            continue
        if read is not None:
            stored = _find_same(read, known)
        if read is not None and stored is None:
            recorder.keep_page(read, source)
            added.append(read)
            known = recorder.load_documents()
        shown = page.sha256 if stored is None else stored.page_sha256
        _LOGGER.debug("source '%s': %s: %s", source.name, address, "new" if stored is None else "unchanged")
    report = SourceReport(source=source.name, pages=len(addresses), added=tuple(added), failures=tuple(failures))
    recorder.keep_outcome(report, None if source.kind == "list" else shown)
    return report


def _tell_failure(source: SourceConfig, error: NoticediffError) -> NoticediffError:
    _LOGGER.error("source '%s': %s", source.name, error)
    return error


def _list_addresses(source: SourceConfig, now: dt.datetime) -> tuple[str, ...]:
    """The pages to look at: the source's own, or those that its list links to."""
    if source.kind != "list" or source.match is None:
        return (source.address,)
    from scraper.links import extract_links  # noqa: PLC0415 - only lists need the tolerant reader of HTML

    page = load_page(source.address, now=now, allow_private=source.allow_private)
    links = extract_links(page, match=source.match, selector=source.selector)
    if not links:
        raise PageRefusedError(page.name, f"no link's title on this list contains '{source.match}'")
    if len(links) > LINK_LIMIT:
        _LOGGER.warning("source '%s': %d links match; the first %d are followed", source.name, len(links), LINK_LIMIT)
    return tuple(link.url for link in links[:LINK_LIMIT])


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
    before = [_without_place(stored.document) for stored in known if stored.sequence == last.sequence]
    return last if before == [_without_place(document) for document in read.reading.documents] else None


def _without_place(document: Document) -> Document:
    """The document without what the page around it moves: line numbers, and the day on which it was captured."""
    entries = tuple(msgspec.structs.replace(entry, lines=(0, 0)) for entry in document.entries)
    is_stated = document.in_force is not None and document.in_force.basis != "captured"
    return msgspec.structs.replace(document, entries=entries, in_force=document.in_force if is_stated else None)
