"""Prints of rows: what stands once in the store, and that nothing gives again, is known to be as it was written.

A name, an address, a time, what a person decided and why: a bit that flips in one of them on the disk makes another
name, which nobody could tell from a true one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import LargeBinary, Row, Table

from snapshots.codec import encode_json
from snapshots.schema import CAPTURES, QUARANTINE, REVIEWS, TOLD, PlainText, UtcDateTime

PRINTED = (CAPTURES, QUARANTINE, REVIEWS, TOLD)
"""The tables whose rows have prints."""
LENGTH = 16
_UNPRINTED = frozenset({"id", "row_print"})


def print_row(table: Table, values: Mapping[str, Any]) -> str:
    """The print of a row with these values, before it is stored or after; bytes are named by a hash of their own."""
    return print_values(
        column.type.process_bind_param(values.get(column.name), None)
        if isinstance(column.type, PlainText | UtcDateTime)
        else values.get(column.name)
        for column in table.c
        if column.name not in _UNPRINTED and not isinstance(column.type, LargeBinary)
    )


def print_values(values: Iterable[Any]) -> str:
    """The print of values as the database keeps them, in the order of their columns."""
    return hashlib.sha256(encode_json(tuple(values), indent=False)).hexdigest()[:LENGTH]


def add_print(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a new row, with its print."""
    return {**values, "row_print": print_row(table, values)}


def is_as_written(table: Table, row: Row[Any]) -> bool:
    """Whether the row, which may have columns of other tables too, is what was written."""
    return bool(row.row_print == print_row(table, row._asdict()))


def require_print(table: Table, row: Row[Any]) -> None:
    """Raise ValueError for a row that is not what was written."""
    if not is_as_written(table, row):
        raise ValueError(describe_damage(table, row))


def describe_damage(table: Table, row: Row[Any]) -> str:
    """The place of a damaged row in words."""
    return f"row {row.id} of {table.name} is not as it was written"
