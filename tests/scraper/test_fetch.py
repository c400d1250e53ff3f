"""Pages from a real HTTP server on the loopback; what resolves elsewhere is refused before a packet is sent."""

from __future__ import annotations

import datetime as dt
import gzip
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from scraper.fetch import FetchLimits, fetch_page
from snapshots.errors import FetchError, PageRefusedError

NOW = dt.datetime(2025, 4, 1, 6, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


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


def test_a_server_that_does_not_answer_is_left(httpserver: HTTPServer) -> None:
    def wait(_: Request) -> Response:
        time.sleep(0.5)
        return Response("late")

    httpserver.expect_request("/").respond_with_handler(wait)
    with pytest.raises(FetchError, match=r"no answer within 0\.1 seconds"):
        fetch_page(httpserver.url_for("/"), captured=NOW, allow_private=True, limits=FetchLimits(read=0.1))


def test_a_body_shorter_than_announced_is_no_page() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        import threading  # noqa: PLC0415 - this test alone speaks HTTP by hand

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(FetchError, match="the connection broke"):
            fetch_page(f"http://127.0.0.1:{server.getsockname()[1]}/", captured=NOW, allow_private=True)
        thread.join()


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
    httpserver.expect_request("/").respond_with_data("x")
    with pytest.raises(FetchError, match="private address"):
        fetch_page(httpserver.url_for("/"), captured=NOW)
    assert httpserver.log == []
    assert fetch_page(httpserver.url_for("/"), captured=NOW, allow_private=True).content == b"x"


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "0.0.0.1", "::1", "fe80::1", "fc00::1",
     "::ffff:127.0.0.1", "::ffff:10.0.0.1", "224.0.0.1", "ff02::1", "100.64.0.1"],
)  # fmt: skip
def test_a_name_that_resolves_to_a_private_address_is_refused(address: str, resolve: dict[str, str]) -> None:
    resolve["notices.example"] = address
    with pytest.raises(FetchError, match=r"'notices\.example' is the private address"):
        fetch_page("http://notices.example/list", captured=NOW)


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "127.1"])
def test_another_spelling_of_the_loopback_is_refused(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.socket.connect", None)
    with pytest.raises(FetchError, match=r"private address|is not known"):
        fetch_page(f"http://{host}/", captured=NOW)


def test_a_name_that_nobody_knows_is_a_failure(resolve: dict[str, str]) -> None:
    assert resolve == {}
    with pytest.raises(FetchError, match=r"the name 'nowhere\.example' is not known"):
        fetch_page("http://nowhere.example/", captured=NOW)


@pytest.mark.parametrize("target", ["http://inside.example/admin", "http://[::1]/", "file:///etc/passwd"])
def test_each_hop_of_a_redirect_is_checked(
    target: str, resolve: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve.update({"notices.example": "93.184.216.34", "inside.example": "10.0.0.1", "::1": "::1"})
    asked: list[str] = []
    answer_redirects(monkeypatch, asked, lambda _: target)
    with pytest.raises(FetchError, match="redirected to"):
        fetch_page("https://notices.example/", captured=NOW)
    assert asked == ["https://notices.example/"]


def answer_redirects(monkeypatch: pytest.MonkeyPatch, asked: list[str], find_target: Callable[[str], str]) -> None:
    """Let a transport in memory answer every request with a redirect."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(str(request.url))
        return httpx2.Response(302, headers={"Location": find_target(str(request.url))})

    real = httpx2.Client
    monkeypatch.setattr(httpx2, "Client", lambda **options: real(transport=httpx2.MockTransport(answer), **options))
