"""Links of a list page: a door to Beautiful Soup, which is tolerant of pages and knows CSS selectors."""

from __future__ import annotations

from urllib.parse import urldefrag, urljoin

from bs4 import BeautifulSoup, Tag
from msgspec import Struct
from soupsieve import SelectorSyntaxError

from scraper.page.decode import decode_page
from snapshots.errors import UsageError
from snapshots.folding import fold
from snapshots.notice import Page


class Link(Struct, frozen=True):
    """A link of a list page: its words, verbatim but for white space, and the absolute address without #fragment."""

    title: str
    url: str


def extract_links(page: Page, *, match: str, selector: str | None = None) -> tuple[Link, ...]:
    """The links to http(s) pages whose title contains `match`, folded, in page order, each address once.

    A list in Traditional script (「2025年1-3月小程序類目調整匯總公告」) answers to 类目调整. The title is the link's
    text or, where a list cuts that short, its `title` attribute. `selector` names the part of the page to look in.
    Raises UsageError for a selector that is none, PageRefusedError for a page that cannot be decoded.
    """
    soup = BeautifulSoup(decode_page(page).text, "lxml")
    parts = [soup] if selector is None else _select_parts(soup, selector)
    base = _base_address(soup, page.url or page.name)
    wanted = fold(match)
    links: dict[str, Link] = {}
    for anchor in (anchor for part in parts for anchor in ([part] if part.name == "a" else part.select("a[href]"))):
        titles = [" ".join(anchor.get_text(" ").split()), " ".join(str(anchor.get("title") or "").split())]
        title = next((title for title in titles if wanted in fold(title)), None)
        url = _absolute_address(base, str(anchor.get("href") or ""))
        if title is not None and url is not None:
            links.setdefault(url, Link(title, url))
    return tuple(links.values())


def find_next(page: Page, selector: str) -> str | None:
    """The address of the list's next page: that of the first link under the CSS selector; None on the last page."""
    soup = BeautifulSoup(decode_page(page).text, "lxml")
    base = _base_address(soup, page.url or page.name)
    for part in _select_parts(soup, selector):
        for anchor in [part] if part.name == "a" else part.select("a[href]"):
            url = _absolute_address(base, str(anchor.get("href") or ""))
            if url is not None:
                return url
    return None


def _select_parts(soup: BeautifulSoup, selector: str) -> list[Tag]:
    try:
        return list(soup.select(selector))
    except SelectorSyntaxError as error:
        reason = str(error).partition("\n")[0]
        raise UsageError(f"selector '{selector}' is no CSS selector: {reason}", cause="selector") from error


def _base_address(soup: BeautifulSoup, address: str) -> str:
    base = soup.select_one("base[href]")
    return address if base is None else urljoin(address, str(base["href"]))


def _absolute_address(base: str, href: str) -> str | None:
    """The address without its fragment, or None for what is no page (javascript:, mailto:, a broken address)."""
    try:
        url = urldefrag(urljoin(base, href.strip())).url
    except ValueError:
        return None
    return url if href.strip() and url.startswith(("http://", "https://")) else None
