"""Names that outlast a power cut: a folder is synced like a file, or it may forget which names it was given last."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def keep_names(folder: Path) -> None:
    """Let the names in the folder outlast a power cut; a file system that cannot is left as it is."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
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
