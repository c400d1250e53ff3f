"""Results to files: whole or not at all."""

from __future__ import annotations

import contextlib
import glob
import os
import secrets
from pathlib import Path

from snapshots.durable import keep_names
from snapshots.errors import UsageError


def save_file(path: Path, content: bytes) -> None:
    """Put the content into the file; a reader sees the old content or the new, never half of it.

    It is written beside the file and then takes its place. A device or a pipe (/dev/null) is written to as it is.
    Raises UsageError where that cannot be done: nothing is changed then, or the new content is there and the disk does
    not say that it stays.
    """
    # Through a link, the file that it points at is replaced, and the link stays.
    target = Path(os.path.realpath(path))
    try:
        if target.is_dir():
            raise UsageError(f"{path}: cannot be written: is a directory")
        if target.exists() and not target.is_file():
            target.write_bytes(content)
            return
        if target.exists() and not os.access(target, os.W_OK):
            raise UsageError(f"{path}: cannot be written: permission denied")
        _replace_file(target, content)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error


def clear_leftovers(path: Path) -> None:
    """Remove what runs that were killed have left beside the file while they wrote it.

    For a file that only one run at a time writes: of another run it would take away what that one is about to put in
    place.
    """
    for left in path.parent.glob(f".{glob.escape(path.name[:200])}.{'[0-9a-f]' * 8}"):
        with contextlib.suppress(OSError):
            left.unlink()


def _replace_file(target: Path, content: bytes) -> None:
    beside = target.with_name(f".{target.name[:200]}.{secrets.token_hex(4)}")
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o666
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
        keep_names(target.parent)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
