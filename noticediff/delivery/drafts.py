"""From what is to be told to the message that tells it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from noticediff.digests import Telling, encode_handout
from noticediff.plain import count_nouns
from snapshots.codec import encode_json
from snapshots.message import Draft
from snapshots.record import Failure
from templates.filters import flatten_lines


class AlarmOutput(Struct, frozen=True, kw_only=True):
    """The alarms of a run as a program reads them."""

    begun: tuple[Failure, ...]
    over: tuple[Failure, ...]


def draft_digest(telling: Telling) -> Draft:
    """The digest as a message, in each form that it is handed out in."""
    brief, parts = encode_handout(telling)
    return Draft(kind="news", title=brief.title, lines=brief.lines, parts=parts)


def draft_alarms(begun: Sequence[Failure], over: Sequence[Failure]) -> Draft:
    """The message that says what is wrong newly, and what is wrong no more."""
    told = [count_nouns(len(begun), "alarm", "alarms")] if begun else []
    title = f"noticediff: {', '.join([*told, *([f'{len(over)} over'] if over else [])])}"
    lines = [f"source '{failure.source}': {failure.message}" for failure in begun]
    lines += [
        f"over; wrong since {failure.since:%Y-%m-%d}: source '{failure.source}': {failure.message}" for failure in over
    ]
    output = encode_json(AlarmOutput(begun=tuple(begun), over=tuple(over)))
    return Draft(kind="alarm", title=title, lines=tuple(map(flatten_lines, lines)), parts={"json": output})
