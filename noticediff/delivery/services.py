"""The services that apprise knows: chats, webhooks, mail. The only door to apprise, opened when a message is sent.

A mail is composed here and not by apprise, which gives each one a Message-ID of its own and one text for all: of the
address, apprise says the server, the reader and how they are asked.
"""

from __future__ import annotations

import logging
import re
from typing import Literal

import apprise
from apprise.plugins.email import NotifyEmail
from apprise.plugins.email.base import PGP_MODE_DEFAULT

from noticediff.delivery.mail import Addresses, MailServer, Secure, compose_mail, send_mail
from noticediff.delivery.parcel import CHAT_BYTES, Parcel, make_chat_title, write_text
from snapshots.errors import DeliveryError

SECONDS = 15.0
"""How long a server has to answer."""

_SECURE: dict[str, Secure] = {"insecure": "insecure", "starttls": "starttls", "ssl": "ssl"}
_KEY_HEADER = "Idempotency-Key"


def send_to_service(address: str, parcel: Parcel, *, form: Literal["text", "html"] | None) -> None:
    """Send the message to the service of the address; raises DeliveryError, with the service's words, if it fails.

    Each address has one reader: of several, one could fail and the others be told again.
    """
    service = open_service(address)
    if isinstance(service, NotifyEmail) and type(service) is NotifyEmail:
        _send_mail(service, parcel, form=form or "html")
        return
    heard = _Listener()
    logger = logging.getLogger("apprise")
    logger.addHandler(heard)
    try:
        is_sent = _notify(service, parcel, form=form or "text")
    finally:
        logger.removeHandler(heard)
    if not is_sent:
        raise DeliveryError(heard.last or f"{service.service_name} did not take it")


def open_service(address: str) -> apprise.NotifyBase:
    """The service of the address; raises DeliveryError for none, or for an address of several readers.

    The error never holds the address: a secret is a part of most.
    """
    # A redirect makes a GET of what was posted: whatever page answers it, the message is gone, and was told as sent.
    asset = apprise.AppriseAsset(app_id="noticediff", app_desc="noticediff", secure_logging=True, http_redirects=False)
    service = apprise.Apprise.instantiate(address, asset=asset, suppress_exceptions=True)
    if not isinstance(service, apprise.NotifyBase):
        raise DeliveryError("its url is no address of a service that apprise knows")
    others = len(service.cc) + len(service.bcc) if isinstance(service, NotifyEmail) else 0
    if len(service) + others > 1:
        raise DeliveryError("its url has several readers; give each a [[notify]] of its own")
    if isinstance(service, NotifyEmail) and service.pgp_mode != PGP_MODE_DEFAULT:
        raise DeliveryError("its url asks for PGP, which is not done here")
    return service


def _notify(service: apprise.NotifyBase, parcel: Parcel, *, form: Literal["text", "html"]) -> bool:
    if isinstance(headers := getattr(service, "headers", None), dict):
        headers.setdefault(_KEY_HEADER, parcel.key)
    title = make_chat_title(parcel.message.title)
    if form == "html" and parcel.fragment is not None:
        body, given = parcel.fragment, apprise.NotifyFormat.HTML
    else:
        body = write_text(parcel, limit=min(CHAT_BYTES, service.body_maxlen))
        given = apprise.NotifyFormat.TEXT
    kind = apprise.NotifyType.WARNING if parcel.message.kind == "alarm" else apprise.NotifyType.INFO
    return bool(service.notify(body=body, title=title, notify_type=kind, body_format=given))


def _send_mail(service: NotifyEmail, parcel: Parcel, *, form: Literal["text", "html"]) -> None:
    ((name, reader),) = service.targets
    sender_name, sender = service.from_addr
    addresses = Addresses((str(sender_name or "noticediff"), str(sender)), (str(name or ""), str(reader)))
    server = MailServer(
        host=service.smtp_host,
        port=service.port or 0,  # 0: the usual one
        secure=_SECURE[str(service.secure_mode)],
        user=service.user,
        password=service.password,
        checks_certificate=service.verify_certificate,
    )
    mail = compose_mail(parcel, addresses, with_html=form == "html")
    send_mail(mail, addresses, server, seconds=SECONDS)


class _Listener(logging.Handler):
    """The last warning of apprise, which returns no reason; what it says in debugging may hold a secret."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.last = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.last = re.sub(r"\s+", " ", record.getMessage()).strip().rstrip(".")
