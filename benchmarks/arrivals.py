"""What hooks, mail and webhook get: servers on the loopback that note it, and whether it is what the store has sent.

A place is a folder with a configuration; its name stands in the addresses, so that a copy of it has its own.
"""

from __future__ import annotations

import email
import email.message
import email.policy
import json
import re
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from msgspec import Struct

from noticediff.delivery.dispatch import make_delivery_key
from snapshots.store import open_store

DELIVERED = "delivered"
"""What the hooks have got: one JSON after the other."""
ARRIVED = {"mail": "arrived-mail", "webhook": "arrived-webhook"}
"""What mail and webhook have got, in the same way."""
FILES = (DELIVERED, *ARRIVED.values())
CHANNELS = """
[[notify]]
name = "mail"
url = "mailto://127.0.0.1:{mail}?from=watch@example.org&to=place-of-{name}@example.com"

[[notify]]
name = "webhook"
url = "json://127.0.0.1:{web}/place-of-{name}"
"""
KEY_HEADER = "Idempotency-Key"
_PLACE = re.compile(r"place-of-([\w-]+)")
_CHANGE = re.compile(r"\w+: .* › .*|.*source '.*")
"""A line of a message that tells of a change or a failure, and not how many there are."""
_JOINER = "\u2060"
_LATER = "451 come again later"


class Begun(Struct, frozen=True, kw_only=True):
    """A delivery that the store has begun: on which channel, under which key, how often, and what came of it."""

    channel: str
    key: str
    tries: int
    state: str


def rename_place(folder: Path, name: str) -> None:
    """Let the configuration in the folder, a copy of that place, have addresses of its own."""
    config = folder / "noticediff.toml"
    if config.exists():
        text = config.read_text(encoding="utf-8")
        config.write_text(text.replace(f"place-of-{name}", f"place-of-{folder.name}"), encoding="utf-8")


def note_arrival(folder: Path, address: str, *, channel: str, key: str, text: str) -> None:
    """Keep in the place of the address what has arrived; one that is gone was looked at already."""
    found = _PLACE.search(address)
    place = folder / found[1] if found else folder
    if place.is_dir():
        with (place / ARRIVED[channel]).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"channel": channel, "delivery": key, "text": text}, ensure_ascii=False) + "\n")


@contextmanager
def serve_mail(folder: Path, is_down: Callable[[], bool]) -> Iterator[int]:
    """The port of a mail server that notes what it takes; while it is down it takes nothing."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    controller = Controller(_Mailbox(folder, is_down), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def read_arrivals(folder: Path) -> Iterator[dict[str, Any]]:
    """What hooks, mail and webhook got, one after the other."""
    for name in FILES:
        file = folder / name
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        while text := text.lstrip():
            told, end = json.JSONDecoder().raw_decode(text)
            text = text[end:]
            yield told


def size_arrived(file: Path) -> int:
    """How many bytes have arrived in the file."""
    return file.stat().st_size if file.exists() else 0


def has_arrived(file: Path, before: int) -> bool:
    """Whether something has arrived since there were so many bytes."""
    return size_arrived(file) > before


def list_lines(arrival: dict[str, Any]) -> list[str]:
    """The changes and failures that a mail or a webhook tells of, by its channel."""
    lines = arrival["text"].replace(_JOINER, "").splitlines()
    return [f"{arrival['channel']}: {line}" for line in lines if _CHANGE.fullmatch(line)]


def list_begun(folder: Path) -> tuple[Begun, ...]:
    """The deliveries that the store has begun."""
    with open_store(str(folder / "notices.db"), create=False) as store:
        outbox = store.outbox
        return tuple(
            Begun(
                channel=one.channel,
                key=make_delivery_key(outbox.load_message(one.message).key, one.channel),
                tries=one.tries,
                state=one.state,
            )
            for one in outbox.list_deliveries(is_open=False)
            if one.tries
        )


def list_open(folder: Path) -> set[Begun]:
    """The deliveries of which nobody knows whether they arrived: the run ended while it sent them."""
    return {one for one in list_begun(folder) if one.state == "sending"}


def list_astray(folder: Path, doubtful: set[Begun]) -> Iterator[str]:
    """What has arrived and was not begun; what is sent and has not arrived; what came too often.

    Each may come once more for each time that a run ended while it sent it; those times are the doubtful ones.
    """
    arrived = Counter(told["delivery"] for told in read_arrivals(folder))
    again = Counter(one.key for one in doubtful)
    begun = list_begun(folder)
    for key in arrived.keys() - {one.key for one in begun}:
        yield f"delivered before the store said that it begins: {key}"
    for one in begun:
        if one.state == "sent" and not arrived[one.key]:
            yield f"said to be sent, and never arrived: {one.channel}, {one.key}"
        if arrived[one.key] > 1 + again[one.key]:
            yield f"arrived {arrived[one.key]} times, and {1 + again[one.key]} are right: {one.channel}, {one.key}"


def count_channels(folder: Path) -> dict[str, tuple[int, int]]:
    """By channel, how many deliveries arrived, and how many came again."""
    arrived = Counter(told["delivery"] for told in read_arrivals(folder))
    found: dict[str, tuple[int, int]] = {}
    for one in list_begun(folder):
        once, again = found.get(one.channel, (0, 0))
        found[one.channel] = (once + bool(arrived[one.key]), again + max(0, arrived[one.key] - 1))
    return found


class _Mailbox:
    """Takes mails and notes them."""

    def __init__(self, folder: Path, is_down: Callable[[], bool]) -> None:
        self._folder = folder
        self._is_down = is_down

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del server, session
        if self._is_down():
            return _LATER
        assert isinstance(envelope.content, bytes)  # noqa: S101 - as aiosmtpd gives it where it decodes nothing
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(mail, email.message.EmailMessage)  # noqa: S101 - what that policy makes
        body = mail.get_body(("plain",))
        key = mail["Message-ID"].strip("<>").partition("@")[0]
        text = "" if body is None else str(body.get_content())
        note_arrival(self._folder, envelope.rcpt_tos[0], channel="mail", key=key, text=text)
        return "250 OK"
