"""How the documents of the store were derived from their pages, and when that was done again."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, delete, func, insert, select

from snapshots.database import Database
from snapshots.method import Method, Origin, Reparse
from snapshots.schema import CAPTURES, DERIVATIONS, DOCUMENTS, PAGES, REPARSES


class Derivations:
    """The record of one store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list_origins(self) -> tuple[Origin, ...]:
        """The origin of every page that came, in the order in which they came first."""
        firsts = select(func.min(CAPTURES.c.id)).group_by(CAPTURES.c.page_sha256)
        ways = (DOCUMENTS.c.profile, DOCUMENTS.c.parser_version)
        query = (
            select(CAPTURES, *ways)
            .join(PAGES, PAGES.c.sha256 == CAPTURES.c.page_sha256)
            .outerjoin(DOCUMENTS, (DOCUMENTS.c.page_sha256 == CAPTURES.c.page_sha256) & (DOCUMENTS.c.number == 1))
            .where(CAPTURES.c.id.in_(firsts))
            .order_by(CAPTURES.c.id)
        )
        with self._database.transact() as connection:
            rows = connection.execute(query).all()
            kept = {row.page_sha256: row for row in connection.execute(select(DERIVATIONS))}
        origins = []
        for row in rows:
            more = kept.get(row.page_sha256)
            profile = row.profile or (None if more is None else more.profile)
            method = Method(
                parser_version=row.parser_version or "",
                profile=profile or "",
                profile_print="" if more is None else more.profile_print,
                is_named=None if more is None else more.is_named,
                libraries="" if more is None else more.libraries,
            )
            origins.append(
                Origin(
                    page_sha256=row.page_sha256,
                    name=row.name,
                    url=row.url,
                    source=row.source,
                    captured_on=row.captured_on,
                    method=None if profile is None else method,
                    effective=None if more is None else more.effective,
                    refused_by=None if more is None else more.refused_by,
                    refusal=None if more is None else more.refusal,
                )
            )
        return tuple(origins)

    def load_reparses(self) -> tuple[Reparse, ...]:
        """Each time that all was derived again, oldest first."""
        with self._database.transact() as connection:
            rows = connection.execute(select(REPARSES).order_by(REPARSES.c.id)).all()
        return tuple(Reparse(**{name: getattr(row, name) for name in Reparse.__struct_fields__}) for row in rows)


def keep_method(
    connection: Connection,
    page_sha256: str,
    method: Method,
    *,
    effective: dt.date | None,
    refusal: str | None = None,
    refused_by: str | None = None,
) -> None:
    """Keep how the page was read, in place of what was kept of it before."""
    connection.execute(delete(DERIVATIONS).where(DERIVATIONS.c.page_sha256 == page_sha256))
    connection.execute(
        insert(DERIVATIONS).values(
            page_sha256=page_sha256,
            profile=method.profile,
            profile_print=method.profile_print,
            is_named=method.is_named,
            libraries=method.libraries,
            effective=effective,
            refused_by=refused_by,
            refusal=refusal,
        )
    )


def keep_reparse(connection: Connection, reparse: Reparse) -> None:
    """Add the line to the log."""
    connection.execute(insert(REPARSES).values({name: getattr(reparse, name) for name in reparse.__struct_fields__}))
