"""Pages that came and were not believed: their bytes and the reasons, until a person decides."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select, update

from snapshots.codec import decode_json, encode_json
from snapshots.database import Database
from snapshots.errors import UsageError
from snapshots.notice import Page
from snapshots.packing import pack_page, unpack_page
from snapshots.record import Belief, HeldPage, Reason
from snapshots.row_prints import add_print, print_row, require_print
from snapshots.schema import QUARANTINE


class Quarantine:
    """The quarantine of one store. A page in it is known to nobody: no state, no digest."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def hold(self, source: str, page: Page, reasons: tuple[Reason, ...], *, now: dt.datetime) -> int:
        """The number under which the page is held.

        A source that is wrong in the same way night after night holds one place, with the page that it shows now: a
        view counter must not fill the store, and what is accepted should be today's page. The same page refused by the
        same codes is wrong in the same way, too, where a later release says so in other words.
        """
        values = {
            "url": page.url,
            "media_type": page.media_type,
            "declared_encoding": page.declared_encoding,
            "page_sha256": page.sha256,
            "content": pack_page(page.content),
            "captured": page.captured or now,
            "reasons": encode_json(reasons).decode(),
        }
        place = (QUARANTINE.c.source == source, QUARANTINE.c.name == page.name)
        with self._database.transact(writes=True) as connection:
            for row in connection.execute(select(QUARANTINE).where(*place).order_by(QUARANTINE.c.id.desc())).all():
                if row.decision == "dropped" and row.page_sha256 == page.sha256:
                    return int(row.id)
                if row.decision is None and _is_same_wrong(row, page, reasons):
                    _update_row(connection, row, values)
                    return int(row.id)
            new = {"source": source, "name": page.name, "since": now, **values}
            added = connection.execute(insert(QUARANTINE).values(add_print(QUARANTINE, new)))
            (number,) = added.inserted_primary_key or (0,)
        return int(number)

    def list_held(self) -> tuple[HeldPage, ...]:
        """The pages that wait for a decision, oldest first."""
        return self._load(QUARANTINE.c.decision.is_(None))

    def load_held(self, number: int) -> HeldPage:
        """The page of that number, decided on or not; raises UsageError where there is none."""
        found = self._load(QUARANTINE.c.id == number)
        if not found:
            raise UsageError(f"no page {number} is in quarantine; `noticediff quarantine list` names them")
        return found[0]

    def release(self, source: str, address: str) -> None:
        """Let pages wait no more whose address shows a page that is believed; the bytes stay."""
        place = (QUARANTINE.c.source == source, QUARANTINE.c.name == address, QUARANTINE.c.decision.is_(None))
        with self._database.transact(writes=True) as connection:
            for row in connection.execute(select(QUARANTINE).where(*place)).all():
                _update_row(connection, row, {"decision": "over"})

    def decide(self, number: int, decision: Belief) -> None:
        """Keep what became of the page; the bytes stay."""
        with self._database.transact(writes=True) as connection:
            row = connection.execute(select(QUARANTINE).where(QUARANTINE.c.id == number)).one()
            _update_row(connection, row, {"decision": decision})

    def _load(self, condition: ColumnElement[bool]) -> tuple[HeldPage, ...]:
        with self._database.transact() as connection:
            rows = connection.execute(select(QUARANTINE).where(condition).order_by(QUARANTINE.c.id))
            return tuple(map(_read_held, rows))


def _update_row(connection: Connection, row: Row[Any], values: dict[str, Any]) -> None:
    require_print(QUARANTINE, row)
    print_ = print_row(QUARANTINE, {**row._asdict(), **values})
    connection.execute(update(QUARANTINE).where(QUARANTINE.c.id == row.id).values(**values, row_print=print_))


def _read_held(row: Row[Any]) -> HeldPage:
    require_print(QUARANTINE, row)
    page = Page(
        name=row.name,
        content=unpack_page(row.content, row.page_sha256),
        sha256=row.page_sha256,
        url=row.url,
        media_type=row.media_type,
        declared_encoding=row.declared_encoding,
        captured=row.captured,
    )
    return HeldPage(
        id=row.id, source=row.source, page=page, since=row.since, reasons=_read_reasons(row), decision=row.decision
    )


def _read_reasons(row: Row[Any]) -> tuple[Reason, ...]:
    return decode_json(row.reasons, tuple[Reason, ...])


def _is_same_wrong(row: Row[Any], page: Page, reasons: tuple[Reason, ...]) -> bool:
    held = _read_reasons(row)
    if row.page_sha256 == page.sha256 and [reason.code for reason in held] == [reason.code for reason in reasons]:
        return True
    return _bare_reasons(held) == _bare_reasons(reasons)


def _bare_reasons(reasons: tuple[Reason, ...]) -> list[tuple[str, str]]:
    """The reasons without their numbers: what is wrong, however far it went."""
    return [(reason.code, re.sub(r"\d+", "#", reason.message)) for reason in reasons]
