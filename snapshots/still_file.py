"""A store that can only be read, as a file that lies still.

To read a database with a write-ahead log, SQLite must make a file of shared memory beside it. Where it cannot (another
user's folder, a full disk), and there is no log, the store can be read without any lock; whether somebody else wrote to
it meanwhile is looked up after each reading.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

from sqlalchemy.engine import URL

from snapshots.errors import StoreBusyError


class StillFile:
    """The store's file as it was when it was opened."""

    def __init__(self, path: Path) -> None:
        """Note how the file is now."""
        self._path = path
        self._before = self._look()
        database = f"file:{quote(os.fsencode(path.absolute()))}"
        self.url = URL.create("sqlite", database=database, query={"mode": "ro", "immutable": "1", "uri": "true"})

    def check(self) -> None:
        """Raise StoreBusyError where the file is another one than when it was opened."""
        if self._look() != self._before:
            raise StoreBusyError(f"{self._path}: another run wrote to the store while it was read; try again")

    def _look(self) -> tuple[int, int, int, bool]:
        found = self._path.stat()
        return found.st_ino, found.st_size, found.st_mtime_ns, has_log(self._path)


def has_log(path: Path) -> bool:
    """Whether a log stands beside the file: somebody writes to it, or was killed when he did."""
    real = Path(os.path.realpath(path))
    log = real.with_name(real.name + "-wal")
    return log.exists() and log.stat().st_size > 0
