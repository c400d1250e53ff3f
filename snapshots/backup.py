"""A copy of the store while it is in use: made beside its place, checked, and only then given its name."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from snapshots.checks import Checks
from snapshots.database import Database
from snapshots.durable import keep_names
from snapshots.errors import StoreDamagedError, UsageError
from snapshots.opening import open_database
from snapshots.sqlite_file import SIDE_FILES


def back_up(database: Database, path: Path) -> int:
    """How many raw pages the copy holds, which is now at the path; what stood there before is replaced.

    The copy is the store as it is at one moment, whatever a run is writing. Raises StoreDamagedError where the copy
    does not pass the checks, UsageError where it cannot be written; the path is then as it was.
    """
    _check_place(path)
    beside = path.with_name(f".{path.name[:200]}.{secrets.token_hex(4)}")
    try:
        database.copy_to(beside)
        pages = _check_copy(beside, path)
        with beside.open("rb") as file:
            os.fsync(file.fileno())
        beside.replace(path)
        keep_names(path.parent)
    except OSError as error:
        raise UsageError(f"{path}: the backup cannot be written: {error.strerror}") from error
    finally:
        for suffix in ("", "-journal", "-wal", "-shm"):
            with contextlib.suppress(OSError):
                beside.with_name(beside.name + suffix).unlink()
    return pages


def _check_place(path: Path) -> None:
    """Raise UsageError where a copy would not be what lies there afterwards, or would take the place of no copy."""
    for suffix in (*SIDE_FILES, "-shm", ".lock"):
        stem = path.name.removesuffix(suffix)
        if stem not in {path.name, ""} and path.with_name(stem).exists():
            raise UsageError(f"{path}: is a name that {path.with_name(stem)} needs; name another file for the backup")
    for suffix in SIDE_FILES:
        # SQLite would fold the log of what stood there before into the copy, and damage it.
        log = path.with_name(path.name + suffix)
        if log.exists() and log.stat().st_size:
            raise UsageError(f"{log}: stands beside the backup, of a run that uses it or was killed; move both away")


def _check_copy(copy: Path, path: Path) -> int:
    database = open_database(str(copy), create=False, holder=None)
    try:
        checks = Checks(database)
        fault = _find_fault(checks)
        if fault is not None:
            raise StoreDamagedError(f"{path}: no backup was made, the store is damaged: {fault}; see doctor")
        return checks.count_pages()
    finally:
        database.close()


def _find_fault(checks: Checks) -> str | None:
    """The first thing that is damaged; what cannot even be looked at is damaged too."""
    looks = (checks.check_integrity, checks.check_references, checks.check_pages, checks.check_prints)
    try:
        return next((fault.message for look in looks for fault in look()), None)
    except StoreDamagedError as error:
        return error.bare
