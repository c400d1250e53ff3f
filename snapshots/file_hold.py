"""The hold on a store in a file: a lock of the system on a file beside it.

The system lets go of it when the process ends, in whatever way; what counts is the lock, not that the file is there. In
the file stands who holds it, or, when nobody does, the run that ended without letting go.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from snapshots.codec import decode_json, encode_json
from snapshots.errors import StoreUnwritableError, UsageError
from snapshots.holder import Holder, build_refusal

_LONGEST = 1_000
"""Bytes; what is longer, nobody signed."""
_PATIENCE, _PAUSE = 0.05, 0.005
"""Seconds, in all and between two tries: who only looks whether a store is held has its lock for a moment."""
_START = b'{"command":'
"""What a name in a lock begins with."""


class FileHold:
    """The hold of this run on the store in that file."""

    def __init__(self, path: Path, holder: Holder) -> None:
        """Take hold; raises StoreBusyError at once where another run has it."""
        self.left_by: Holder | None = None
        self._holder = holder
        self._place = locate_lock(path)
        if not _is_plain(self._place):
            raise UsageError(_tell_foreign(self._place))
        self._lock = _build_lock(self._place, on_acquired=self._sign)
        try:
            self._lock.acquire()
        except Timeout as error:
            raise build_refusal(str(path), load_holder(path)) from error
        except OSError as error:
            reason = f"{self._place}: {error.strerror or error}"
            raise StoreUnwritableError(str(path), reason) from error

    def release(self) -> None:
        """Let go. The lock's file stays, empty: one that is taken away could be held twice."""
        with suppress(OSError):  # a folder that was taken away meanwhile holds nothing
            self._place.write_bytes(b"")
        self._lock.release()

    def _sign(self, descriptor: int) -> None:
        found = os.pread(descriptor, _LONGEST, 0)
        self.left_by = _read_signature(found)
        if not _is_ours(found):
            raise UsageError(_tell_foreign(self._place))
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, encode_json(self._holder, indent=False), 0)


def locate_lock(path: Path) -> Path:
    """The file that is locked for a store: beside the store itself, by whatever link it is reached."""
    real = Path(os.path.realpath(path))
    return real.with_name(real.name + ".lock")


def refuse_held(path: Path) -> None:
    """Raise StoreBusyError where a run holds the store: a look for which no database has to be loaded."""
    if is_held(path):
        raise build_refusal(str(path), load_holder(path))


def is_held(path: Path) -> bool:
    """Whether a run holds the store just now."""
    try:
        place = locate_lock(path)
    except ValueError:  # a NUL in it: no name of a file
        return False
    if not place.exists():
        return False
    lock = _build_lock(place)
    try:
        lock.acquire()
    except Timeout:
        return True
    except OSError:
        return False
    lock.release()
    return False


def find_obstacle(path: Path) -> str | None:
    """What stands in the place of the store's lock and is none: a folder, a link, a file of somebody else."""
    place = locate_lock(path)
    if _is_plain(place):
        try:
            with place.open("rb") as file:
                if _is_ours(file.read(_LONGEST)):
                    return None
        except OSError:  # not there, or of another user: who takes hold is told
            return None
    return _tell_foreign(place)


def load_holder(path: Path) -> Holder | None:
    """The run that has written its name into the lock of the store, whether it still lives or not."""
    place = locate_lock(path)
    if not place.is_file():  # a pipe would be waited for
        return None
    try:
        with place.open("rb") as file:
            return _read_signature(file.read(_LONGEST))
    except OSError:
        return None


def _build_lock(place: Path, on_acquired: Callable[[int], None] | None = None) -> FileLock:
    return FileLock(place, timeout=_PATIENCE, poll_interval=_PAUSE, fallback_to_soft=False, on_acquired=on_acquired)


def _is_plain(place: Path) -> bool:
    return not os.path.lexists(place) or (place.is_file() and not place.is_symlink())


def _tell_foreign(place: Path) -> str:
    return f"{place}: not a lock of noticediff, which needs a file of that name; move it away"


def _is_ours(found: bytes) -> bool:
    """Whether nobody else wrote that; a power cut, or a full disk, leaves a part of our words, or zeros for them."""
    return found.startswith(_START) or _START.startswith(found) or b"\0" in found


def _read_signature(content: bytes) -> Holder | None:
    try:
        return decode_json(content, Holder)
    except ValueError:
        return None
