"""The tables of the store, in types that SQLite and PostgreSQL share.

Pages are for ever; documents are derived from them and can be derived again. The sequence and the times belong to
the captures, so that deriving again moves no clock.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.types import TypeDecorator

SCHEMA_VERSION = 2
"""What this program writes. Until its release, a change of tables goes into the last step of snapshots/migrations."""


class UtcDateTime(TypeDecorator[dt.datetime]):
    """An instant, kept as UTC without a zone (the one form that all databases agree on), aware outside."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Any) -> dt.datetime | None:
        """The instant as the database keeps it."""
        del dialect
        return None if value is None else value.astimezone(dt.UTC).replace(tzinfo=None)

    def process_result_value(self, value: dt.datetime | None, dialect: Any) -> dt.datetime | None:
        """The instant, aware."""
        del dialect
        return None if value is None else value.replace(tzinfo=dt.UTC)


class PlainText(TypeDecorator[str]):
    """Text in characters that every database keeps; a file's name may hold bytes that are none, or a NUL."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        """The text, with what cannot be kept written out."""
        del dialect
        return None if value is None else value.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")


class Number(TypeDecorator[int]):
    """A whole number; SQLite keeps whatever is put into a column of numbers, and compares it."""

    impl = Integer
    cache_ok = True

    def process_result_value(self, value: int | None, dialect: Any) -> int | None:
        """The number; raises ValueError for what is none."""
        del dialect
        if value is None or type(value) is int:
            return value
        raise ValueError(f"{value!r} stands where a number should")


METADATA = MetaData()

META = Table(
    "noticediff_meta",
    METADATA,
    Column("name", String(40), primary_key=True),
    Column("value", String(40), nullable=False),
)
"""The mark that the database is ours: `application` is noticediff, `schema_version` a number."""

PAGES = Table(
    "pages",
    METADATA,
    Column("sha256", String(64), primary_key=True),
    Column("media_type", PlainText),
    Column("declared_encoding", PlainText),
    Column("size", Number, nullable=False),
    Column("content", LargeBinary, nullable=False),
)
"""Each page once, compressed."""

CAPTURES = Table(
    "captures",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("page_sha256", ForeignKey(PAGES.c.sha256), nullable=False),
    Column("name", PlainText, nullable=False),
    Column("url", PlainText),
    Column("source", PlainText),
    Column("captured", UtcDateTime, nullable=False),
    Column("captured_on", Date, nullable=False),
    Column("stored", UtcDateTime, nullable=False),
    Column("sequence", Number, unique=True),
    Column("row_print", String(16), nullable=False),
    Index("captures_by_source", "source"),
)
"""Every time that a page came. `sequence` counts those at which its address showed something else than before: a page
that comes back after another one stood there is news, and is stored once all the same. `captured_on` is the day by the
calendar of the capture's own zone. `row_print` here and below: row_prints.py."""

ENTRIES = Table(
    "entries",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("body", Text, nullable=False),
)
"""What documents say of one category, as JSON without its place on a page: each once, by the hash of that JSON."""

DOCUMENTS = Table(
    "documents",
    METADATA,
    Column("page_sha256", ForeignKey(PAGES.c.sha256), primary_key=True),
    Column("number", Number, primary_key=True),
    Column("profile", PlainText, nullable=False),
    Column("parser_version", PlainText, nullable=False),
    Column("in_force_date", Date, nullable=False),
    Column("in_force_basis", String(20), nullable=False),
    Column("body", Text, nullable=False),
    Column("places", Text, nullable=False),
    Column("problems", Text, nullable=False),
)
"""What was read from each page, as JSON. `body` has no entries: `places` lists them in page order, the number of each
in the table of entries with its first and last line on this page."""

