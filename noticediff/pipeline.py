"""From an address to the store: the only code that talks to both the scraper and the store.

    load_page → Page → derive_reading → ReadPage → save_reading → StoredDocument …

`track` goes that way for every page of every source (watch.py), and judges what came before it believes it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, BinaryIO

from msgspec import Struct

from scraper import PARSER_VERSION
from scraper.fetching.read import read_page
from scraper.libraries import name_libraries
from scraper.notice.cut import PageCutError
from scraper.parse import parse_page
from scraper.profile.profile import Profile, load_profile, print_profile
from snapshots.derive import date_document, document_id, share_problems
from snapshots.errors import NoticediffError, PageFaultError, PageRefusedError
from snapshots.method import Method
from snapshots.notice import Page, Reading
from snapshots.record import SavedPage
from snapshots.snapshot import StoredDocument

if TYPE_CHECKING:  # it costs the import of a database, which `parse` does not need
    from snapshots.store import Store


class ReadPage(Struct, frozen=True, kw_only=True):
    """A page with what it says, and how it was read."""

    page: Page
    reading: Reading
    method: Method


def load_page(address: str, *, now: dt.datetime, stdin: BinaryIO | None = None, allow_private: bool = False) -> Page:
    """The page at an http(s) address, in a file, or on standard input for `-`."""
    if address.startswith(("http://", "https://")):
        from scraper.fetching.fetch import fetch_page  # noqa: PLC0415 - a file needs no HTTP client

        return fetch_page(address, captured=now, allow_private=allow_private)
    return read_page(address, stdin)


def is_archive(address: str) -> bool:
    """Whether a file of that name is a web archive, which holds many pages."""
    return re.search(r"\.warc(\.gz)?$", address, re.IGNORECASE) is not None and "://" not in address


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
    return _build_read(page, reading, chosen, profiles)


def derive_to_break(page: Page, *, profiles: Sequence[Profile]) -> tuple[ReadPage, PageCutError | None]:
    """What the page says, of a notice that breaks off what stands before the break, with the error that says where.

    It is to be looked at, and never to be kept.
    """
    try:
        return derive_reading(page, profile=None, profiles=profiles), None
    except PageCutError as cut:
        return _build_read(page, cut.reading, None, profiles), cut


def _build_read(page: Page, reading: Reading, chosen: Profile | None, profiles: Sequence[Profile]) -> ReadPage:
    used = chosen or load_profile(reading.profile, profiles)
    method = Method(
        parser_version=PARSER_VERSION,
        profile=used.name,
        profile_print=print_profile(used),
        is_named=chosen is not None,
        libraries=name_libraries(),
    )
    return ReadPage(page=page, reading=reading, method=method)


def refuse_problems(read: ReadPage) -> None:
    """Raise PageRefusedError where a line of the page was not understood: what `strict` asks for."""
    problems = read.reading.problems
    if problems:
        first = problems[0]
        count = "is a problem" if len(problems) == 1 else f"are {len(problems)} problems, the first"
        raise PageRefusedError(
            read.page.name,
            f"strict, and there {count} in line {first.line} ({first.code}: {first.message})",
            cause="strict",
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
        method=read.method,
        source=source,
        captured=captured,
        effective=effective,
        now=now,
    )
