"""The walk over a list: the pages that it leads to, and which of them are looked at tonight.

A link that leads to a page not known is followed at once. A known page is looked at again for the edits that notices
get after their publication, less often as it grows old: a list of ten years is not fetched whole every night.
"""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Callable, Collection, Sequence
from urllib.parse import urlsplit

from msgspec import Struct

from noticediff.config import SourceConfig
from snapshots.notice import Page
from snapshots.snapshot import StoredDocument

_YOUNG, _OLD = 30, 180
_WEEK, _MONTH = 7, 30
"""A page that changed in the last 30 days is looked at every night, one of 180 days weekly, an older one monthly."""


class Visit(Struct, frozen=True):
    """A page to look at, and the title of the link that leads there."""

    address: str
    link: str | None = None


class Walk(Struct, frozen=True, kw_only=True):
    """What the list leads to, in its order: nothing where no title matches. `first` is the list's first page.

    `behind` is empty where the whole list was read, else what the last page that was read of it leads to.
    """

    visits: tuple[Visit, ...]
    first: Page
    behind: tuple[str, ...]


class Choice(Struct, frozen=True, kw_only=True):
    """The pages to look at tonight, and how many links that were never looked at lie behind the source's limit."""

    visits: tuple[Visit, ...]
    left_out: int


def walk_list(source: SourceConfig, load: Callable[[str], Page]) -> Walk:
    """The links whose titles contain the source's `match`, on its page and on those that `next` leads to."""
    from scraper.fetching.links import extract_links, find_next  # noqa: PLC0415 - only lists need the tolerant reader

    visits: dict[str, Visit] = {}
    first = page = load(source.address)
    seen = {source.address}
    while True:
        links = extract_links(page, match=source.match or "", selector=source.selector)
        for link in links:
            visits.setdefault(link.url, Visit(link.url, link.title))
        following = find_next(page, source.next) if source.next is not None and visits else None
        if following is None or following in seen or len(seen) >= source.pages:
            break
        seen.add(following)
        page = load(following)
    is_whole = following is None or following in seen
    return Walk(
        visits=tuple(visits.values()), first=first, behind=() if is_whole else tuple(link.url for link in links)
    )


def tell_no_match(source: SourceConfig) -> str:
    """Why a list is refused that leads to nothing, and what to mend."""
    where = "on this list" if source.selector is None else f"under '{source.selector}' on this list"
    keys = "match" if source.selector is None else "match or selector"
    return f"no link's title {where} contains '{source.match}'; look at the page, and mend {keys}"


def choose_visits(
    visits: Sequence[Visit],
    known: Sequence[StoredDocument],
    *,
    limit: int,
    failing: Collection[str],
    last: dt.datetime | None,
    now: dt.datetime,
) -> Choice:
    """Of the links up to the limit the new ones, those that failed, and the known ones that are due.

    `last` is when the list was last read. What failed is looked at also behind the limit: it is not over.
    """
    changed = date_addresses(known)

    def is_looked_at(visit: Visit, *, is_within: bool) -> bool:
        if visit.address in failing:
            return True
        since = changed.get(visit.address)
        return is_within and (since is None or is_due(visit.address, changed=since, last=last, now=now))

    chosen = [visit for number, visit in enumerate(visits) if is_looked_at(visit, is_within=number < limit)]
    left_out = sum(visit.address not in changed and visit not in chosen for visit in visits[limit:])
    return Choice(visits=tuple(chosen), left_out=left_out)


def date_addresses(known: Sequence[StoredDocument]) -> dict[str, dt.datetime]:
    """When the page at each known address was last new or edited."""
    return {name: stored.known for stored in known for name in (stored.page_name, stored.url) if name is not None}


def is_due(address: str, *, changed: dt.datetime, last: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether a known page is looked at again: its day has come since the last run, also where nights were missed.

    The days of pages that were stored in one night are spread by their paths.
    """
    age = (now.date() - changed.date()).days
    if last is None or age <= _YOUNG:
        return True
    interval = _WEEK if age <= _OLD else _MONTH
    path = urlsplit(address)._replace(scheme="", netloc="").geturl()
    place = zlib.crc32(path.encode("utf-8", "replace"))
    return (now.toordinal() + place) // interval > (last.toordinal() + place) // interval
