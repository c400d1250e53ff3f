"""What the nights leave behind beside pages: validators, and what is wrong since when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import delete, func, insert, select, update

from snapshots.database import Database
from snapshots.record import Failure, Seen
from snapshots.schema import FAILURES, RUNS, VALIDATORS


class WatchLog:
    """The log of one store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load_seen(self, name: str) -> Seen | None:
        """What came with the page that the address showed last, where the server gave anything to ask again with."""
        with self._database.transact() as connection:
            row = connection.execute(select(VALIDATORS).where(VALIDATORS.c.name == name)).one_or_none()
        if row is None:
            return None
        return Seen(url=row.url, etag=row.etag, last_modified=row.last_modified, page_sha256=row.page_sha256, at=row.at)

    def save_seen(self, name: str, seen: Seen | None) -> None:
        """Keep that, in place of what was known of the address; None: nothing came with it."""
        with self._database.transact(writes=True) as connection:
            connection.execute(delete(VALIDATORS).where(VALIDATORS.c.name == name))
            if seen is not None:
                row = {field: getattr(seen, field) for field in seen.__struct_fields__}
                connection.execute(insert(VALIDATORS).values(name=name, **row))

    def list_failing(self) -> tuple[str, ...]:
        """The sources of which something is wrong and not over, in order of name."""
        query = select(FAILURES.c.source).where(FAILURES.c.over.is_(None)).distinct()
        with self._database.transact() as connection:
            return tuple(sorted(connection.scalars(query)))

    def load_failures(self, source: str) -> tuple[Failure, ...]:
        """What is wrong with the source and not over, oldest first."""
        query = select(FAILURES).where(FAILURES.c.source == source, FAILURES.c.over.is_(None))
        with self._database.transact() as connection:
            rows = connection.execute(query.order_by(FAILURES.c.id)).all()
        return tuple(
            Failure(
                source=row.source,
                address=row.address,
                cause=row.cause,
                message=row.message,
                exit_code=row.exit_code,
                since=row.since,
            )
            for row in rows
        )

    def save_failures(self, source: str, failures: Sequence[Failure], *, now: dt.datetime) -> None:
        """Keep what is wrong with the source now; what was wrong before and is not named is over.

        A failure without a cause takes that of its address.
        """
        wanted = {(failure.address, failure.cause): failure for failure in failures}
        with self._database.transact(writes=True) as connection:
            query = select(FAILURES).where(FAILURES.c.source == source, FAILURES.c.over.is_(None))
            for row in connection.execute(query).all():
                cause = row.cause or next((cause for address, cause in wanted if address == row.address), "")
                values = {"over": now} if wanted.pop((row.address, cause), None) is None else {"cause": cause}
                connection.execute(update(FAILURES).where(FAILURES.c.id == row.id).values(**values))
            for failure in wanted.values():
                values = {field: getattr(failure, field) for field in failure.__struct_fields__}
                connection.execute(insert(FAILURES).values(**values))

    def load_start(self, source: str) -> dt.datetime | None:
        """When a run looked at the source for the first time."""
        with self._database.transact() as connection:
            first: dt.datetime | None = connection.scalar(select(func.min(RUNS.c.at)).where(RUNS.c.source == source))
        return first
