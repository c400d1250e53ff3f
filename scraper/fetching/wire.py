"""One request and its answer: the only door to the HTTP client.

Hop → PinnedTransport → PinnedBackend (pinned.py) → the network
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache

import httpcore2
import httpx2
from msgspec import Struct

from scraper.fetching.addresses import AddressRefusedError
from scraper.fetching.pinned import Deadline, DeadlineError, PinnedBackend

_HIGHEST_PORT = 65535
_WIRE_ERRORS = (
    httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.ProxyError,
    httpcore2.UnsupportedProtocol,
)  # fmt: skip


class WireError(Exception):
    """A request that got no answer; `cause` is the reason in words that stay the same, `may_pass` as in FetchError."""

    def __init__(self, reason: str, *, cause: str, may_pass: bool = False) -> None:
        """Keep all three."""
        super().__init__(reason)
        self.reason = reason
        self.cause = cause
        self.may_pass = may_pass


class Hop(Struct, frozen=True):
    """An address to ask: as the client writes it, and the parts that are checked. `site` is `https://example.com`."""

    url: str
    scheme: str
    host: str
    port: int | None
    site: str


class Answer(Struct, frozen=True, kw_only=True):
    """What came back: `next_url` where it is a redirect; the body is still on the wire, packed as it was sent."""

    url: str
    status: int
    phrase: str
    headers: Mapping[str, str]
    charset: str | None
    body: Iterator[bytes]
    next_url: str | None


class Timeouts(Struct, frozen=True, kw_only=True):
    """Seconds to connect, between two reads, and for the page as a whole."""

    connect: float
    read: float
    total: float


def parse_hop(url: str) -> Hop:
    """The address in its parts; raises WireError for what is none."""
    try:
        found = httpx2.URL(url)
        site = found.copy_with(path="/", query=None, fragment=None, userinfo=b"")
    except (httpx2.InvalidURL, UnicodeError) as error:
        raise WireError(f"is no address: {error}", cause="no address") from error
    if found.port is not None and found.port > _HIGHEST_PORT:
        raise WireError(f"is no address: there is no port {found.port}", cause="no address")
    return Hop(str(found), found.scheme, found.host, found.port, str(site).rstrip("/"))


@contextmanager
def open_answer(
    hop: Hop,
    headers: Mapping[str, str],
    *,
    timeouts: Timeouts,
    deadline: Deadline,
    allow_private: bool,
    proxy: str | None,
) -> Iterator[Answer]:
    """The answer to a GET of the hop, as long as it is read; the connection ends with it. Raises WireError."""
    transport = _PinnedTransport(deadline, allow_private=allow_private, proxy=proxy)
    timeout = httpx2.Timeout(timeouts.read, connect=timeouts.connect)
    try:
        with httpx2.Client(transport=transport, headers=headers, timeout=timeout, trust_env=False) as client:
            response = client.send(client.build_request("GET", hop.url), stream=True)
            try:
                following = response.next_request
                yield Answer(
                    url=str(response.url),
                    status=response.status_code,
                    phrase=response.reason_phrase,
                    headers=response.headers,
                    charset=response.charset_encoding,
                    body=response.iter_raw(),
                    next_url=None if following is None else str(following.url),
                )
            finally:
                response.close()
    except AddressRefusedError as error:
        raise WireError(error.reason, cause=error.cause) from error
    except DeadlineError as error:
        raise WireError(f"not whole after {timeouts.total:g} seconds", cause="too slow") from error
    except (httpx2.HTTPError, *_WIRE_ERRORS) as error:
        raise _explain_failure(error, deadline, timeouts) from error
    except (httpx2.InvalidURL, UnicodeError) as error:
        raise WireError(f"is no address: {error}", cause="no address") from error


class _PinnedTransport(httpx2.BaseTransport):
    """The client's way to the pinned connections; Host header and TLS name remain those of the name.

    With a `proxy`, the proxy's address is the one connected to, and it is not checked: it is the operator's own.
    """

    def __init__(self, deadline: Deadline, *, allow_private: bool, proxy: str | None) -> None:
        backend = PinnedBackend(deadline, allow_private=allow_private or proxy is not None)
        if proxy is None:
            self._pool = httpcore2.ConnectionPool(ssl_context=_load_tls(), network_backend=backend)
        else:
            url = httpx2.URL(proxy)
            auth = (url.username, url.password) if url.username else None
            address = httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=b"/")
            self._pool = httpcore2.HTTPProxy(address, proxy_auth=auth, ssl_context=_load_tls(), network_backend=backend)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """The answer, its body still on the wire; errors are those of httpcore2, and DeadlineError."""
        url = request.url
        response = self._pool.handle_request(
            httpcore2.Request(
                method=request.method,
                url=httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                extensions=request.extensions,
            )
        )
        return httpx2.Response(
            response.status, headers=response.headers, stream=_Body(response), extensions=response.extensions
        )

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()


class _Body(httpx2.SyncByteStream):
    def __init__(self, response: httpcore2.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        return self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


@cache
def _load_tls() -> ssl.SSLContext:
    """Certificates are verified, against the machine's store; loaded once, for it takes its time."""
    return httpx2.create_ssl_context()


def _explain_failure(error: Exception, deadline: Deadline, timeouts: Timeouts) -> WireError:
    match error:
        case httpcore2.TimeoutException() if deadline.is_over:
            return WireError(f"not whole after {timeouts.total:g} seconds", cause="too slow")
        case httpcore2.ConnectTimeout():
            reason = f"no connection within {timeouts.connect:g} seconds"
            return WireError(reason, cause="no connection", may_pass=True)
        case httpcore2.TimeoutException():
            return WireError(f"no answer within {timeouts.read:g} seconds", cause="no answer")
        case httpcore2.ConnectError() if isinstance(_find_tls_error(error), ssl.SSLError):
            return WireError(f"no secure connection: {error}", cause="tls")
        case httpcore2.ConnectError():
            return WireError(f"no connection: {error}", cause="no connection", may_pass=True)
        case httpcore2.ProxyError():
            return WireError(f"the proxy refuses: {error}", cause="proxy")
        case httpcore2.LocalProtocolError() | httpcore2.UnsupportedProtocol():
            return WireError(f"it cannot be asked for: {error}", cause="request")
        case _:
            return WireError(f"the connection broke: {error}", cause="broken connection", may_pass=True)


def _find_tls_error(error: BaseException) -> BaseException | None:
    cause = error.__cause__ or error.__context__
    return cause if cause is None or isinstance(cause, ssl.SSLError) else _find_tls_error(cause)
