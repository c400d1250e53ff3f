"""A try of one source: fetched twice, and compared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from msgspec import Struct

from noticediff.config import SourceConfig
from noticediff.loading import PageLoader
from noticediff.pipeline import derive_reading
from noticediff.plain import count_nouns
from noticediff.sameness import is_same_reading
from noticediff.walk import tell_no_match
from scraper.profile.profile import Profile
from snapshots.errors import PageRefusedError
from snapshots.notice import Page, Reading
from snapshots.record import Seen


class Probe(Struct, frozen=True, kw_only=True):
    """What two looks at one address showed. `bytes_differ` is None where the server said that nothing changed."""

    address: str
    what: str
    bytes_differ: bool | None
    reading_differs: bool
    validators: tuple[str, ...]


def probe_source(source: SourceConfig, *, now: dt.datetime, profiles: Sequence[Profile]) -> Iterator[Probe]:
    """The probes of the source: its page, or its list and the first page that this links to.

    Raises the error that a night's run would tell.
    """
    loader = PageLoader(now)
    address = source.address
    if source.kind == "list":
        from scraper.fetching.links import extract_links  # noqa: PLC0415 - only lists need the tolerant reader

        pages = [loader.load(source, address) for _ in range(2)]
        found = [extract_links(page, match=source.match or "", selector=source.selector) for page in pages]
        if not found[0]:
            raise PageRefusedError(address, tell_no_match(source))
        yield Probe(
            address=address,
            what=f"{count_nouns(len(found[0]), 'link matches', 'links match')}; the first is '{found[0][0].title}'",
            bytes_differ=pages[0].sha256 != pages[1].sha256,
            reading_differs=found[0] != found[1],
            validators=(),
        )
        address = found[0][0].url
    first, marks = loader.load_changed(source, address, None)
    assert first is not None  # noqa: S101 - nobody asked whether it is unchanged
    names = ("ETag", "Last-Modified") if marks else ()
    seen = None
    if marks is not None:
        seen = Seen(url=marks[0], etag=marks[1], last_modified=marks[2], page_sha256=first.sha256, at=now)
    second, _ = loader.load_changed(source, address, seen)
    reading = _read(first, source, profiles)
    yield Probe(
        address=address,
        what=_tell_reading(reading),
        bytes_differ=None if second is None else first.sha256 != second.sha256,
        reading_differs=second is not None and not is_same_reading(reading, _read(second, source, profiles)),
        validators=tuple(name for name, mark in zip(names, (marks or ())[1:], strict=False) if mark),
    )


def _read(page: Page, source: SourceConfig, profiles: Sequence[Profile]) -> Reading:
    return derive_reading(page, profile=source.profile, profiles=profiles).reading


def _tell_reading(reading: Reading) -> str:
    documents = [
        f"{document.kind} '{document.title or '(no title)'}' of {document.platform} with "
        f"{count_nouns(len(document.entries), 'entry', 'entries')}"
        for document in reading.documents
    ]
    problems = count_nouns(len(reading.problems), "problem", "problems")
    return f"{', '.join(documents)}; read with {reading.profile}; {problems}"
