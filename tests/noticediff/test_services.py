"""The chat services, each pointed at a server on the loopback, and how long a text may be."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.wecombot import NotifyWeComBot
from program_running import make_notice, run_program, write_page
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from noticediff.delivery.limit import send_within
from noticediff.delivery.parcel import CHAT_BYTES, Parcel, write_text
from noticediff.delivery.services import open_service, send_to_service
from snapshots.errors import DeliveryError
from snapshots.message import Message

LINES = ("3 new, 40 adjusted, 0 removed", *(f"adjusted: 金融業 › 個人征信業務之{number}" for number in range(100)))


def make_parcel(lines: tuple[str, ...] = LINES, where: str | None = "https://example.org/d.html") -> Parcel:
    message = Message(
        id=1, key="urn:uuid:1", kind="news", at=dt.datetime(2025, 7, 2, tzinfo=dt.UTC), title="Category rules",
        lines=lines, stem="d", is_filed=True,
    )  # fmt: skip
    return Parcel(key="0" * 32, message=message, where=where, files={}, fragment="<p>x</p>", facts=None)


def test_a_text_that_is_cut_says_how_much_is_left_out_and_where_all_of_it_lies() -> None:
    text = write_text(make_parcel(), limit=CHAT_BYTES)
    assert len(text.encode()) <= CHAT_BYTES - len("Category rules")
    *kept, rest, where = text.splitlines()
    assert tuple(kept) == LINES[: len(kept)]
    assert rest == f"… and {len(LINES) - len(kept)} more"
    assert where == "Full digest: https://example.org/d.html"


def test_a_text_that_has_room_is_whole() -> None:
    assert write_text(make_parcel(LINES[:3], None), limit=CHAT_BYTES) == "\n".join(LINES[:3])
    assert write_text(make_parcel()).count("\n") == len(LINES)


@pytest.mark.parametrize("size", [80, 120, 160, 400])
def test_a_text_for_the_shortest_service_keeps_its_limit(size: int) -> None:
    text = write_text(make_parcel(("金" * 400, *LINES)), limit=size)
    assert len(text.encode()) <= size
    assert text.endswith("Full digest: https://example.org/d.html")


@pytest.mark.parametrize(
    ("plugin", "address", "text_of"),
    [
        (NotifyWeComBot, "wecombot://abcdefghij1234567890", lambda sent: sent["text"]["content"]),
        (NotifyDingTalk, "dingtalk://token12345678", lambda sent: sent["text"]["content"]),
        (NotifyFeishu, "feishu://abcdef1234", lambda sent: json.dumps(sent, ensure_ascii=False)),
    ],
)
def test_a_chat_service_gets_one_text_within_its_limit(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch, plugin: type, address: str, text_of: object
) -> None:
    httpserver.expect_request("/hook").respond_with_json({"errcode": 0, "code": 0, "StatusCode": 0})
    monkeypatch.setattr(plugin, "notify_url", httpserver.url_for("/hook"))
    send_to_service(address, make_parcel(), form=None)
    ((request, _),) = httpserver.log
    assert callable(text_of)
    text = text_of(json.loads(request.data))
    assert "3 new, 40 adjusted, 0 removed" in text
    assert "Full digest: https://example.org/d.html" in text
    assert "more" in text
    if plugin is NotifyWeComBot:
        assert len(text.encode()) <= 2048


def test_what_a_service_answers_is_the_reason_without_its_secret(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    httpserver.expect_request("/hook").respond_with_data("no", status=403)
    monkeypatch.setattr(NotifyWeComBot, "notify_url", httpserver.url_for("/hook?key={key}"))
    with pytest.raises(DeliveryError, match="403") as caught:
        send_to_service("wecombot://abcdefghij1234567890", make_parcel(), form=None)
    assert "abcdefghij" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("nosuch://geheim", "no address of a service"),
        ("mailto://", "no address of a service"),
        ("mailto://h.example?from=a@x.de&to=b@x.de,c@x.de", "several readers"),
        ("mailto://h.example?from=a@x.de&to=b@x.de&cc=c@x.de", "several readers"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_being_named(address: str, reason: str) -> None:
    with pytest.raises(DeliveryError, match=reason) as caught:
        open_service(address)
    assert address not in str(caught.value)


def test_a_mail_without_html_is_one_text(tmp_path: Path) -> None:
    from delivery_making import find_port, mail_url, read_body, serve_mail  # noqa: PLC0415

    del tmp_path
    port = find_port()
    with serve_mail(port) as box:
        send_to_service(mail_url(port), make_parcel(), form="text")
    (mail,) = box.mails
    assert mail.get_content_type() == "text/plain"
    assert len(read_body(mail, "plain").splitlines()) == len(LINES) + 1


def test_a_reader_whom_the_server_does_not_know_is_the_reason() -> None:
    from aiosmtpd.controller import Controller  # noqa: PLC0415
    from delivery_making import find_port, mail_url  # noqa: PLC0415

    class Strict:
        async def handle_RCPT(self, *_: object) -> str:  # noqa: N802
            return "550 5.1.1 no such mailbox"

    port = find_port()
    controller = Controller(Strict(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        with pytest.raises(DeliveryError, match=r"the reader is refused: 550 5\.1\.1 no such mailbox"):
            send_to_service(mail_url(port), make_parcel(), form=None)
    finally:
        controller.stop()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_webhook_that_has_moved_is_a_failed_delivery_and_no_page_elsewhere_is_an_answer(
    httpserver: HTTPServer, status: int
) -> None:
    httpserver.expect_request("/hook").respond_with_data(status=status, headers={"Location": "/login"})
    httpserver.expect_request("/login").respond_with_data("log in first")
    with pytest.raises(DeliveryError, match=f"error={status}"):
        send_to_service(f"json://127.0.0.1:{httpserver.port}/hook", make_parcel(), form=None)
    assert [request.path for request, _ in httpserver.log] == ["/hook"]


def test_a_webhook_that_never_ends_its_answer_is_a_failed_delivery(
    httpserver: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = threading.Event()

    def drip(_: Request) -> Response:
        def give() -> Iterator[bytes]:
            while not done.wait(0.05):
                yield b"."

        return Response(give())

    httpserver.expect_request("/hook").respond_with_handler(drip)
    monkeypatch.setattr("noticediff.delivery.dispatch.TIME_LIMIT", 0.5)
    page = write_page(tmp_path, "notice.txt", make_notice(個人征信="營業執照"))
    config = write_page(
        tmp_path,
        "noticediff.toml",
        f'store = "notices.db"\n[[source]]\nname = "a"\nfile = "{page}"\n'
        f'[[notify]]\nname = "hook"\nurl = "json://127.0.0.1:{httpserver.port}/hook"\n',
    )
    try:
        run = run_program("--config", config, "track")
    finally:
        done.set()
    assert run.exit_code == 3
    assert "not sent: not done after 0.5 seconds; it may have arrived; the next run tries again" in run.stderr


def test_what_a_send_raises_in_time_is_raised() -> None:
    def fail() -> None:
        raise DeliveryError("refused")

    with pytest.raises(DeliveryError, match="refused"):
        send_within(60, fail)
