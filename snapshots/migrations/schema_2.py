"""From schema 1 (release 0.1.0) to schema 2: entries move out of their documents, each kept once.

New are how each page was read, when all was derived again, and the outbox: what was told, and what became of it.
"""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
from alembic.operations import Operations
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    TableClause,
    Text,
    column,
    insert,
    select,
    table,
    update,
)

from snapshots.row_prints import print_values

_DOCUMENTS = table(
    "documents",
    column("page_sha256", String),
    column("number", Integer),
    column("profile", Text),
    column("in_force_date", Date),
    column("in_force_basis", String),
    column("body", Text),
    column("places", Text),
)
_FAILURES = table(
    "failures",
    column("address", Text),
    column("cause", Text),
    column("exit_code", Integer),
    column("over", DateTime),
)
_NOT_FETCHED = 3
_PRINTED = (
    table(
        "captures",
        column("id", Integer),
        column("page_sha256", String),
        column("name", Text),
        column("url", Text),
        column("source", Text),
        column("captured", DateTime),
        column("captured_on", Date),
        column("stored", DateTime),
        column("sequence", Integer),
        column("row_print", String),
    ),
    table(
        "quarantine",
        column("id", Integer),
        column("source", Text),
        column("name", Text),
        column("url", Text),
        column("media_type", Text),
        column("declared_encoding", Text),
        column("page_sha256", String),
        column("captured", DateTime),
        column("since", DateTime),
        column("reasons", Text),
        column("decision", String),
        column("row_print", String),
    ),
    table(
        "reviews",
        column("id", Integer),
        column("finding", String),
        column("decision", String),
        column("reason", Text),
        column("who", Text),
        column("at", DateTime),
        column("row_print", String),
    ),
    table(
        "told",
        column("id", Integer),
        column("at", DateTime),
        column("sequence", Integer),
        column("row_print", String),
    ),
)
"""The tables whose rows get prints, in the order of their columns, but for the bytes of pages."""


def upgrade(operations: Operations) -> None:
    """Bring the tables of schema 1, with all that they hold, to schema 2."""
    entries = operations.create_table(
        "entries",
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("sha256", String(64), nullable=False, unique=True),
        Column("body", Text, nullable=False),
    )
    operations.add_column("documents", Column("places", Text))
    _move_entries(operations.get_bind(), entries)
    with operations.batch_alter_table("documents") as batch:
        batch.alter_column("places", existing_type=Text(), nullable=False)
    _keep_given_dates(operations.get_bind(), _add_derivations(operations))
    _add_outbox(operations)
    _forget_causes(operations.get_bind())
    for printed in _PRINTED:
        _add_prints(operations, printed)


def _forget_causes(connection: Connection) -> None:
    """Leave the cause of open failures empty where 0.1.0 kept the sentence for it, which other words say now.

    What could not be fetched (exit code 3), and the silence of a source, which has no address, had a code.
    """
    is_sentence = (_FAILURES.c.over.is_(None), _FAILURES.c.exit_code != _NOT_FETCHED, _FAILURES.c.address != "")
    connection.execute(update(_FAILURES).where(*is_sentence).values(cause=""))


def _add_prints(operations: Operations, printed: TableClause) -> None:
    """Give each row a print of what stands in it now."""
    operations.add_column(printed.name, Column("row_print", String(16)))
    connection = operations.get_bind()
    values = [column for column in printed.c if column.name not in {"id", "row_print"}]
    for number, *found in connection.execute(select(printed.c.id, *values)).all():
        row = update(printed).where(printed.c.id == number).values(row_print=print_values(found))
        connection.execute(row)
    with operations.batch_alter_table(printed.name) as batch:
        batch.alter_column("row_print", existing_type=String(16), nullable=False)


