"""Pages from the web, as a good guest fetches them.

A page comes whole, within stated bounds of time and size, and from an address that the world can reach:
an announcement page has no business on the loopback or in a private network unless its source says so.

    Fetcher.fetch → robots.txt → pause → open_answer (wire.py) → read_body → Page
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from importlib.metadata import version
from urllib.request import getproxies, proxy_bypass

from msgspec import Struct
from msgspec.structs import replace

from scraper.fetching.addresses import AddressRefusedError, resolve_host
from scraper.fetching.body import BodyError, BodyTooLargeError, read_body
from scraper.fetching.manners import Pauses, try_again
from scraper.fetching.pinned import Deadline
from scraper.fetching.robots import Rules, load_rules
from scraper.fetching.wire import Answer, Hop, Timeouts, WireError, open_answer, parse_hop
from snapshots.errors import FetchError, PageRefusedError, StatusError, UsageError
from snapshots.notice import Page

_REDIRECTS = 5
_ROBOTS_SIZE = 500_000
_LONGEST_PAUSE = 60.0
USER_AGENT = f"noticediff/{version('noticediff')} (reads category notices; honours robots.txt for 'noticediff')"


class FetchLimits(Struct, frozen=True, kw_only=True):
    """How long and how large a page may be, and how often it is tried.

    Seconds to connect, between two reads, and in all for one try with its redirects; bytes on the wire and unpacked;
    tries, the wait before the second one, and the longest Retry-After that is waited for.
    """

    connect: float = 10.0
    read: float = 20.0
    total: float = 60.0
    size: int = 20_000_000
    attempts: int = 3
    backoff: float = 1.0
    patience: float = 60.0


LIMITS = FetchLimits()


class Access(Struct, frozen=True, kw_only=True):
    """What a source says of how it is fetched.

    `headers` go to the site of `home` and to no other. `hosts`, where there are any, are all that is contacted.
    """

    home: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    hosts: tuple[str, ...] = ()
    allow_private: bool = False
    robots: bool = True
    pause: float = 1.0


class Validators(Struct, frozen=True, kw_only=True):
    """What a server gave with a page, to ask whether it still is the same."""

    url: str
    etag: str | None = None
    last_modified: str | None = None


class Fetched(Struct, frozen=True, kw_only=True):
    """A page, or None where the server says that it is still the one of the validators; and those of today."""

    page: Page | None
    validators: Validators | None


def fetch_page(
    url: str, *, captured: dt.datetime, allow_private: bool = False, limits: FetchLimits | None = None
) -> Page:
    """The page at the address, fetched once for a person who named it: robots.txt is about programs that roam."""
    access = Access(allow_private=allow_private, robots=False, pause=0.0)
    page = Fetcher(limits).fetch(url, captured=captured, access=access).page
    assert page is not None  # noqa: S101 - without validators there is no 304
    return page


class Fetcher:
    """Fetches the pages of one run: it remembers when each host was last asked, and each site's robots.txt."""

    def __init__(self, limits: FetchLimits | None = None) -> None:
        self._limits = limits or LIMITS
        self._pauses = Pauses()
        self._rules: dict[str, Rules | FetchError] = {}

    def fetch(
        self, url: str, *, captured: dt.datetime, access: Access, validators: Validators | None = None
    ) -> Fetched:
        """The page, as captured now; `name` is the address asked for, `url` the one that answered.

        Up to five redirects are followed, and each hop is checked like the first: http or https, an allowed host,
        robots.txt, no loopback or private address. Raises FetchError for whatever a later run may find mended, and
        PageRefusedError for a page above the size limit.
        """
        limits = self._limits
        tries = try_again(attempts=limits.attempts, backoff=limits.backoff, patience=limits.patience)
        for attempt in tries:
            with attempt:
                return self._fetch_once(_Order(url, captured, access, validators, Deadline(limits.total)))
        raise AssertionError("the last try neither succeeds nor fails")

    def _fetch_once(self, order: _Order) -> Fetched:
        hop = self._check_hop(order, order.url)
        # Between two pages, not between the hops of one: a browser would not wait there either.
        self._pauses.wait(hop.host, self._find_pause(hop, order.access))
        order = replace(order, deadline=Deadline(self._limits.total))
        for _ in range(_REDIRECTS + 1):
            answer = self._request(order, hop)
            if isinstance(answer, Fetched):
                return answer
            hop = self._check_hop(order, answer)
        reason = f"more than {_REDIRECTS} redirects; the last one led to {hop.url}"
        raise FetchError(order.url, reason, cause="too many redirects")

    def _request(self, order: _Order, hop: Hop) -> Fetched | str:
        """What one request brings: the page, or the address that it is redirected to."""
        limits = self._limits
        timeouts = Timeouts(connect=limits.connect, read=limits.read, total=limits.total)
        try:
            with open_answer(
                hop,
                _build_headers(hop, order),
                timeouts=timeouts,
                deadline=order.deadline,
                allow_private=order.access.allow_private,
                proxy=_find_proxy(order, hop),
            ) as answer:
                return answer.next_url or _read_answer(order, answer, limits)
        except WireError as error:
            raise _explain(order, hop.url, error) from error
        finally:
            self._pauses.note(hop.host)

    def _find_pause(self, hop: Hop, access: Access) -> float:
        rules = self._rules.get(hop.site)
        asked = rules.pause if isinstance(rules, Rules) and access.robots else 0.0
        return min(max(access.pause, asked), _LONGEST_PAUSE)

    def _check_hop(self, order: _Order, address: str) -> Hop:
        """The hop; raises FetchError where it may not be asked for: by its form, by the source, or by its site."""
        try:
            hop = parse_hop(address)
            self._refuse_hop(hop, order.access)
        except WireError as error:
            raise _explain(order, address, error) from error
        except FetchError as error:  # of robots.txt
            raise FetchError(order.url, error.reason, cause=error.cause) from error
        return hop

    def _refuse_hop(self, hop: Hop, access: Access) -> None:
        if hop.scheme not in {"http", "https"} or not hop.host:
            raise WireError("only http and https addresses are fetched", cause="not http or https")
        if access.hosts and hop.host not in access.hosts:
            raise WireError(f"'{hop.host}' is none of the source's allowed_hosts", cause="host")
        if access.robots and not self._find_rules(hop, access).allows(hop.url):
            reason = "robots.txt forbids it; ask the site, or say robots = false for the source"
            raise WireError(reason, cause="robots.txt forbids")

    def _find_rules(self, hop: Hop, access: Access) -> Rules:
        if hop.site not in self._rules:
            try:
                self._rules[hop.site] = load_rules(hop.site, lambda address: self._read_robots(address, access))
            except FetchError as error:
                self._rules[hop.site] = error
        rules = self._rules[hop.site]
        if isinstance(rules, FetchError):
            raise rules
        return rules

    def _read_robots(self, address: str, access: Access) -> str:
        robots = Fetcher(replace(self._limits, size=_ROBOTS_SIZE))
        robots._pauses = self._pauses
        page = robots.fetch(address, captured=dt.datetime.now(dt.UTC), access=replace(access, robots=False)).page
        return "" if page is None else page.content.decode("utf-8-sig", "replace")


