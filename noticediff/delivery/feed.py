"""The Atom feed of the digests. The only door to feedgenerator, and pure: the same digests, the same bytes."""

from __future__ import annotations

import datetime as dt
import io
import re
import uuid
from collections.abc import Sequence

from feedgenerator import Atom1Feed
from msgspec import Struct

_NOT_IN_XML = re.compile("[\ufffe\uffff]")
"""What the templates leave and XML has no place for; a feed with one such letter is none."""


class FeedEntry(Struct, frozen=True, kw_only=True):
    """A digest in the feed: its key for ever, when it was told, where its page lies, and its HTML."""

    key: str
    title: str
    at: dt.datetime
    href: str
    fragment: str


def build_feed(entries: Sequence[FeedEntry], *, key: str, href: str | None) -> bytes:
    """The feed, newest entry first.

    Every id and time comes from the store, none from this moment: a reader that sees the feed again, or sees what a
    later release writes, finds nothing new in it. `key` is that of the first message of the store, and stands for the
    feed; `href` is the address of the feed itself, where it has one.
    """
    feed = Atom1Feed(
        title="noticediff: category rules",
        link=entries[0].href,
        description="",
        feed_url=href,
        feed_guid=uuid.uuid5(uuid.NAMESPACE_URL, f"{key} feed").urn,
        author_name="noticediff",
    )
    for entry in entries:
        feed.add_item(
            title=_clean(entry.title),
            link=entry.href,
            description=None,
            content=_clean(_point_at_page(entry)),
            unique_id=entry.key,
            pubdate=entry.at,
            updateddate=entry.at,
        )
    written = io.StringIO()
    feed.write(written, "utf-8")
    return written.getvalue().encode()


def _point_at_page(entry: FeedEntry) -> str:
    """The HTML with its inner links leading to the page: a reader has many entries with the same anchors.

    No text of a page can hold `href="`: its quotation marks are escaped.
    """
    return entry.fragment.replace('href="#', f'href="{entry.href}#')


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)
