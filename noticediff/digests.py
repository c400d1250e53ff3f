"""Change sets as documents: what `diff` and `digest` print, and the dated files that `track` writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Literal

from msgspec import Struct

from differ.changes import ChangeSet
from differ.encode import encode_changes, encode_deltas
from differ.impact.hits import Hit, find_hits
from differ.impact.portfolio import Portfolio
from differ.verdict.papers import load_names
from noticediff.news import News
from noticediff.output import save_file
from snapshots.errors import UsageError
from snapshots.rebuild import list_change_dates, rebuild_series
from snapshots.record import SourceStatus
from snapshots.snapshot import StoredDocument
from templates.digest import Moment, build_digest
from templates.render import render_digest
from templates.words import Language

Form = Literal["text", "json", "md", "html", "deepdiff"]

_FILES: tuple[Form, ...] = ("html", "md", "json")


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
        return encode_changes(telling.changes, all_kinds=all_kinds)
    if form == "deepdiff":
        return encode_deltas(telling.changes)
    digest = build_digest(
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
    return render_digest(digest, form, language=language, color=color).encode("utf-8", "replace")


def save_digests(telling: Telling, folder: Path) -> tuple[Path, ...]:
    """Write digest-2025-04-01.html, .md and .json into the folder and return their paths.

    What was told earlier that day stays: a later digest is digest-2025-04-01-2. Raises UsageError where the folder
    cannot be written to.
    """
    contents = {form: encode_telling(telling, form) for form in _FILES}
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder}: digests cannot be written there: {error.strerror}") from error
    for number in count(1):
        stem = f"digest-{telling.today}" if number == 1 else f"digest-{telling.today}-{number}"
        paths = {form: folder / f"{stem}.{form}" for form in _FILES}
        if not any(path.exists() for path in paths.values()):
            break
    for form, path in paths.items():
        save_file(path, contents[form])
    return tuple(paths.values())


def _find_hits(news: News, portfolio: Portfolio, today: dt.date) -> tuple[Hit, ...]:
    documents = tuple(news.documents.values())
    series = tuple(rebuild_series(documents, dates=list_change_dates(documents)))
    return find_hits(news.changes, portfolio, series, today=today, names=load_names())
