"""Pages from files and from standard input."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import BinaryIO

from snapshots.errors import UsageError
from snapshots.notice import Page

STANDARD_INPUT = "-"
STANDARD_INPUT_NAME = "standard input"


def read_page(path_or_dash: str, stdin: BinaryIO | None) -> Page:
    """The page in a file, or on standard input for `-`, byte for byte.

    A file's times say when it was copied, not when the page was captured: `captured` stays None.
    Raises UsageError where there is no such file, or it cannot be read.
    """
    if path_or_dash == STANDARD_INPUT and stdin is not None:
        return _build_page(STANDARD_INPUT_NAME, stdin.read())
    # A name that is no text (bytes of another encoding) must not stop the page from being stored and shown.
    name = os.fsencode(path_or_dash).decode("utf-8", "replace")
    try:
        return _build_page(name, Path(path_or_dash).read_bytes())
    except FileNotFoundError as error:
        raise UsageError(f"{name}: no such file", cause="no file") from error
    except IsADirectoryError as error:
        raise UsageError(f"{name}: is a directory; name the saved pages in it", cause="directory") from error
    except OSError as error:
        raise UsageError(f"{name}: cannot be read: {error.strerror}", cause="unreadable") from error


def _build_page(name: str, content: bytes) -> Page:
    return Page(name=name, content=content, sha256=hashlib.sha256(content).hexdigest())
