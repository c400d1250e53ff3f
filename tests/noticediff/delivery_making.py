"""A folder with a configuration that tells its news, and servers that note what they are told."""

from __future__ import annotations

import email
import email.message
import email.policy
import json
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from program_running import make_notice, write_page

from snapshots.message import Delivery
from snapshots.store import open_store

FIRST = make_notice("2025年1-3月", 個人征信="營業執照", 企業征信="!金融許可證")
SECOND = make_notice("2025年4-6月", 個人征信="!個人征信業務經營許可證")

HOOK = """
import json, os, sys
from pathlib import Path

told = json.load(sys.stdin)
told["environment"] = {name: value for name, value in os.environ.items() if name.startswith("NOTICEDIFF_TOLD_")}
folder = Path(__file__).parent
with (folder / "told.jsonl").open("a", encoding="utf-8") as file:
    file.write(json.dumps(told) + "\\n")
if (folder / "fails").exists():
    print("first words")
    sys.exit("the queue is full")
"""


def configure(folder: Path, *lines: str, source: str = 'file = "notice.txt"') -> Path:
    """A configuration of one source, with the given lines before it."""
    if not (folder / "notice.txt").exists():
        write_page(folder, "notice.txt", FIRST)
    text = "\n".join(['store = "notices.db"', *lines, "", "[[source]]", 'name = "saved"', source])
    return write_page(folder, "noticediff.toml", text + "\n")


def make_hook(folder: Path, name: str = "on_news") -> str:
    """The line of the configuration for a command that notes what it is told in told.jsonl."""
    return f"{name} = {json.dumps([sys.executable, str(write_page(folder, 'hook.py', HOOK))])}"


def read_told(folder: Path) -> list[dict[str, Any]]:
    """What the command has been told."""
    path = folder / "told.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def notify(name: str, url: str, *more: str) -> str:
    """A [[notify]] table."""
    return "\n".join(["[[notify]]", f'name = "{name}"', f'url = "{url}"', *more])


def list_states(folder: Path) -> dict[str, str]:
    """The state of the delivery on each channel; of several messages, of the last."""
    return {delivery.channel: delivery.state for delivery in list_deliveries(folder)}


def list_deliveries(folder: Path) -> tuple[Delivery, ...]:
    """All deliveries of the store."""
    with open_store(str(folder / "notices.db"), create=False) as store:
        return store.outbox.list_deliveries(is_open=False)


def find_port() -> int:
    """A port of the loopback where nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Mailbox:
    """Mails that a server has taken; with `refuses` it takes none."""

    def __init__(self) -> None:
        self.refuses: str | None = None
        self.mails: list[email.message.EmailMessage] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del server, session
        if self.refuses is not None:
            return self.refuses
        assert isinstance(envelope.content, bytes)
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(mail, email.message.EmailMessage)
        self.mails.append(mail)
        return "250 OK"


@contextmanager
def serve_mail(port: int) -> Iterator[Mailbox]:
    """A mail server on the loopback."""
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def mail_url(port: int) -> str:
    """The address of that server, as apprise writes it."""
    return f"mailto://127.0.0.1:{port}?from=watch@example.org&to=ops@example.com"


def read_body(mail: email.message.EmailMessage, kind: str) -> str:
    """The part of the mail that is plain or html."""
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())
