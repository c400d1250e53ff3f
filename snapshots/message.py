"""What is told, as the store keeps it: messages, and the ways that they go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

MessageKind = Literal["news", "alarm"]
PartForm = Literal["html", "md", "json", "fragment"]
"""What a message is kept as: the three files of a digest, and its HTML without a page around it for feed and mail."""
DeliveryState = Literal["waiting", "sending", "sent", "dropped"]


class Draft(Struct, frozen=True, kw_only=True):
    """A message that is decided on and not kept yet. `lines` say in short what it is about, the gravest first."""

    kind: MessageKind
    title: str
    lines: tuple[str, ...]
    parts: Mapping[PartForm, bytes]


class Message(Struct, frozen=True, kw_only=True):
    """A message that is kept. Its key is the same for ever, and no other message has it.

    `stem` is the name of a digest's files without their endings, once it is chosen; `is_filed`, that all are written.
    """

    id: int
    key: str
    kind: MessageKind
    at: dt.datetime
    title: str
    lines: tuple[str, ...]
    stem: str | None
    is_filed: bool


class Delivery(Struct, frozen=True, kw_only=True):
    """One way of one message: how often it was tried, and what was wrong the last time.

    `sending` is what a run leaves behind that ended while it sent: whether it arrived is not known.
    """

    message: int
    channel: str
    state: DeliveryState
    tries: int
    at: dt.datetime
    error: str | None
