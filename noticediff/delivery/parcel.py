"""What is handed to a channel: a message with all that the ways of sending may need of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from snapshots.message import Message, PartForm

CHAT_BYTES = 2000
"""The longest text for a chat: WeCom takes 2048 bytes, in which a Chinese letter is three."""

_ACTIVE = re.compile(r"<(?=[A-Za-z/!@#])|@(?=\w)|\](?=\()|:(?=//)")
"""What a chat service may make something of: a tag (<at user_id="all">, <!channel>), a mention, a link."""
_JOINER = "\u2060"
"""U+2060 shows nothing, and what stands behind it is no mention and no link any more."""


class Parcel(Struct, frozen=True, kw_only=True):
    """A message on its way to one channel; `key` is the same each time that it is sent there.

    `where` is where the whole digest lies, `files` its files, `fragment` its HTML, `facts` what it says as JSON.
    """

    key: str
    message: Message
    where: str | None
    files: Mapping[PartForm, Path]
    fragment: str | None
    facts: bytes | None


def write_text(parcel: Parcel, *, limit: int | None = None) -> str:
    """The message as plain text: its lines, as many as have room, how many are left out, and where all of it lies.

    The limit counts bytes of UTF-8, and the title, which some services put before the text.
    """
    tail = [f"Full digest: {parcel.where}"] if parcel.where else []
    lines = list(parcel.message.lines)
    if limit is None:
        return "\n".join([*lines, *tail])
    room = limit - len(parcel.message.title.encode()) - 2
    safe = [_JOINER.join(_split_active(line)) for line in lines]
    for kept in range(len(safe), 0, -1):
        text = "\n".join([*safe[:kept], *_tell_rest(len(safe) - kept), *tail])
        if len(text.encode()) <= room:
            return text
    rest = "\n".join([*_tell_rest(len(safe) - 1), *tail])
    first = _cut(safe[0] if safe else "", room - len(rest.encode()) - 1)
    return "\n".join(part for part in (first, rest) if part)


def make_chat_title(title: str) -> str:
    """The title with nothing in it that a chat service would make something of."""
    return _JOINER.join(_split_active(title))


def _split_active(text: str) -> Sequence[str]:
    """The text, cut behind each letter that would begin something."""
    ends = [found.end() for found in _ACTIVE.finditer(text)]
    return [text[start:end] for start, end in zip([0, *ends], [*ends, len(text)], strict=True)]


def _tell_rest(count: int) -> list[str]:
    return [f"… and {count} more"] if count else []


def _cut(text: str, size: int) -> str:
    return text if len(text.encode()) <= size else text.encode()[: max(0, size - 3)].decode(errors="ignore") + "…"
