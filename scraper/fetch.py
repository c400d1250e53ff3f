"""Pages from the web: the only door to the HTTP client.

A page comes whole, within stated bounds of time and size, and from an address that the world can reach:
an announcement page has no business on the loopback or in a private network unless its source says so.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
import socket
import time
from http import HTTPStatus
from importlib.metadata import version

import httpx2
from msgspec import Struct

from snapshots.errors import FetchError, PageRefusedError
from snapshots.notice import Page

_REDIRECTS = 5


class FetchLimits(Struct, frozen=True, kw_only=True):
    """How long and how large a page may be: seconds to connect, between two reads and in all; bytes after decoding."""

    connect: float = 10.0
    read: float = 20.0
    total: float = 60.0
    size: int = 20_000_000


_LIMITS = FetchLimits()


def fetch_page(url: str, *, captured: dt.datetime, allow_private: bool = False, limits: FetchLimits = _LIMITS) -> Page:
    """The page at the address, as captured now; `name` is the address asked for, `url` the one that answered.

    Up to five redirects are followed, and each hop is checked like the first: http or https, and no loopback or
    private address unless `allow_private`. Raises FetchError for whatever a later run may find mended, and
    PageRefusedError for a page above the size limit.
    """
    timeout = httpx2.Timeout(limits.read, connect=limits.connect)
    headers = {"User-Agent": f"noticediff/{version('noticediff')}", "Accept": "text/html, text/*;q=0.9, */*;q=0.5"}
    deadline = time.monotonic() + limits.total
    try:
        with httpx2.Client(timeout=timeout, headers=headers) as client:
            request = client.build_request("GET", url)
            for _ in range(_REDIRECTS + 1):
                _check_address(url, request.url, allow_private=allow_private)
                response = client.send(request, stream=True)
                try:
                    if response.next_request is None:
                        content = _read_content(url, response, deadline, limits)
                        return _build_page(url, response, content, captured)
                finally:
                    response.close()
                request = response.next_request
    except httpx2.HTTPError as error:
        raise FetchError(url, _describe_failure(error, limits)) from error
    except (httpx2.InvalidURL, UnicodeError) as error:
        raise FetchError(url, f"is no address: {error}") from error
    raise FetchError(url, f"more than {_REDIRECTS} redirects; the last one led to {request.url}")


def _check_address(asked: str, hop: httpx2.URL, *, allow_private: bool) -> None:
    """Raise FetchError where the hop is not http(s), has no known host, or leads to an address that is not global."""
    where = "" if str(hop) == asked else f"redirected to {hop}: "
    if hop.scheme not in {"http", "https"} or not hop.host:
        raise FetchError(asked, f"{where}only http and https addresses are fetched")
    if allow_private:
        return
    try:
        found = socket.getaddrinfo(hop.host, hop.port or hop.scheme, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError(asked, f"{where}the name '{hop.host}' is not known") from error
    for *_, socket_address in found:
        address = ipaddress.ip_address(socket_address[0])
        if not _is_public(address):
            raise FetchError(
                asked, f"{where}'{hop.host}' is the private address {address}; its source must say allow_private = true"
            )


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether the world can reach the address: `::ffff:127.0.0.1` is judged as the 127.0.0.1 that it wraps."""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address.is_global and not address.is_multicast


def _read_content(url: str, response: httpx2.Response, deadline: float, limits: FetchLimits) -> bytes:
    if response.status_code != HTTPStatus.OK:
        reason = f" {response.reason_phrase}" if response.reason_phrase else ""
        raise FetchError(url, f"the server answered {response.status_code}{reason}")
    content = bytearray()
    # The bound is on decoded bytes, checked as they come: a small compressed body can hold gigabytes.
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > limits.size:
            raise PageRefusedError(url, f"is larger than {limits.size:,} bytes; a notice is not")
        if time.monotonic() > deadline:
            raise FetchError(url, f"not whole after {limits.total:g} seconds")
    return bytes(content)


def _build_page(url: str, response: httpx2.Response, content: bytes, captured: dt.datetime) -> Page:
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return Page(
        name=url,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        url=str(response.url),
        media_type=media_type or None,
        declared_encoding=response.charset_encoding,
        captured=captured,
    )


def _describe_failure(error: httpx2.HTTPError, limits: FetchLimits) -> str:
    match error:
        case httpx2.ConnectTimeout():
            return f"no connection within {limits.connect:g} seconds"
        case httpx2.TimeoutException():
            return f"no answer within {limits.read:g} seconds"
        case httpx2.ConnectError():
            return f"no connection: {error}"
        case httpx2.DecodingError():
            return f"the body cannot be decompressed: {error}"
        case _:
            return f"the connection broke: {error}"
