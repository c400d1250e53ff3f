"""Where results go: standard output as UTF-8 whatever the locale, or a file."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from pathlib import Path
from typing import TextIO

from noticediff.output import save_file
from snapshots.errors import UsageError


class PipeClosedError(Exception):
    """Whoever read our standard output has gone (`| head`)."""


def prepare_streams() -> None:
    """Make both streams UTF-8: the pages are Chinese, and cron's locale is C."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    # A stream that the caller has closed is None here: what is said goes nowhere, and write_result refuses results.
    sys.stderr = sys.stderr or _open_nowhere()
    sys.stdout = sys.stdout or _open_nowhere()


def write_result(result: str | bytes, output: str | None = None, *, as_is: bool = False) -> None:
    """Write the result to the file, or to standard output for None and `-`; `as_is` adds no line end.

    Raises PipeClosedError where nobody reads that any more: click would end the program with 1, our "differences".
    """
    content = result if isinstance(result, bytes) else result.encode("utf-8", "replace")
    if not as_is and not content.endswith(b"\n"):
        content += b"\n"
    if output is not None and output != "-":
        save_file(Path(output), content)
        return
    if sys.__stdout__ is None and sys.stdout.name == os.devnull:
        raise UsageError("standard output is closed; leave it open, or name a file with --output")
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError as error:
        raise PipeClosedError from error


def silence_output() -> None:
    """Let what is still buffered go nowhere: nobody reads it, and the interpreter would flush it at its end."""
    with contextlib.suppress(OSError, io.UnsupportedOperation):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _open_nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")
