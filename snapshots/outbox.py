"""The outbox: what a run decided to tell, kept before anything of it leaves, and what became of it on each way.

A run that dies tells it once all the same: the next one finds what is not written and not sent yet, and makes nothing
anew.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import uuid
import zlib
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, update

from snapshots.codec import decode_json, encode_json
from snapshots.database import Database
from snapshots.errors import StoreDamagedError
from snapshots.message import Delivery, Draft, Message, PartForm
from snapshots.record import Failure
from snapshots.schema import ALARMS, DELIVERIES, FAILURES, MESSAGE_PARTS, MESSAGES

AlarmWriter = Callable[[Sequence[Failure], Sequence[Failure]], Draft]
"""From what is wrong newly, and what is wrong no more, to the message that says so."""

_OPEN_STATES = ("waiting", "sending")


class Outbox:
    """The outbox of one store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep_digest(self, draft: Draft, channels: Sequence[str], *, at: dt.datetime) -> Message:
        """The digest as it is kept, to go on each of the channels."""
        with self._database.transact(writes=True) as connection:
            return _insert_message(connection, draft, channels, at)

    def keep_alarms(self, write: AlarmWriter, channels: Sequence[str], *, at: dt.datetime) -> Message | None:
        """The message that tells which failures are new and which are over, None where there is nothing to tell.

        Each is told once. A failure whose cause has changed is told as it is now, and its former cause is not told as
        over: the same address fails all the same.
        """
        with self._database.transact(writes=True) as connection:
            begun, ended = _find_untold(connection)
            closed = [row for row in ended if not _still_fails(connection, row)]
            for row in ended:
                connection.execute(update(ALARMS).where(ALARMS.c.failure == row.id).values(is_closed=True))
            if not begun and not closed:
                return None
            draft = write([_read_failure(row) for row in begun], [_read_failure(row) for row in closed])
            message = _insert_message(connection, draft, channels, at)
            for row in begun:
                connection.execute(insert(ALARMS).values(failure=row.id, begun=message.id, is_closed=False))
            return message

    def list_unfiled(self) -> tuple[Message, ...]:
        """The digests whose files are not all written, oldest first."""
        return self._list(select(MESSAGES).where(MESSAGES.c.kind == "news", MESSAGES.c.filed.is_(None)))

    def list_digests(self, *, newest: int | None = None) -> tuple[Message, ...]:
        """The digests told last, newest first; all of them, where `newest` says no number."""
        query = select(MESSAGES).where(MESSAGES.c.kind == "news").order_by(MESSAGES.c.id.desc()).limit(newest)
        with self._database.transact() as connection:
            return tuple(_read_message(row) for row in connection.execute(query))

    def load_first_key(self) -> str | None:
        """The key of the first message that was ever kept; it stands for the whole outbox."""
        query = select(MESSAGES.c.key).order_by(MESSAGES.c.id).limit(1)
        with self._database.transact() as connection:
            key: str | None = connection.scalar(query)
        return key

    def load_message(self, number: int) -> Message:
        """The message of that number."""
        (message,) = self._list(select(MESSAGES).where(MESSAGES.c.id == number))
        return message

    def load_part(self, message: Message, form: PartForm) -> bytes | None:
        """The message in that form, byte for byte as it was first told; None where it has none."""
        place = (MESSAGE_PARTS.c.message == message.id, MESSAGE_PARTS.c.form == form)
        with self._database.transact() as connection:
            content = connection.scalar(select(MESSAGE_PARTS.c.content).where(*place))
        try:
            return None if content is None else gzip.decompress(content)
        except (OSError, EOFError, zlib.error) as error:
            told = f"what was told on {message.at:%Y-%m-%d} cannot be unpacked"
            raise StoreDamagedError(
                f"{self._database.name}: the store is damaged: {told}; restore it from a copy"
            ) from error

    def list_stems(self) -> frozenset[str]:
        """The names that digests have."""
        with self._database.transact() as connection:
            return frozenset(connection.scalars(select(MESSAGES.c.stem).where(MESSAGES.c.stem.is_not(None))))

    def save_stem(self, message: Message, stem: str) -> None:
        """Keep the name of the digest's files, before the first is written."""
        with self._database.transact(writes=True) as connection:
            connection.execute(update(MESSAGES).where(MESSAGES.c.id == message.id).values(stem=stem))

    def save_filed(self, messages: Sequence[Message], *, at: dt.datetime) -> None:
        """Keep that all files of the digests are written."""
        numbers = [message.id for message in messages]
        with self._database.transact(writes=True) as connection:
            connection.execute(update(MESSAGES).where(MESSAGES.c.id.in_(numbers)).values(filed=at))

    def list_deliveries(self, *, is_open: bool = True) -> tuple[Delivery, ...]:
        """The deliveries that are not done, oldest message first; all, where `is_open` is False."""
        query = select(DELIVERIES).order_by(DELIVERIES.c.message, DELIVERIES.c.channel)
        if is_open:
            query = query.where(DELIVERIES.c.state.in_(_OPEN_STATES))
        with self._database.transact() as connection:
            return tuple(
                Delivery(
                    message=row.message,
                    channel=row.channel,
                    state=row.state,
                    tries=row.tries,
                    at=row.at,
                    error=row.error,
                )
                for row in connection.execute(query)
            )

    def save_delivery(self, delivery: Delivery) -> None:
        """Keep what became of it, at once."""
        place = (DELIVERIES.c.message == delivery.message, DELIVERIES.c.channel == delivery.channel)
        values = {name: getattr(delivery, name) for name in ("state", "tries", "at", "error")}
        with self._database.transact(writes=True) as connection:
            connection.execute(update(DELIVERIES).where(*place).values(**values))

    def _list(self, query: Select[*tuple[Any, ...]]) -> tuple[Message, ...]:
        with self._database.transact() as connection:
            return tuple(_read_message(row) for row in connection.execute(query.order_by(MESSAGES.c.id)))


