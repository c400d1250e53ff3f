"""Mails: composed whole, with their styles on the elements, and sent to one reader. The only door to css-inline."""

from __future__ import annotations

import datetime as dt
import email.message
import email.policy
import email.utils
import smtplib
import ssl
from typing import Literal

import css_inline
from msgspec import Struct

from noticediff.delivery.parcel import Parcel, write_text
from snapshots.errors import DeliveryError
from templates.render import render_mail

Secure = Literal["insecure", "starttls", "ssl"]


class MailServer(Struct, frozen=True, kw_only=True):
    """The server that takes a mail, and how it is asked."""

    host: str
    port: int
    secure: Secure
    user: str | None
    password: str | None
    checks_certificate: bool


class Addresses(Struct, frozen=True):
    """From whom and to whom, each as name and address."""

    sender: tuple[str, str]
    reader: tuple[str, str]


def inline_styles(page: str) -> str:
    """The page with its styles on the elements: most mail clients drop what stands in a head."""
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False).inline(page)


def compose_mail(parcel: Parcel, addresses: Addresses, *, with_html: bool) -> email.message.EmailMessage:
    """The mail. Its Message-ID is the same each time that it is sent: a mailbox that has it need not show it twice."""
    message = parcel.message
    mail = email.message.EmailMessage(policy=email.policy.SMTP)
    mail["Subject"] = message.title
    mail["From"] = email.utils.formataddr(addresses.sender)
    mail["To"] = email.utils.formataddr(addresses.reader)
    mail["Date"] = email.utils.format_datetime(message.at.astimezone(dt.UTC))
    mail["Message-ID"] = f"<{parcel.key}@{addresses.sender[1].rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Noticediff"] = message.key
    mail.set_content(write_text(parcel), cte="base64")
    if with_html:
        page = render_mail(message.title, fragment=parcel.fragment, lines=message.lines, where=parcel.where)
        mail.add_alternative(inline_styles(page), subtype="html", cte="base64")
    return mail


def send_mail(mail: email.message.EmailMessage, addresses: Addresses, server: MailServer, *, seconds: float) -> None:
    """Hand the mail to the server; raises DeliveryError with the server's own words where it does not take it."""
    try:
        with _connect(server, seconds) as connection:
            connection.send_message(mail, from_addr=addresses.sender[1], to_addrs=[addresses.reader[1]])
    except smtplib.SMTPRecipientsRefused as error:
        code, words = error.recipients[addresses.reader[1]]
        raise DeliveryError(f"{server.host}: the reader is refused: {code} {_decode(words)}") from error
    except smtplib.SMTPResponseException as error:
        raise DeliveryError(f"{server.host}: {error.smtp_code} {_decode(error.smtp_error)}") from error
    except (OSError, smtplib.SMTPException) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise DeliveryError(f"{server.host}:{server.port}: {reason or type(error).__name__}") from error


def _connect(server: MailServer, seconds: float) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if not server.checks_certificate:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if server.secure == "ssl":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=seconds, context=context)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=seconds)
    try:
        if server.secure == "starttls":
            connection.starttls(context=context)
        if server.user and server.password:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


def _decode(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words
