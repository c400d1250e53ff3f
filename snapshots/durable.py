"""Names that outlast a power cut: a folder is synced like a file, or it may forget which names it was given last."""

from __future__ import annotations

import errno
import os
from pathlib import Path

_CANNOT = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES, errno.EPERM})
"""What a file system answers that syncs no folders."""


def keep_names(folder: Path) -> None:
    """Let the names in the folder outlast a power cut; raises OSError where the disk fails.

    A folder that may not be listed, or a file system that syncs no folders, is left as it is.
    """
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _CANNOT:
            raise
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Make the folder, and those above it, where they are not there; raises OSError.

    The name of one that is there is kept too: a run that was killed may have made it just now.
    """
    missing = [above for above in folder.parents if not above.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for made in (*reversed(missing), folder):
        keep_names(made.parent)
