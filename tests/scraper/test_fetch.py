"""Pages from a real HTTP server on the loopback; what resolves elsewhere is refused before a packet is sent."""

from __future__ import annotations

import datetime as dt
import gzip
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from scraper.fetching.fetch import Access, Fetcher, FetchLimits, Validators, fetch_page
from snapshots.errors import FetchError, PageRefusedError

OPEN = Access(allow_private=True, robots=False, pause=0.0)
POLITE = replace(OPEN, robots=True)
CERTIFICATE = Path(__file__).with_name("localhost.pem")
NOW = dt.datetime(2025, 4, 1, 6, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def quick_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr("scraper.fetching.fetch.LIMITS", FetchLimits(backoff=0.0))


@pytest.fixture
def resolve(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Names and the addresses that a resolver of the test's own gives them; no connection is made at all."""
    names: dict[str, str] = {}

    def getaddrinfo(host: str, *_: Any, **__: Any) -> list[tuple[Any, ...]]:
        if host not in names:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        family = socket.AF_INET6 if ":" in names[host] else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (names[host], 443))]

    def connect(*_: Any) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr("socket.getaddrinfo", getaddrinfo)
    monkeypatch.setattr("socket.socket.connect", connect)
    return names


def test_a_page_comes_with_what_the_server_said_of_it(httpserver: HTTPServer) -> None:
    content = "公告".encode("gb18030")
    httpserver.expect_request("/notice").respond_with_data(content, content_type="Text/HTML; charset=GBK")
    page = fetch_page(httpserver.url_for("/notice"), captured=NOW, allow_private=True)
    assert page.content == content
    assert (page.media_type, page.declared_encoding) == ("text/html", "gbk")
    assert page.captured == NOW
    assert page.name == page.url == httpserver.url_for("/notice")


