"""A look at an SQLite file that leaves it byte for byte as it is: whose is it, before anything opens it to write."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from snapshots.errors import StoreDamagedError, UsageError

_MAGIC = b"SQLite format 3\0"
SIDE_FILES = ("-journal", "-wal")
"""What may stand beside a database, and is a part of it: SQLite folds it in."""
_OTHER = "choose another with --store"

_Owner = Literal["nobody", "us", "another", "unknown"]


def is_file_ours(path: Path) -> bool:
    """Whether the file holds a store; False where there is no file yet, or an empty one.

    Raises StoreDamagedError for a file of another program and for one that cannot be read as a database, UsageError
    for what is no file or may not be read. Even opening an SQLite file can change it: a journal beside it is rolled
    back, a write-ahead log folded in. So the look passes both over; only where it does not find our mark, and there
    are such files (a run of ours was killed while it made the store), it looks at a copy that SQLite may mend.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        raise UsageError(f"{path}: is no plain file but a device, a pipe or a socket; {_OTHER}")
    try:
        owner = _find_owner(path)
    except FileNotFoundError:
        return False
    except IsADirectoryError as error:
        raise UsageError(f"{path}: is a directory; name a file for the store") from error
    except OSError as error:
        raise UsageError(f"{path}: the store cannot be read ({error.strerror}); {_OTHER}") from error
    if owner == "another":
        raise StoreDamagedError(f"{path}: not a store of noticediff, the file of another program; {_OTHER}")
    if owner == "unknown":
        raise StoreDamagedError(f"{path}: the store is damaged; restore the file from a copy, or {_OTHER}")
    return owner == "us"


def _find_owner(path: Path) -> _Owner:
    with path.open("rb") as file:
        start = file.read(len(_MAGIC))
    if not start:
        return "nobody"
    owner = _read_owner(path) if start == _MAGIC else "another"
    if owner != "us" and any(_side_file(path, suffix).exists() for suffix in SIDE_FILES):
        mended = _read_owner_of_copy(path)
        return owner if mended == "unknown" else mended
    return owner


def _read_owner(path: Path) -> _Owner:
    address = f"file:{quote(os.fsencode(path.absolute()))}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except (sqlite3.Error, UnicodeDecodeError):
        return "unknown"
    return "us" if "noticediff_meta" in tables else "another"


def _read_owner_of_copy(path: Path) -> _Owner:
    with tempfile.TemporaryDirectory(prefix="noticediff-") as folder:
        copy = Path(folder) / "copy"
        shutil.copyfile(path, copy)
        for suffix in SIDE_FILES:
            if _side_file(path, suffix).exists():
                shutil.copyfile(_side_file(path, suffix), _side_file(copy, suffix))
        try:
            with closing(sqlite3.connect(copy)) as connection:
                connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.Error:
            return "unknown"
        return _read_owner(copy) if copy.stat().st_size else "nobody"


def _side_file(path: Path, suffix: str) -> Path:
    real = Path(os.path.realpath(path))
    return real.with_name(real.name + suffix)
