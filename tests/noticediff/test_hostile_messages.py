"""What a page says is inert wherever it is told: feed, mail, chat, command, file names."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from delivery_making import configure, find_port, mail_url, make_hook, notify, read_body, read_told, serve_mail
from lxml import etree, html
from program_running import make_notice, run_program, write_page
from pytest_httpserver import HTTPServer

BIDI = "\u202e"
NAMES = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "x](http://evil.example)", "a|b|c", f"abc{BIDI}def",
    "bell\x07\x1b[31m", "../../x", '"><a href="http://evil.example">', "<at user_id=all>", "<!channel>", "@everyone",
    "{{ 7*7 }}", "http://evil.example/x", "a\u2028b", "\ufffe\uffff", "]]>", "&lt;b&gt;",
)  # fmt: skip


@pytest.fixture
def hostile_page(tmp_path: Path) -> Path:
    return write_page(tmp_path, "notice.txt", make_notice("2025年1-3月", **dict.fromkeys(NAMES, "<b>執照</b>|](x)")))


def check_html(text: str) -> None:
    """Nothing in it acts, leads elsewhere, or is an element that a page has brought."""
    page = html.fromstring(text)
    assert not page.xpath("//script | //img | //at | //iframe | //object | //form | //style")
    assert not page.xpath("//@*[starts-with(name(), 'on')]")
    for link in page.iter("a"):
        assert urlsplit(link.get("href") or "").netloc in {"", "example.org"}, link.get("href")
    assert BIDI not in text
    assert not any(letter < " " and letter not in "\t\n\r" for letter in text)


def test_the_feed_holds_hostile_names_as_text(tmp_path: Path, hostile_page: Path) -> None:
    assert hostile_page.exists()
    assert run_program("--config", configure(tmp_path), "track").exit_code == 0
    feed = etree.fromstring((tmp_path / "digests" / "feed.atom").read_bytes())
    content = feed.findtext("{*}entry/{*}content") or ""
    check_html(content)
    assert "<script>alert(1)</script>" in str(html.fromstring(content).xpath("string()"))


def test_a_mail_holds_hostile_names_as_text(tmp_path: Path, hostile_page: Path) -> None:
    assert hostile_page.exists()
    port = find_port()
    with serve_mail(port) as box:
        assert run_program("--config", configure(tmp_path, notify("ops", mail_url(port))), "track").exit_code == 0
    (mail,) = box.mails
    check_html(read_body(mail, "html"))
    plain = read_body(mail, "plain")
    assert BIDI not in plain
    assert "\x1b" not in plain
    assert "金融業 › <script>alert(1)</script>" in plain


def test_a_chat_makes_nothing_of_hostile_names(httpserver: HTTPServer, tmp_path: Path, hostile_page: Path) -> None:
    assert hostile_page.exists()
    httpserver.expect_request("/chat").respond_with_data("ok")
    config = configure(tmp_path, notify("chat", httpserver.url_for("/chat").replace("http:", "json:")))
    assert run_program("--config", config, "track").exit_code == 0
    text = "".join(json.loads(request.data)["message"] for request, _ in httpserver.log)
    for active in ("<at", "<!channel", "<script", "<a ", "@everyone", "](", "://evil", BIDI, "\x07", "\x1b"):
        assert active not in text
    assert "everyone" in text


def test_a_command_gets_hostile_names_as_data(tmp_path: Path, hostile_page: Path) -> None:
    assert hostile_page.exists()
    assert run_program("--config", configure(tmp_path, make_hook(tmp_path)), "track").exit_code == 0
    (told,) = read_told(tmp_path)
    assert "金融業 › ../../x" in told["text"]
    assert BIDI not in told["text"]


def test_no_name_of_a_page_is_the_name_of_a_file(tmp_path: Path, hostile_page: Path) -> None:
    assert hostile_page.exists()
    run_program("--config", configure(tmp_path), "track")
    assert {path.stem[:7] for path in (tmp_path / "digests").iterdir()} == {"digest-", "feed"}
    assert not (tmp_path.parent / "x").exists()


def test_an_alarm_holds_what_a_server_says_as_text(httpserver: HTTPServer, tmp_path: Path) -> None:
    hostile = f"<title><script>alert(1)</script>{BIDI}]( @everyone</title>"
    httpserver.expect_request("/notice").respond_with_data(hostile, content_type="text/html; charset=utf-8")
    port = find_port()
    source = f'url = "{httpserver.url_for("/notice?q=<script>")}"\nallow_private = true'
    with serve_mail(port) as box:
        run = run_program("--config", configure(tmp_path, notify("ops", mail_url(port)), source=source), "track")
    assert run.exit_code == 4, run.output
    (mail,) = box.mails
    check_html(read_body(mail, "html"))
    assert BIDI not in read_body(mail, "plain")