def test_the_program_says_who_it_is(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data("x")
    fetch_page(httpserver.url_for("/"), captured=NOW, allow_private=True)
    assert httpserver.log[0][0].headers["User-Agent"].startswith("noticediff/0")


def test_a_redirect_is_followed_and_the_answering_address_kept(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/old").respond_with_data("", 301, headers={"Location": "/new"})
    httpserver.expect_request("/new").respond_with_data("here")
    page = fetch_page(httpserver.url_for("/old"), captured=NOW, allow_private=True)
    assert page.content == b"here"
    assert page.name == httpserver.url_for("/old")
    assert page.url == httpserver.url_for("/new")


def test_a_redirect_loop_ends(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/loop").respond_with_data("", 302, headers={"Location": "/loop"})
    with pytest.raises(FetchError, match="more than 5 redirects"):
        fetch_page(httpserver.url_for("/loop"), captured=NOW, allow_private=True)
    assert len(httpserver.log) == 6


@pytest.mark.parametrize("status", [204, 404, 410, 429, 500, 503])
def test_any_answer_but_200_is_a_failure_that_names_the_status(httpserver: HTTPServer, status: int) -> None:
    httpserver.expect_request("/").respond_with_data("", status)
    with pytest.raises(FetchError, match=f"the server answered {status}") as caught:
        fetch_page(httpserver.url_for("/"), captured=NOW, allow_private=True)
    assert caught.value.address == httpserver.url_for("/")


def test_a_page_above_the_size_limit_is_refused(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data(b"x" * 1001)
    with pytest.raises(PageRefusedError, match="larger than 1,000 bytes"):
        fetch_page(httpserver.url_for("/"), captured=NOW, allow_private=True, limits=FetchLimits(size=1000))
    assert len(fetch_page(httpserver.url_for("/"), captured=NOW, allow_private=True).content) == 1001


def test_the_size_is_that_of_the_decoded_page(httpserver: HTTPServer) -> None:
    bomb = gzip.compress(b"\0" * 30_000_000)
    httpserver.expect_request("/").respond_with_data(bomb, headers={"Content-Encoding": "gzip"})
    with pytest.raises(PageRefusedError, match="larger than"):
        fetch_page(httpserver.url_for("/"), captured=NOW, allow_private=True)


def test_a_body_that_never_ends_is_cut_off_in_time(httpserver: HTTPServer) -> None:
    def drip(_: Request) -> Response:
        def body() -> Iterator[bytes]:
            for _ in range(40):
                time.sleep(0.05)
                yield b"x"

        return Response(body())

    httpserver.expect_request("/").respond_with_handler(drip)
    with pytest.raises(FetchError, match=r"not whole after 0\.2 seconds"):
        fetch_page(httpserver.url_for("/"), captured=NOW, allow_private=True, limits=FetchLimits(total=0.2))


def test_a_body_that_never_ends_is_cut_off_at_the_size_limit() -> None:
    with (
        serve_bytes(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 100_000, times=10_000) as url,
        pytest.raises(PageRefusedError, match="larger than 1,000,000 bytes"),
    ):
        fetch_page(url, captured=NOW, allow_private=True, limits=FetchLimits(size=1_000_000))


def test_a_server_that_does_not_answer_is_left(httpserver: HTTPServer) -> None:
    def wait(_: Request) -> Response:
        time.sleep(0.5)
        return Response("late")

    httpserver.expect_request("/").respond_with_handler(wait)
    with pytest.raises(FetchError, match=r"no answer within 0\.1 seconds"):
        fetch_page(httpserver.url_for("/"), captured=NOW, allow_private=True, limits=FetchLimits(read=0.1))


def test_a_body_shorter_than_announced_is_no_page() -> None:
    half = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"
    with serve_bytes(half) as url, pytest.raises(FetchError, match="the connection broke"):
        fetch_page(url, captured=NOW, allow_private=True)


def test_a_closed_port_is_no_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(FetchError, match="no connection"):
        fetch_page(f"http://127.0.0.1:{port}/", captured=NOW, allow_private=True)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.com/x", "gopher://example.com/", "http:///x"])
def test_only_http_and_https_addresses_are_fetched(url: str, resolve: dict[str, str]) -> None:
    resolve["example.com"] = "93.184.216.34"
    with pytest.raises(FetchError, match="only http and https addresses"):
        fetch_page(url, captured=NOW)


def test_the_loopback_is_refused_unless_allowed(httpserver: HTTPServer) -> None:
    # A path of its own: the server outlives a test, and logs what an earlier one asked for when it has answered.
    httpserver.expect_request("/private").respond_with_data("x")
    with pytest.raises(FetchError, match="private address"):
        fetch_page(httpserver.url_for("/private"), captured=NOW)
    assert "/private" not in {request.path for request, _ in httpserver.log}
    assert fetch_page(httpserver.url_for("/private"), captured=NOW, allow_private=True).content == b"x"


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "0.0.0.1", "::1", "fe80::1", "fc00::1",
     "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::1", "224.0.0.1",
     "ff02::1", "100.64.0.1"],
)  # fmt: skip
def test_a_name_that_resolves_to_a_private_address_is_refused(address: str, resolve: dict[str, str]) -> None:
    resolve["notices.example"] = address
    with pytest.raises(FetchError, match=r"'notices\.example' is the private address"):
        fetch_page("http://notices.example/list", captured=NOW)


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "127.1", "0177.0.0.1", "[::ffff:7f00:1]"])
def test_another_spelling_of_the_loopback_is_refused(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.socket.connect", None)
    with pytest.raises(FetchError, match=r"private address|is not known|is no address"):
        fetch_page(f"http://{host}/", captured=NOW)


def test_a_name_that_nobody_knows_is_a_failure(resolve: dict[str, str]) -> None:
    assert resolve == {}
    with pytest.raises(FetchError, match=r"the name 'nowhere\.example' is not known"):
        fetch_page("http://nowhere.example/", captured=NOW)


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("http://inside.example/admin", "'inside.example' is the private address 10.0.0.1"),
        ("http://[::1]/", "'::1' is the private address ::1"),
        ("file:///etc/passwd", "only http and https"),
    ],
)
def test_each_hop_of_a_redirect_is_checked(
    target: str, reason: str, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    httpserver.expect_request("/hop").respond_with_data("", 302, headers={"Location": target})
    names = {"notices.example": "93.184.216.34", "inside.example": "10.0.0.1", "::1": "::1"}
    tried = redirect_connections(monkeypatch, names, httpserver.port)
    with pytest.raises(FetchError, match="redirected to") as caught:
        fetch_page("http://notices.example/hop", captured=NOW)
    assert reason in str(caught.value)
    assert tried == ["93.184.216.34"]


def test_the_checked_address_is_the_one_connected_to(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    httpserver.expect_request("/notice").respond_with_data("here")
    names = {"notices.example": ["93.184.216.34", "127.0.0.1"]}  # the second answer is what a rebinding name gives
    tried = redirect_connections(monkeypatch, names, httpserver.port)
    assert fetch_page("http://notices.example/notice", captured=NOW).content == b"here"
    assert tried == ["93.184.216.34"]
    (request,) = [request for request, _ in httpserver.log if request.path == "/notice"]
    assert request.headers["Host"] == "notices.example"
    with pytest.raises(FetchError, match=r"is the private address 127\.0\.0\.1"):
        fetch_page("http://notices.example/notice", captured=NOW)


def test_the_tls_name_stays_that_of_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    hello: list[bytes] = []
    with serve_bytes(b"no handshake", heard=hello) as url:
        tried = redirect_connections(monkeypatch, {"notices.example": "93.184.216.34"}, int(url.split(":")[2][:-1]))
        with pytest.raises(FetchError, match="no secure connection"):
            fetch_page("https://notices.example/notice", captured=NOW)
    assert tried == ["93.184.216.34"]
    assert b"notices.example" in hello[0]


def test_a_certificate_that_nobody_vouches_for_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve_tls() as url:
        with pytest.raises(FetchError, match=r"no secure connection: .*self-signed certificate"):
            fetch_page(url, captured=NOW, allow_private=True)
        # The same one is good for its own name, and for no other, where it is trusted.
        monkeypatch.setattr("scraper.fetching.wire._load_tls", lambda: ssl.create_default_context(cafile=CERTIFICATE))
        assert fetch_page(url, captured=NOW, allow_private=True).content == b"secret"
        with pytest.raises(FetchError, match=r"no secure connection: .*not valid for '127\.0\.0\.1'"):
            fetch_page(url.replace("localhost", "127.0.0.1"), captured=NOW, allow_private=True)


@contextmanager
def serve_tls() -> Iterator[str]:
    """The address of a server with the certificate of `localhost` that signs itself: a key that protects nothing."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    server = HTTPServer(ssl_context=context)
    server.expect_request("/").respond_with_data("secret")
    server.start()
    try:
        yield server.url_for("/")
    finally:
        server.stop()


def redirect_connections(monkeypatch: pytest.MonkeyPatch, names: Mapping[str, str | list[str]], port: int) -> list[str]:
    """Resolve by these names (a list gives one answer after the other), and let each connection end on the loopback.

    The addresses that connections were asked for are returned; no packet leaves for them.
    """
    tried: list[str] = []
    answers = {name: iter(found if isinstance(found, list) else [found] * 9) for name, found in names.items()}

    def getaddrinfo(host: str, *_: Any, **__: Any) -> list[tuple[Any, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers[host]), 80))]

    def create_connection(address: tuple[str, int], timeout: float, **__: Any) -> socket.socket:
        tried.append(address[0])
        connection = socket.socket()
        connection.settimeout(timeout)
        connection.connect(("127.0.0.1", port))
        return connection

    monkeypatch.setattr("socket.getaddrinfo", getaddrinfo)
    monkeypatch.setattr("socket.create_connection", create_connection)
    return tried


@contextmanager
def serve_bytes(
    *pieces: bytes,
    every: float = 0.0,
    times: int = 1,
    heard: list[bytes] | None = None,
    all_sent: threading.Event | None = None,
) -> Iterator[str]:
    """The address of a server that answers any request with these bytes, the last piece again and again."""
    requests = [] if heard is None else heard
    with socket.create_server(("127.0.0.1", 0)) as server:
        over = threading.Event()

        def answer(connection: socket.socket) -> None:
            with connection, suppress(OSError):
                requests.append(connection.recv(4096))
                for piece in (*pieces, *pieces[-1:] * (times - 1)):
                    connection.sendall(piece)
                    if over.wait(every):
                        break
                else:
                    if all_sent is not None:
                        all_sent.set()

        def accept() -> None:
            with suppress(OSError):
                while True:
                    threading.Thread(target=answer, args=(server.accept()[0],), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        over.set()


DRIPS = {
    "header": (b"HTTP/1.1 200 OK\r\nX: ", b"a"),
    "continue": (b"HTTP/1.1 100 Continue\r\n\r\n",),
    "body": (b"HTTP/1.1 200 OK\r\n\r\n", b"a"),
    "empty gzip blocks": (
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08\0\0\0\0\0\0\x03",
        b"\0\0\0\xff\xff",
    ),
}


@pytest.mark.parametrize("drip", DRIPS)
def test_a_server_that_drips_is_left_in_time(drip: str) -> None:
    all_sent = threading.Event()
    with serve_bytes(*DRIPS[drip], every=0.05, times=100, all_sent=all_sent) as url:
        with pytest.raises(FetchError, match=r"not whole after 0\.3 seconds"):
            fetch_page(url, captured=NOW, allow_private=True, limits=FetchLimits(total=0.3))
        assert not all_sent.is_set()


def test_a_handshake_that_drips_is_left_in_time() -> None:
    limits = FetchLimits(total=0.3)
    with (
        serve_bytes(b"\x16\x03\x03\x40\0", b"\x02", every=0.05, times=100) as url,
        pytest.raises(FetchError, match=r"not whole after 0\.3 seconds"),
    ):
        fetch_page(url.replace("http:", "https:"), captured=NOW, allow_private=True, limits=limits)


def test_a_resolver_that_hangs_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [()] * over.wait(5) * 0)
    try:
        with pytest.raises(FetchError, match="could not be looked up in time"):
            fetch_page("http://slow.example/", captured=NOW, limits=FetchLimits(total=0.2))
    finally:
        over.set()


def test_the_size_is_also_that_on_the_wire(httpserver: HTTPServer) -> None:
    nothing = gzip.compress(b"") * 1000  # 20,000 bytes that unpack to none
    httpserver.expect_request("/wire").respond_with_data(nothing, headers={"Content-Encoding": "gzip"})
    with pytest.raises(PageRefusedError, match="larger than 10,000 bytes"):
        fetch_page(httpserver.url_for("/wire"), captured=NOW, allow_private=True, limits=FetchLimits(size=10_000))
    assert fetch_page(httpserver.url_for("/wire"), captured=NOW, allow_private=True).content == b""


def test_a_packed_body_that_breaks_off_is_no_page(httpserver: HTTPServer) -> None:
    half = gzip.compress("公告".encode() * 500)[:-20]
    httpserver.expect_request("/half").respond_with_data(half, headers={"Content-Encoding": "gzip"})
    with pytest.raises(FetchError, match="the packed body breaks off"):
        fetch_page(httpserver.url_for("/half"), captured=NOW, allow_private=True)


def test_packing_that_nobody_asked_for_is_refused(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/br").respond_with_data(b"x", headers={"Content-Encoding": "br"})
    with pytest.raises(FetchError, match="packed as 'br'"):
        fetch_page(httpserver.url_for("/br"), captured=NOW, allow_private=True)
    assert httpserver.log[-1][0].headers["Accept-Encoding"] == "gzip"


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_can_pass_is_tried_again(httpserver: HTTPServer, status: int) -> None:
    httpserver.expect_ordered_request("/busy").respond_with_data("", status, headers={"Retry-After": "0"})
    httpserver.expect_ordered_request("/busy").respond_with_data("good")
    assert fetch_page(httpserver.url_for("/busy"), captured=NOW, allow_private=True).content == b"good"


@pytest.mark.parametrize("status", [204, 403, 404, 410, 501])
def test_what_cannot_pass_is_asked_once(httpserver: HTTPServer, status: int) -> None:
    httpserver.expect_request("/never").respond_with_data("", status)
    with pytest.raises(FetchError):
        fetch_page(httpserver.url_for("/never"), captured=NOW, allow_private=True)
    assert [request.path for request, _ in httpserver.log].count("/never") == 1


def test_a_server_is_given_the_time_that_it_asks_for(httpserver: HTTPServer) -> None:
    httpserver.expect_ordered_request("/later").respond_with_data("", 503, headers={"Retry-After": "1"})
    httpserver.expect_ordered_request("/later").respond_with_data("good")
    began = time.monotonic()
    assert fetch_page(httpserver.url_for("/later"), captured=NOW, allow_private=True).content == b"good"
    assert time.monotonic() - began >= 1


def test_a_server_that_asks_for_an_hour_is_left_for_this_run(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/hour").respond_with_data("", 429, headers={"Retry-After": "3600"})
    with pytest.raises(FetchError, match="to come back after 3600 seconds"):
        fetch_page(httpserver.url_for("/hour"), captured=NOW, allow_private=True)
    assert [request.path for request, _ in httpserver.log].count("/hour") == 1


def test_a_retry_date_is_read_like_a_number(httpserver: HTTPServer) -> None:
    date = format_datetime(dt.datetime.now(dt.UTC) + dt.timedelta(hours=2), usegmt=True)
    httpserver.expect_request("/date").respond_with_data("", 503, headers={"Retry-After": date})
    with pytest.raises(FetchError, match=r"to come back after 7[12]\d\d"):
        fetch_page(httpserver.url_for("/date"), captured=NOW, allow_private=True)


def test_a_page_that_has_not_changed_is_not_sent_again(httpserver: HTTPServer) -> None:
    def answer(request: Request) -> Response:
        if request.headers.get("If-None-Match") == '"one"' and "If-Modified-Since" in request.headers:
            return Response(status=304)
        return Response("page", headers={"ETag": '"one"', "Last-Modified": "Tue, 01 Apr 2025 00:00:00 GMT"})

    httpserver.expect_request("/page").respond_with_handler(answer)
    url = httpserver.url_for("/page")
    first = Fetcher().fetch(url, captured=NOW, access=OPEN)
    assert first.validators == Validators(url=url, etag='"one"', last_modified="Tue, 01 Apr 2025 00:00:00 GMT")
    again = Fetcher().fetch(url, captured=NOW, access=OPEN, validators=first.validators)
    assert (again.page, again.validators) == (None, first.validators)


@pytest.mark.parametrize(
    ("given", "asked"),
    [("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")],
)
def test_either_word_of_a_server_is_enough_to_ask_again(httpserver: HTTPServer, given: str, asked: str) -> None:
    word = '"one"' if given == "ETag" else "Tue, 01 Apr 2025 00:00:00 GMT"

    def answer(request: Request) -> Response:
        return Response(status=304) if request.headers.get(asked) == word else Response("page", headers={given: word})

    httpserver.expect_request(f"/{given}").respond_with_handler(answer)
    url = httpserver.url_for(f"/{given}")
    first = Fetcher().fetch(url, captured=NOW, access=OPEN)
    assert first.page is not None
    assert Fetcher().fetch(url, captured=NOW, access=OPEN, validators=first.validators).page is None


def test_an_answer_of_304_that_nobody_asked_for_is_a_failure(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/304").respond_with_data("", 304)
    with pytest.raises(FetchError, match="answered 304"):
        fetch_page(httpserver.url_for("/304"), captured=NOW, allow_private=True)


def test_robots_txt_is_honoured_with_its_wildcards(httpserver: HTTPServer) -> None:
    rules = "User-agent: *\nDisallow: /\n\nUser-agent: noticediff\nDisallow: /*/private\nAllow: /\n"
    httpserver.expect_request("/robots.txt").respond_with_data(rules)
    httpserver.expect_request("/notice").respond_with_data("open")
    fetcher = Fetcher()
    page = fetcher.fetch(httpserver.url_for("/notice"), captured=NOW, access=POLITE).page
    assert page is not None
    assert page.content == b"open"
    with pytest.raises(FetchError, match=r"robots\.txt forbids it"):
        fetcher.fetch(httpserver.url_for("/docs/private"), captured=NOW, access=POLITE)
    asked = [request.path for request, _ in httpserver.log]
    assert (asked.count("/robots.txt"), asked.count("/docs/private")) == (1, 0)


def test_a_redirect_may_not_lead_round_robots_txt(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data("User-agent: *\nDisallow: /closed\n")
    httpserver.expect_request("/open").respond_with_data("", 302, headers={"Location": "/closed"})
    with pytest.raises(FetchError, match=r"redirected to .*/closed: robots\.txt forbids it"):
        Fetcher().fetch(httpserver.url_for("/open"), captured=NOW, access=POLITE)


@pytest.mark.parametrize(("status", "is_open"), [(404, True), (403, True), (500, False), (429, False)])
def test_a_site_that_cannot_say_what_it_forbids_is_left_alone(
    httpserver: HTTPServer, status: int, is_open: bool
) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data("", status)
    httpserver.expect_request("/notice").respond_with_data("x")
    url = httpserver.url_for("/notice")
    if is_open:
        assert Fetcher().fetch(url, captured=NOW, access=POLITE).page is not None
    else:
        with pytest.raises(FetchError, match=r"/notice: robots\.txt cannot be had: the server answered"):
            Fetcher().fetch(url, captured=NOW, access=POLITE)


def test_a_site_that_cannot_be_reached_is_told_as_such_and_not_by_its_robots_txt() -> None:
    with pytest.raises(FetchError) as caught:
        Fetcher().fetch("http://127.0.0.1:9/notice", captured=NOW, access=replace(POLITE, allow_private=False))
    told = "http://127.0.0.1:9/notice: '127.0.0.1' is the private address 127.0.0.1; its source must say"
    assert str(caught.value) == f"{told} allow_private = true"


class StandingClock:
    """A clock that stands while pages are fetched, and goes on by what is slept."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> StandingClock:
    """The clock by which pauses are kept."""
    standing = StandingClock()
    monkeypatch.setattr("scraper.fetching.manners.time", standing)
    return standing


def test_between_two_pages_of_a_host_there_is_a_pause(httpserver: HTTPServer, clock: StandingClock) -> None:
    httpserver.expect_request("/notice").respond_with_data("x")
    fetcher, access = Fetcher(), replace(OPEN, pause=8)
    fetcher.fetch(httpserver.url_for("/notice"), captured=NOW, access=access)
    assert clock.slept == []
    clock.now += 3
    fetcher.fetch(httpserver.url_for("/notice"), captured=NOW, access=access)
    assert clock.slept == [5]


def test_a_longer_pause_that_the_site_asks_for_is_kept(httpserver: HTTPServer, clock: StandingClock) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data("User-agent: *\nCrawl-delay: 9\n")
    httpserver.expect_request("/notice").respond_with_data("x")
    Fetcher().fetch(httpserver.url_for("/notice"), captured=NOW, access=POLITE)
    assert clock.slept == [9]


def test_headers_of_a_source_go_to_its_own_site_only(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    httpserver.expect_request("/in").respond_with_data("", 302, headers={"Location": "http://other.example/out"})
    httpserver.expect_request("/out").respond_with_data("x")
    names = {"notices.example": "93.184.216.34", "other.example": "93.184.216.35"}
    redirect_connections(monkeypatch, names, httpserver.port)
    access = replace(OPEN, home="http://notices.example/", headers=(("X-Token", "s3cret"),), allow_private=False)
    Fetcher().fetch("http://notices.example/in", captured=NOW, access=access)
    sent = {request.path: request.headers.get("X-Token") for request, _ in httpserver.log}
    assert (sent["/in"], sent["/out"]) == ("s3cret", None)


def test_other_hosts_than_the_allowed_ones_are_not_asked(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    httpserver.expect_request("/in").respond_with_data("", 302, headers={"Location": "http://other.example/out"})
    names = {"notices.example": "93.184.216.34", "other.example": "93.184.216.35"}
    tried = redirect_connections(monkeypatch, names, httpserver.port)
    access = replace(OPEN, hosts=("notices.example",), allow_private=False)
    with pytest.raises(FetchError, match=r"'other\.example' is none of the source's allowed_hosts"):
        Fetcher().fetch("http://notices.example/in", captured=NOW, access=access)
    assert tried == ["93.184.216.34"]


def test_a_proxy_of_the_environment_is_asked_for_the_page(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    httpserver.expect_request("/notice").respond_with_data("through the proxy")
    monkeypatch.delenv("NO_PROXY")
    monkeypatch.setenv("http_proxy", httpserver.url_for("").rstrip("/"))
    names = {"notices.example": "93.184.216.34", "inside.example": "10.0.0.1", "localhost": "127.0.0.1"}
    tried = redirect_connections(monkeypatch, names, httpserver.port)
    assert fetch_page("http://notices.example/notice", captured=NOW).content == b"through the proxy"
    assert tried == ["127.0.0.1"]
    with pytest.raises(FetchError, match=r"'inside\.example' is the private address"):
        fetch_page("http://inside.example/notice", captured=NOW)
    assert tried == ["127.0.0.1"]
