"""The pages of sources: from files, or from the web as each source says they are fetched."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from noticediff.config import SourceConfig
from noticediff.config_keys import ENVIRONMENT
from scraper.fetching.read import read_page
from snapshots.errors import UsageError
from snapshots.notice import Page
from snapshots.record import Seen

if TYPE_CHECKING:  # a file needs no HTTP client
    from scraper.fetching.fetch import Access, Fetched, Fetcher, Validators

DEFAULT_PAUSE = 1.0
"""Seconds between two pages of one host, where the source says nothing else."""

Marks = tuple[str, str | None, str | None]
"""The address that answered, its ETag, its Last-Modified."""


class PageLoader:
    """Loads the pages of one run."""

    def __init__(self, now: dt.datetime) -> None:
        self._now = now

    def load(self, source: SourceConfig, address: str) -> Page:
        """The page as it is now."""
        page, _ = self.load_changed(source, address, None)
        assert page is not None  # noqa: S101 - nobody asked whether it is unchanged
        return page

    def load_changed(self, source: SourceConfig, address: str, seen: Seen | None) -> tuple[Page | None, Marks | None]:
        """The page, or None where the server says that it still is the one that was seen, and what came with it."""
        if source.url is None:
            return read_page(address, None), None
        fetched = self._fetch(source, address, seen)
        marks = fetched.validators
        return fetched.page, None if marks is None else (marks.url, marks.etag, marks.last_modified)

    def _fetch(self, source: SourceConfig, address: str, seen: Seen | None) -> Fetched:
        access = build_access(source, os.environ)
        return self._fetcher.fetch(address, captured=self._now, access=access, validators=_build_validators(seen))

    @cached_property
    def _fetcher(self) -> Fetcher:
        from scraper.fetching.fetch import Fetcher  # noqa: PLC0415 - a file needs no HTTP client

        return Fetcher()


def build_access(source: SourceConfig, environment: Mapping[str, str]) -> Access:
    """How the source is fetched, its secrets filled in; raises UsageError for one that the environment lacks."""
    from scraper.fetching.fetch import Access  # noqa: PLC0415 - a file needs no HTTP client

    return Access(
        home=source.url or "",
        headers=tuple((name, _fill_in(source, name, value, environment)) for name, value in source.headers.items()),
        hosts=source.allowed_hosts,
        allow_private=source.allow_private,
        robots=source.robots,
        pause=DEFAULT_PAUSE if source.pause is None else source.pause,
    )


def _fill_in(source: SourceConfig, name: str, value: str, environment: Mapping[str, str]) -> str:
    if not value.startswith(ENVIRONMENT):
        return value
    variable = value.removeprefix(ENVIRONMENT)
    secret = environment.get(variable, "")
    if not secret or not secret.isprintable():
        state = "holds what no header can" if secret else "is not set in the environment"
        raise UsageError(
            f"the variable {variable}, for the header {name} of '{source.name}', {state}", cause="variable"
        )
    return secret


def _build_validators(seen: Seen | None) -> Validators | None:
    from scraper.fetching.fetch import Validators  # noqa: PLC0415 - a file needs no HTTP client

    if seen is None:
        return None
    return Validators(url=seen.url, etag=seen.etag, last_modified=seen.last_modified)
