"""The look at one page: fetched, read and judged; known, new, or held and told as a failure.

Visit → PageLoader → Page → derive_reading → judge_page → a Recorder
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Sequence
from typing import NoReturn

from msgspec import Struct

from noticediff.config import SourceConfig
from noticediff.corrections import Corrections
from noticediff.judge import judge_page
from noticediff.loading import Marks, PageLoader
from noticediff.pipeline import ReadPage, derive_reading, refuse_problems
from noticediff.recorder import Recorder
from noticediff.sameness import find_same, find_shown, list_alike
from noticediff.walk import Visit
from scraper.profile.profile import Profile
from snapshots.errors import PageFaultError, PageRefusedError
from snapshots.notice import Page
from snapshots.record import Reason, Seen
from snapshots.revisions import address_of
from snapshots.snapshot import StoredDocument

_TRUST = dt.timedelta(days=7)
"""How long a server's word that a page is unchanged is taken without looking at the page."""

_LOGGER = logging.getLogger(__name__)


class Run(Struct, frozen=True, kw_only=True):
    """What all looks of a run share."""

    recorder: Recorder
    now: dt.datetime
    profiles: Sequence[Profile]
    corrections: Corrections
    loader: PageLoader
    progress: Callable[[str], None]


class Look(Struct, frozen=True, kw_only=True):
    """What a look found: the stored page that the address shows, and the reading, where it is new."""

    shown: str | None
    added: ReadPage | None = None


def look_at(visit: Visit, source: SourceConfig, known: Sequence[StoredDocument], run: Run) -> Look:
    """What the page shows; raises an error for one that could not be had or is not believed."""
    seen = _find_trusted(visit.address, known, run)
    page, marks = run.loader.load_changed(source, visit.address, seen)
    if page is None:
        return Look(shown=None if seen is None else seen.page_sha256)
    stored, read = find_shown(page, known), None
    if stored is None:
        read = _read(page, source, run)
        stored = find_same(read, known)
    if stored is None and read is not None:
        _judge(read, source, known, visit, run)
        run.recorder.keep_page(read, source)
        found = Look(shown=page.sha256, added=read)
    else:
        found = Look(shown=None if stored is None else stored.page_sha256)
    _LOGGER.debug("source '%s': %s: %s", source.name, visit.address, "unchanged" if found.added is None else "new")
    _keep_marks(visit.address, marks, found, run)
    return found


def hold(
    page: Page, source: SourceConfig, error: PageRefusedError | PageFaultError, reasons: tuple[Reason, ...], run: Run
) -> NoReturn:
    """Raise the error, with the page held as evidence; a file of the user's own stays where it is."""
    number = None
    if source.url is not None:
        number = run.recorder.hold_page(page, source, reasons)
    if number is None or isinstance(error, PageFaultError):
        raise error
    told = f"{error.reason}; held: `noticediff quarantine show {number}`"
    raise PageRefusedError(error.page, told, cause=error.cause) from error


def _find_trusted(address: str, known: Sequence[StoredDocument], run: Run) -> Seen | None:
    """What to ask the server again with, where the page that it gave is still the last one known of its address."""
    seen = run.recorder.load_seen(address)
    if seen is None or not dt.timedelta(0) <= run.now - seen.at < _TRUST:
        return None
    last = next((stored for stored in reversed(known) if address_of(stored) == seen.url), None)
    return seen if last is not None and last.page_sha256 == seen.page_sha256 else None


def _read(page: Page, source: SourceConfig, run: Run) -> ReadPage:
    try:
        read = derive_reading(page, profile=source.profile, profiles=run.profiles)
        if source.strict:
            refuse_problems(read)
    except PageRefusedError as error:
        hold(page, source, error, (Reason("refused", error.reason),), run)
    except PageFaultError as error:
        hold(page, source, error, (Reason("fault", str(error)),), run)
    return read


def _judge(read: ReadPage, source: SourceConfig, known: Sequence[StoredDocument], visit: Visit, run: Run) -> None:
    """Hold the page, and raise an error, where it is not believed."""
    reasons = judge_page(
        read,
        source,
        known,
        corrections=run.corrections,
        earlier=[run.recorder.load_page(sha256) for sha256 in list_alike(read.page, source.name, known)],
        link=visit.link,
    )
    if reasons:
        told = "; ".join(reason.message for reason in reasons)
        cause = "+".join(reason.code for reason in reasons)
        hold(read.page, source, PageRefusedError(read.page.name, told, cause=cause), reasons, run)


def _keep_marks(address: str, marks: Marks | None, found: Look, run: Run) -> None:
    """Keep what the server gave with the page, for the next night; nothing where it gave nothing."""
    seen = None
    if marks is not None and found.shown is not None:
        url, etag, modified = marks
        seen = Seen(url=url, etag=etag, last_modified=modified, page_sha256=found.shown, at=run.now)
    run.recorder.keep_seen(address, seen)