RUNS = Table(
    "runs",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("source", PlainText, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("page_sha256", String(64)),
    Column("outcome", String(20), nullable=False),
    Index("runs_by_source", "source"),
)
"""What each run saw of each source; a page that was refused is named here and stored nowhere."""

REVIEWS = Table(
    "reviews",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("finding", String(12), nullable=False),
    Column("decision", String(10), nullable=False),
    Column("reason", PlainText, nullable=False),
    Column("who", PlainText, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("row_print", String(16), nullable=False),
)
"""What people decided on findings; rows are only ever added, the last one on a finding counts."""

TOLD = Table(
    "told",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("sequence", Number, nullable=False),
    Column("row_print", String(16), nullable=False),
)
"""The digests that were written."""

VALIDATORS = Table(
    "validators",
    METADATA,
    Column("name", PlainText, primary_key=True),
    Column("url", PlainText, nullable=False),
    Column("etag", PlainText),
    Column("last_modified", PlainText),
    Column("page_sha256", ForeignKey(PAGES.c.sha256), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""What the server gave with the page that an address showed last, to ask whether it still is the same."""

QUARANTINE = Table(
    "quarantine",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("source", PlainText, nullable=False),
    Column("name", PlainText, nullable=False),
    Column("url", PlainText),
    Column("media_type", PlainText),
    Column("declared_encoding", PlainText),
    Column("page_sha256", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("captured", UtcDateTime, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("decision", String(20)),
    Column("row_print", String(16), nullable=False),
)
"""Pages that came and were not believed, with the reasons; of pages that are wrong in one way the last one."""

FAILURES = Table(
    "failures",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("source", PlainText, nullable=False),
    Column("address", PlainText, nullable=False),
    Column("cause", PlainText, nullable=False),
    Column("message", PlainText, nullable=False),
    Column("exit_code", Number, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("over", UtcDateTime),
    Index("failures_by_source", "source"),
)
"""What went wrong, from the run that first said so to the one that found it over. `cause` is a code, empty where 0.1.0
kept none."""

DERIVATIONS = Table(
    "derivations",
    METADATA,
    Column("page_sha256", ForeignKey(PAGES.c.sha256), primary_key=True),
    Column("profile", PlainText, nullable=False),
    Column("profile_print", String(12), nullable=False),
    Column("is_named", Boolean),
    Column("libraries", PlainText, nullable=False),
    Column("effective", Date),
    Column("refused_by", PlainText),
    Column("refusal", PlainText),
)
"""How each page was read, beside what its documents say of it: its profile, the print of that one's content, whether it
was named or chosen by the page's marks, the libraries that took part, and the user's word for since when it is in
force. `refused_by` is the parser version and the print that could not read it any more, with the reason; its documents
are then those of before."""

REPARSES = Table(
    "reparses",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("from_versions", PlainText, nullable=False),
    Column("to_version", PlainText, nullable=False),
    Column("pages", Number, nullable=False),
    Column("documents_changed", Number, nullable=False),
    Column("entries_changed", Number, nullable=False),
    Column("refused", Number, nullable=False),
)
"""When all pages were derived again, and what that changed: a change of ours, never of a platform's."""

MESSAGES = Table(
    "messages",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("key", String(45), nullable=False, unique=True),
    Column("kind", String(10), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("title", PlainText, nullable=False),
    Column("lines", Text, nullable=False),
    Column("stem", PlainText),
    Column("filed", UtcDateTime),
)
"""What was told: a digest, or the alarms of a run. `stem` is the name of a digest's files without their endings, and
`filed` when the last of them was written."""

MESSAGE_PARTS = Table(
    "message_parts",
    METADATA,
    Column("message", ForeignKey(MESSAGES.c.id), primary_key=True),
    Column("form", String(10), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
"""A message in each form that it is handed out in, compressed: what was told once never reads otherwise."""

DELIVERIES = Table(
    "deliveries",
    METADATA,
    Column("message", ForeignKey(MESSAGES.c.id), primary_key=True),
    Column("channel", PlainText, primary_key=True),
    Column("state", String(10), nullable=False),
    Column("tries", Number, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("error", PlainText),
)
"""What became of a message on each way that it goes: waiting, sending, sent, or dropped."""

ALARMS = Table(
    "alarms",
    METADATA,
    Column("failure", ForeignKey(FAILURES.c.id), primary_key=True),
    Column("begun", ForeignKey(MESSAGES.c.id), nullable=False),
    Column("is_closed", Boolean, nullable=False),
)
"""Which failures a message has told of, and whether there is an end left to tell."""