def _add_derivations(operations: Operations) -> Table:
    derivations = operations.create_table(
        "derivations",
        Column("page_sha256", String(64), ForeignKey("pages.sha256"), primary_key=True),
        Column("profile", Text, nullable=False),
        Column("profile_print", String(12), nullable=False),
        Column("is_named", Boolean),
        Column("libraries", Text, nullable=False),
        Column("effective", Date),
        Column("refused_by", Text),
        Column("refusal", Text),
    )
    operations.create_table(
        "reparses",
        Column("id", Integer, primary_key=True),
        Column("at", DateTime, nullable=False),
        Column("from_versions", Text, nullable=False),
        Column("to_version", Text, nullable=False),
        Column("pages", Integer, nullable=False),
        Column("documents_changed", Integer, nullable=False),
        Column("entries_changed", Integer, nullable=False),
        Column("refused", Integer, nullable=False),
    )
    return derivations


def _keep_given_dates(connection: Connection, derivations: Table) -> None:
    """Keep what users gave as the day since when a page is in force: a stated one that is not what the page says."""
    pages = (_DOCUMENTS.c.page_sha256, _DOCUMENTS.c.profile, _DOCUMENTS.c.in_force_date, _DOCUMENTS.c.body)
    dated = (_DOCUMENTS.c.number == 1, _DOCUMENTS.c.in_force_basis == "effective")
    for page, profile, date, body in connection.execute(select(*pages).where(*dated)).all():
        if msgspec.json.decode(body)["in_force"] != {"date": date.isoformat(), "basis": "effective"}:
            given = {"page_sha256": page, "profile": profile, "profile_print": "", "libraries": "", "effective": date}
            connection.execute(insert(derivations).values(given))


def _add_outbox(operations: Operations) -> None:
    operations.create_table(
        "messages",
        Column("id", Integer, primary_key=True),
        Column("key", String(45), nullable=False, unique=True),
        Column("kind", String(10), nullable=False),
        Column("at", DateTime, nullable=False),
        Column("title", Text, nullable=False),
        Column("lines", Text, nullable=False),
        Column("stem", Text),
        Column("filed", DateTime),
    )
    operations.create_table(
        "message_parts",
        Column("message", Integer, ForeignKey("messages.id"), primary_key=True),
        Column("form", String(10), primary_key=True),
        Column("content", LargeBinary, nullable=False),
    )
    operations.create_table(
        "deliveries",
        Column("message", Integer, ForeignKey("messages.id"), primary_key=True),
        Column("channel", Text, primary_key=True),
        Column("state", String(10), nullable=False),
        Column("tries", Integer, nullable=False),
        Column("at", DateTime, nullable=False),
        Column("error", Text),
    )
    operations.create_table(
        "alarms",
        Column("failure", Integer, ForeignKey("failures.id"), primary_key=True),
        Column("begun", Integer, ForeignKey("messages.id"), nullable=False),
        Column("is_closed", Boolean, nullable=False),
    )


def _move_entries(connection: Connection, entries: Table) -> None:
    key = (_DOCUMENTS.c.page_sha256, _DOCUMENTS.c.number)
    numbers: dict[bytes, int] = {}
    for page, number in connection.execute(select(*key).order_by(*key)).all():
        here = (_DOCUMENTS.c.page_sha256 == page, _DOCUMENTS.c.number == number)
        body: dict[str, Any] = msgspec.json.decode(connection.scalars(select(_DOCUMENTS.c.body).where(*here)).one())
        places, added = [], []
        for entry in body["entries"]:
            lines = entry["lines"]
            encoded = msgspec.json.encode({**entry, "lines": [0, 0]})
            digest = hashlib.sha256(encoded).digest()
            if digest not in numbers:
                numbers[digest] = len(numbers) + 1
                added.append({"id": numbers[digest], "sha256": digest.hex(), "body": encoded.decode()})
            places.append([numbers[digest], *lines])
        if added:
            connection.execute(insert(entries), added)
        moved = {"body": {**body, "entries": []}, "places": places}
        values = {name: msgspec.json.encode(value).decode() for name, value in moved.items()}
        connection.execute(update(_DOCUMENTS).where(*here).values(values))
