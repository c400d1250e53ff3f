"""Pages: what a claim of the digest rests on, and how current the sources are."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote, urlsplit

from msgspec import Struct

from differ.changes import Evidence
from snapshots.category import EntityType
from snapshots.period import InForce
from snapshots.record import Outcome, SourceStatus
from snapshots.snapshot import CoverageLevel, StoredDocument
from templates.script import guess_language

_SAFE = "%/:=&?~#+!$,;@*[]"  # what a link may hold as it stands; the rest is percent-encoded
_NOT_IN_LINKS = re.compile(r"[\s\x00-\x1f\x7f]")
_ENTITY_TYPES: dict[str, EntityType] = {
    "personal": "personal", "non_personal": "non_personal", "overseas": "overseas",
}  # fmt: skip


class Citation(Struct, frozen=True, kw_only=True):
    """The page that says so: its title, its lines and the day of its capture; `href` where the page is on the web.

    `anchor` is that of its row among the pages, None where it is not at hand.
    """

    document: str
    anchor: str | None
    title: str
    language: str | None
    name: str
    href: str | None
    lines: tuple[int, int] | None
    captured: dt.date | None


class PageRow(Struct, frozen=True, kw_only=True):
    """A page that the digest rests on, since when what it says is in force, and how many lines were not understood."""

    anchor: str
    title: str
    language: str | None
    name: str
    href: str | None
    captured: dt.date
    in_force: InForce
    problems: int


class SourceRow(Struct, frozen=True, kw_only=True):
    """A watched source and how current it is; `days_ago` counts from its last capture, `last_run` is the last try."""

    name: str
    address: str | None
    href: str | None
    last_captured: dt.datetime | None
    last_changed: dt.datetime | None
    last_run: dt.datetime | None
    outcome: Outcome | None
    days_ago: int | None


class Currency(Struct, frozen=True):
    """How current the digest is: the newest capture, and where there are several sources the one seen longest ago."""

    newest: dt.date | None
    stalest: SourceRow | None


class CoverageRow(Struct, frozen=True, kw_only=True):
    """How much is known of one scope."""

    platform: str
    entity_type: EntityType | None
    level: CoverageLevel


def build_citations(evidence: Iterable[Evidence], documents: Mapping[str, StoredDocument]) -> tuple[Citation, ...]:
    """The places that say so, each once; a document that is not at hand is named by its id."""
    return tuple(dict.fromkeys(_build_citation(place, documents.get(place.document)) for place in evidence))


def build_page_rows(ids: Iterable[str], documents: Mapping[str, StoredDocument]) -> tuple[PageRow, ...]:
    """The pages of these documents, oldest capture first."""
    cited = [documents[document] for document in sorted(set(ids)) if document in documents]
    return tuple(_build_page_row(stored) for stored in sorted(cited, key=lambda stored: (stored.captured, stored.id)))


def build_source_rows(sources: Sequence[SourceStatus], today: dt.date) -> tuple[SourceRow, ...]:
    """The sources by name, each with its last capture."""
    return tuple(
        SourceRow(
            name=source.name,
            address=source.url,
            href=make_href(source.url),
            last_captured=source.last_captured,
            last_changed=source.last_changed,
            last_run=source.last_run,
            outcome=source.last_outcome,
            days_ago=None if source.last_captured is None else (today - source.last_captured.date()).days,
        )
        for source in sorted(sources, key=lambda source: source.name)
    )


def build_coverage_rows(coverage: Mapping[str, CoverageLevel]) -> tuple[CoverageRow, ...]:
    """The scopes by name; `wechat-miniprogram/overseas` is a platform and an entity type."""
    return tuple(_build_coverage_row(name, level) for name, level in sorted(coverage.items()))


def find_currency(
    sources: Sequence[SourceRow], documents: Iterable[StoredDocument], *, until: dt.date | None
) -> Currency:
    """How current what is told is: the last capture of the sources and of all pages that are known.

    Where two dates are compared, it is that of the last page in force by the later one (`until`): when an older page
    was stored says nothing of it. A source that was never captured is the stalest.
    """
    captures = [source.last_captured.date() for source in sources if source.last_captured is not None]
    captures += _list_captures(documents, until)
    ages = [float("inf") if source.days_ago is None else source.days_ago for source in sources]
    return Currency(
        newest=max(captures, default=None),
        stalest=sources[ages.index(max(ages))] if len(sources) > 1 else None,
    )


def _list_captures(documents: Iterable[StoredDocument], until: dt.date | None) -> list[dt.date]:
    if until is None:
        return [stored.captured.date() for stored in documents]
    heard = [stored for stored in documents if stored.in_force.date <= until]
    last = max((stored.in_force.date for stored in heard), default=None)
    return [stored.captured.date() for stored in heard if stored.in_force.date == last]


def make_href(address: str | None) -> str | None:
    """The address as a link, if it is one of the web: a file's name, `javascript:` and the like give None."""
    if address is None or _NOT_IN_LINKS.search(address):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return quote(address, safe=_SAFE) if parts.scheme in {"http", "https"} and parts.netloc else None


def _build_citation(place: Evidence, stored: StoredDocument | None) -> Citation:
    if stored is None:
        return Citation(
            document=place.document, anchor=None, title=place.document, language=None, name=place.document, href=None,
            lines=place.lines, captured=None,
        )  # fmt: skip
    title = stored.document.title or _shorten_name(stored.page_name)
    return Citation(
        document=place.document,
        anchor=_name_anchor(stored.id),
        title=title,
        language=guess_language([title]),
        name=_shorten_name(stored.page_name),
        href=make_href(stored.url),
        lines=place.lines,
        captured=stored.captured.date(),
    )


def _build_page_row(stored: StoredDocument) -> PageRow:
    title = stored.document.title or _shorten_name(stored.page_name)
    return PageRow(
        anchor=_name_anchor(stored.id),
        title=title,
        language=guess_language([title]),
        name=_shorten_name(stored.page_name),
        href=make_href(stored.url),
        captured=stored.captured.date(),
        in_force=stored.in_force,
        problems=len(stored.problems),
    )


def _name_anchor(document: str) -> str:
    return f"page-{document}"


def _shorten_name(name: str) -> str:
    """The file's name alone: where it lies on somebody's disk is nobody else's business."""
    return name if make_href(name) else re.split(r"[/\\]", name.rstrip("/\\"))[-1]


def _build_coverage_row(name: str, level: CoverageLevel) -> CoverageRow:
    platform, _, last = name.rpartition("/")
    if platform and last in _ENTITY_TYPES:
        return CoverageRow(platform=platform, entity_type=_ENTITY_TYPES[last], level=level)
    return CoverageRow(platform=name, entity_type=None, level=level)
