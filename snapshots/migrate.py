"""The way from the schema of an earlier release to the present one; imported only where it is due.

The version of a store stands in its mark. Of alembic only the operations are used, which know how each database alters
a table (SQLite cannot: the table is made anew); its own table of versions would be a second truth beside the mark.
"""

from __future__ import annotations

from importlib import import_module

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, inspect

from snapshots.errors import StoreDamagedError
from snapshots.schema import SCHEMA_VERSION

_FIRST = frozenset({
    "captures", "documents", "failures", "noticediff_meta", "pages", "quarantine", "reviews", "runs", "told",
    "validators",
})  # fmt: skip
"""The tables of the first release; before it they came one by one under the same schema."""


def upgrade_tables(connection: Connection, name: str, version: int) -> None:
    """Bring the store's tables from that version to the present one, inside the caller's transaction."""
    if _FIRST - set(inspect(connection).get_table_names()):
        raise StoreDamagedError(
            f"{name}: the store of a noticediff from before 0.1.0, which cannot be read any more; "
            "name a new one with --store and add its pages again"
        )
    operations = Operations(MigrationContext.configure(connection))
    for number in range(version + 1, SCHEMA_VERSION + 1):
        import_module(f"snapshots.migrations.schema_{number}").upgrade(operations)