def _insert_message(connection: Connection, draft: Draft, channels: Sequence[str], at: dt.datetime) -> Message:
    earlier = connection.scalar(select(func.count()).select_from(MESSAGES)) or 0
    key = _make_key(draft, at, earlier)
    lines = encode_json(draft.lines, indent=False).decode()
    row = insert(MESSAGES).values(key=key, kind=draft.kind, at=at, title=draft.title, lines=lines)
    number: int = connection.scalars(row.returning(MESSAGES.c.id)).one()
    for form, content in draft.parts.items():
        packed = gzip.compress(content, mtime=0)
        connection.execute(insert(MESSAGE_PARTS).values(message=number, form=form, content=packed))
    for channel in channels:
        values = {"message": number, "channel": channel, "state": "waiting", "tries": 0, "at": at}
        connection.execute(insert(DELIVERIES).values(**values))
    return Message(
        id=number, key=key, kind=draft.kind, at=at, title=draft.title, lines=draft.lines, stem=None, is_filed=False
    )


def _make_key(draft: Draft, at: dt.datetime, earlier: int) -> str:
    """A name that no other message has, on this store or another.

    It is made from what the message says, the moment of the decision, and how many came before it.
    """
    said = hashlib.sha256()
    for text in (at.isoformat(), str(earlier), draft.kind, draft.title, *draft.lines):
        said.update(text.encode("utf-8", "backslashreplace") + b"\0")
    for form, content in sorted(draft.parts.items()):
        said.update(form.encode() + b"\0" + content + b"\0")
    return uuid.uuid5(uuid.NAMESPACE_OID, f"noticediff {said.hexdigest()}").urn


def _read_message(row: Row[*tuple[Any, ...]]) -> Message:
    return Message(
        id=row.id,
        key=row.key,
        kind=row.kind,
        at=row.at,
        title=row.title,
        lines=decode_json(row.lines, tuple[str, ...]),
        stem=row.stem,
        is_filed=row.filed is not None,
    )


_FailureRow = Row[*tuple[Any, ...]]


def _find_untold(connection: Connection) -> tuple[list[_FailureRow], list[_FailureRow]]:
    """The failures that no message told of and that are not over; those that one did, whose end is not dealt with."""
    told = select(FAILURES, ALARMS.c.is_closed).outerjoin(ALARMS, ALARMS.c.failure == FAILURES.c.id)
    told = told.order_by(FAILURES.c.id)
    begun = connection.execute(told.where(ALARMS.c.failure.is_(None), FAILURES.c.over.is_(None))).all()
    ended = connection.execute(told.where(ALARMS.c.is_closed.is_(False), FAILURES.c.over.is_not(None))).all()
    return list(begun), list(ended)


def _still_fails(connection: Connection, row: _FailureRow) -> bool:
    """Whether the same address fails in another way now; what has no address is one thing by its cause."""
    same = [FAILURES.c.source == row.source, FAILURES.c.address == row.address, FAILURES.c.over.is_(None)]
    if not row.address:
        same.append(FAILURES.c.cause == row.cause)
    return connection.scalar(select(FAILURES.c.id).where(*same).limit(1)) is not None


def _read_failure(row: _FailureRow) -> Failure:
    return Failure(
        source=row.source,
        address=row.address,
        cause=row.cause,
        message=row.message,
        exit_code=row.exit_code,
        since=row.since,
    )