class _Order(Struct, frozen=True):
    """A page to fetch: its address, and all that holds for each of its hops."""

    url: str
    captured: dt.datetime
    access: Access
    validators: Validators | None
    deadline: Deadline


def _explain(order: _Order, address: str, error: WireError) -> FetchError:
    where = "" if address == order.url or error.may_pass else f"redirected to {address}: "
    return FetchError(order.url, f"{where}{error.reason}", cause=error.cause, may_pass=error.may_pass)


def _find_proxy(order: _Order, hop: Hop) -> str | None:
    """The proxy that the environment names for the hop (HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, but NO_PROXY), or None.

    A proxy resolves names itself, and what it connects to cannot be pinned from here. What this machine resolves to a
    private address is refused all the same; a name that only the proxy knows is left to it.
    """
    proxies = getproxies()
    proxy = proxies.get(hop.scheme) or proxies.get("all")
    if not proxy or proxy_bypass(hop.host if hop.port is None else f"{hop.host}:{hop.port}"):
        return None
    if "://" not in proxy:
        proxy = f"http://{proxy}"
    if not proxy.startswith(("http://", "https://")):
        raise UsageError(
            f"{order.url}: the proxy {proxy.partition('://')[0]}://… cannot be used; name an http:// one", cause="proxy"
        )
    if not order.access.allow_private:
        try:
            resolve_host(hop.host, hop.port or 0, allow_private=False, seconds=order.deadline.cut(None))
        except AddressRefusedError as error:
            if error.cause == "private":
                raise WireError(error.reason, cause=error.cause) from error
    return proxy


def _build_headers(hop: Hop, order: _Order) -> dict[str, str]:
    access, validators = order.access, order.validators
    headers = {
        "Accept": "text/html, text/*;q=0.9, */*;q=0.5",
        "Accept-Encoding": "gzip",
        "User-Agent": USER_AGENT,
    }
    if access.home and parse_hop(access.home).site == hop.site:
        headers.update(access.headers)
    if validators is not None and validators.url == hop.url:
        if validators.etag is not None:
            headers["If-None-Match"] = validators.etag
        if validators.last_modified is not None:
            headers["If-Modified-Since"] = validators.last_modified
    return headers


def _read_answer(order: _Order, answer: Answer, limits: FetchLimits) -> Fetched:
    url, validators = order.url, order.validators
    if answer.status == HTTPStatus.NOT_MODIFIED and validators is not None:
        return Fetched(page=None, validators=validators)
    if answer.status != HTTPStatus.OK:
        wait = _read_retry_after(answer.headers.get("retry-after"))
        told = "" if wait is None else f", and to come back after {wait:g} seconds"
        reason = f"the server answered {answer.status} {answer.phrase}".rstrip() + told
        raise StatusError(url, reason, status=answer.status, wait=wait)
    content = _read_content(url, answer.body, answer.headers.get("content-encoding", ""), limits)
    etag, last_modified = answer.headers.get("etag"), answer.headers.get("last-modified")
    found = Validators(url=answer.url, etag=etag, last_modified=last_modified)
    return Fetched(
        page=_build_page(order, answer, content), validators=found if etag is not None or last_modified else None
    )


def _read_content(url: str, pieces: Iterable[bytes], encoding: str, limits: FetchLimits) -> bytes:
    try:
        return read_body(pieces, encoding=encoding.strip().lower(), size=limits.size)
    except BodyTooLargeError as error:
        raise PageRefusedError(url, f"is larger than {limits.size:,} bytes; a notice is not", cause="size") from error
    except BodyError as error:
        raise FetchError(url, error.reason, cause="body", may_pass=error.breaks_off) from error


def _read_retry_after(value: str | None) -> float | None:
    """The seconds that the header asks for, whether it gives their number or a date; None for anything else."""
    if value is None:
        return None
    if value.strip().isdecimal() and value.isascii():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return max((moment - dt.datetime.now(dt.UTC)).total_seconds(), 0.0)


def _build_page(order: _Order, answer: Answer, content: bytes) -> Page:
    media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    return Page(
        name=order.url,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        url=answer.url,
        media_type=media_type or None,
        declared_encoding=answer.charset,
        captured=order.captured,
    )
