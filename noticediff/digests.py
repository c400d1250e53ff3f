"""Change sets as documents: what `diff` and `digest` print, and what `track` hands out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct

from differ.changes import ChangeSet
from differ.encode import encode_changes, encode_deltas
from differ.impact.hits import Hit, find_hits
from differ.impact.portfolio import Portfolio
from differ.verdict.papers import load_names
from noticediff.news import News
from snapshots.message import PartForm
from snapshots.rebuild import list_change_dates, rebuild_series
from snapshots.record import SourceStatus
from snapshots.snapshot import StoredDocument
from templates.brief import Brief, build_brief
from templates.digest import Digest, Moment, build_digest
from templates.render import render_digest, render_fragment
from templates.words import Language

Form = Literal["text", "json", "md", "html", "deepdiff"]

FILES: tuple[Literal["html", "md", "json"], ...] = ("html", "md", "json")
"""The forms that `track` writes, as the endings of its files."""


class Telling(Struct, frozen=True, kw_only=True):
    """What is told to whom: a change set with its evidence, and the circumstances that its documents state."""

    heading: Literal["digest", "diff"]
    changes: ChangeSet
    documents: Mapping[str, StoredDocument]
    sources: Sequence[SourceStatus]
    today: dt.date
    since: Moment | None
    until: Moment | None
    hits: tuple[Hit, ...] | None = None


def tell_news(
    news: News, *, sources: Sequence[SourceStatus], today: dt.date, portfolio: Portfolio | None = None
) -> Telling:
    """The news as a digest tells them, and which programs of the portfolio they hit; `hits` is None without one."""
    return Telling(
        heading="digest",
        changes=news.changes,
        documents=news.documents,
        sources=sources,
        today=today,
        since=news.since,
        until=news.until,
        hits=None if portfolio is None else _find_hits(news, portfolio, today),
    )


def encode_telling(
    telling: Telling, form: Form, *, all_kinds: bool = False, language: Language = "en", color: bool = False
) -> bytes:
    """The change set in that form, UTF-8."""
    if form == "json":
        return encode_changes(telling.changes, all_kinds=all_kinds, hits=telling.hits)
    if form == "deepdiff":
        return encode_deltas(telling.changes)
    digest = _build_digest(telling, all_kinds=all_kinds)
    return render_digest(digest, form, language=language, color=color).encode("utf-8", "replace")


def encode_handout(telling: Telling) -> tuple[Brief, dict[PartForm, bytes]]:
    """The change set in short, and in each form that is handed out: as files, and as HTML for feed and mail."""
    digest = _build_digest(telling)
    parts: dict[PartForm, str] = {
        "html": render_digest(digest, "html"),
        "md": render_digest(digest, "md"),
        "fragment": render_fragment(digest),
    }
    encoded: dict[PartForm, bytes] = {form: text.encode("utf-8", "replace") for form, text in parts.items()}
    return build_brief(digest), encoded | {"json": encode_telling(telling, "json")}


def _build_digest(telling: Telling, *, all_kinds: bool = False) -> Digest:
    return build_digest(
        telling.changes,
        heading=telling.heading,
        documents=telling.documents,
        sources=telling.sources,
        today=telling.today,
        since=telling.since,
        until=telling.until,
        all_kinds=all_kinds,
        hits=telling.hits,
    )


def _find_hits(news: News, portfolio: Portfolio, today: dt.date) -> tuple[Hit, ...]:
    documents = tuple(news.documents.values())
    series = tuple(rebuild_series(documents, dates=list_change_dates(documents)))
    return find_hits(news.changes, portfolio, series, today=today, names=load_names())
