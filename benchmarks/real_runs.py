"""Runs of the program as processes of their own, with the clock set.

A process is forked from one that has the program imported already: it can be killed like any other, and a thousand of
them take minutes instead of an hour.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Self

import time_machine
from msgspec import Struct

TEMPORARY = "temporary"
"""The folder for temporary files, in the place of the run."""
_OUTPUT, _TALK = "output", "talk"
_PRELOADED = (
    "benchmarks.real_runs", "benchmarks.warm_program", "feedgenerator", "jinja2", "lxml.html", "noticediff.again",
    "noticediff.cli", "noticediff.config", "noticediff.delivery.command", "noticediff.delivery.files",
    "noticediff.delivery.services", "noticediff.digests", "noticediff.doctor", "noticediff.recorders", "opencc",
    "rapidfuzz.distance", "scraper.fetching.fetch", "scraper.fetching.links", "snapshots.store",
    "sqlalchemy.dialects.sqlite",
)  # fmt: skip
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(list(_PRELOADED))


class Ran(Struct, frozen=True, kw_only=True):
    """How a run ended: its exit code (below 0: the signal that killed it), and what it said."""

    code: int
    output: str
    talk: str


def run_program(
    folder: Path,
    arguments: Sequence[str],
    instant: dt.datetime,
    *,
    kill_after: float | None = None,
    kill_when: Callable[[], bool] | None = None,
    largest_file: int | None = None,
) -> Ran:
    """The run of the program in the folder, at that instant.

    It is killed after so many seconds, or when something is so, where it still goes on. With `largest_file`, no file
    can grow beyond so many bytes.
    """
    with start_program(folder, arguments, instant, largest_file=largest_file) as process:
        if kill_after is not None:
            time.sleep(kill_after)
            process.kill()
        if kill_when is not None:
            while process.is_running and not kill_when():
                time.sleep(0.001)
            process.kill()
    return process.ran


class RunningProgram:
    """A run that goes on, until the end of the `with` that it was started in."""

    def __init__(self, process: BaseProcess, said: Path) -> None:
        self._process = process
        self._said = said
        self.number = process.pid or 0

    @property
    def ran(self) -> Ran:
        """How it ended."""
        return self._ran

    @property
    def is_running(self) -> bool:
        """Whether it goes on still."""
        return self._process.is_alive()

    def kill(self) -> None:
        """Kill it where it goes on still."""
        self._process.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.join()
        said = [(self._said / name).read_text(encoding="utf-8", errors="replace") for name in (_OUTPUT, _TALK)]
        self._ran = Ran(code=self._process.exitcode or 0, output=said[0], talk=said[1])
        self._process.close()
        shutil.rmtree(self._said)


def start_program(
    folder: Path,
    arguments: Sequence[str],
    instant: dt.datetime,
    *,
    halted: bool = False,
    largest_file: int | None = None,
    spoil: Callable[[], None] | None = None,
) -> RunningProgram:
    """The run of the program, started; `halted`: it waits for SIGCONT before it does anything.

    `spoil` is called in its process before it begins: what breaks the program there should be seen by a benchmark.
    """
    said = Path(tempfile.mkdtemp(prefix="said-"))
    for name in (_OUTPUT, _TALK):
        (said / name).touch()
    how = (folder, said, list(arguments), instant, halted, largest_file, spoil)
    process = _CONTEXT.Process(target=_become_program, args=how, daemon=True)
    process.start()
    return RunningProgram(process, said)


def _become_program(
    folder: Path,
    said: Path,
    arguments: list[str],
    instant: dt.datetime,
    halted: bool,
    largest_file: int | None,
    spoil: Callable[[], None] | None,
) -> None:
    """Be the program: this process ends with its exit code. What it prints goes to files elsewhere."""
    for number, name in ((1, _OUTPUT), (2, _TALK)):
        file = os.open(said / name, os.O_WRONLY | os.O_APPEND)
        os.dup2(file, number)
        os.close(file)
    temporary = folder / TEMPORARY
    temporary.mkdir(exist_ok=True)
    os.environ |= {"NO_PROXY": "*", "TMPDIR": str(temporary)}
    tempfile.tempdir = None
    sys.dont_write_bytecode = True
    os.chdir(folder)
    from noticediff.cli import main  # noqa: PLC0415 - already imported where this process was forked from

    if spoil is not None:
        spoil()
    if largest_file is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, resource.RLIM_INFINITY))
    if halted:
        os.kill(os.getpid(), signal.SIGSTOP)
    with time_machine.travel(instant, tick=True):
        main(arguments, prog_name="noticediff")
