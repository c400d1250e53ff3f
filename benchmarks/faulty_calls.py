"""The system calls by which a run changes its folder, and runs in which one of them is killed or fails (strace)."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct

from benchmarks.real_runs import Ran, start_program

_CALLS = (
    "write", "pwrite64", "writev", "pwritev", "fsync", "fdatasync", "ftruncate", "openat", "mkdir", "rmdir", "unlink",
    "unlinkat", "rename", "renameat", "renameat2", "link", "linkat", "symlink", "chmod", "fchmod", "utimensat",
)  # fmt: skip
_PRINTED = re.compile(r"[12]<")
_READ_ONLY = re.compile(r"O_RDONLY(?!.*O_CREAT)")


class Call(Struct, frozen=True):
    """The n-th call of that name that a run makes, and what it is."""

    name: str
    number: int
    text: str

    def __str__(self) -> str:
        return f"{self.name} {self.number} ({self.text})"


def has_strace() -> bool:
    """Whether calls can be told and stopped here."""
    return shutil.which("strace") is not None


def list_calls(folder: Path, arguments: Sequence[str], instant: dt.datetime) -> tuple[Call, ...]:
    """The calls by which a run of the program changes its folder or prints, in order; the run is made."""
    log = folder.with_name(f"{folder.name}.calls")
    run_traced(folder, arguments, instant, "-y", "-s", "24", "-e", f"trace={','.join(_CALLS)}", "-o", str(log))
    numbers: Counter[str] = Counter()
    calls = []
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        match = re.match(r"(\w+)\((.*)", line)
        if match is None:
            continue
        name, text = match.groups()
        numbers[name] += 1
        if _PRINTED.match(text) or (str(folder) in text and not _READ_ONLY.search(text)):
            calls.append(Call(name, numbers[name], text.replace(str(folder), "")[:70]))
    log.unlink()
    return tuple(calls)


def run_killed(folder: Path, arguments: Sequence[str], instant: dt.datetime, call: Call) -> Ran:
    """The run that is killed at the call, which never happens."""
    return _run_injected(folder, arguments, instant, call, "signal=SIGKILL", f"{call.number}")


def run_failing(folder: Path, arguments: Sequence[str], instant: dt.datetime, call: Call, error: str) -> Ran:
    """The run in which the call fails with that error, and later ones of its name: a disk that is full stays so.

    Of `write` and `openat` only the one: talk is written by the first, and modules are read by the second.
    """
    later = "" if call.name in {"write", "openat"} else "+"
    return _run_injected(folder, arguments, instant, call, f"error={error}", f"{call.number}{later}")


def run_traced(
    folder: Path,
    arguments: Sequence[str],
    instant: dt.datetime,
    *options: str,
    spoil: Callable[[], None] | None = None,
) -> Ran:
    """The run, looked on by strace from where the program begins."""
    with start_program(folder, arguments, instant, halted=True, spoil=spoil) as process:
        command = ["strace", *options, "-p", str(process.number)]
        while not _is_halted(process.number):
            time.sleep(0.005)
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracer:
            assert tracer.stderr is not None  # noqa: S101 - a pipe
            told = tracer.stderr.readline()
            os.kill(process.number, signal.SIGCONT)
            told += tracer.stderr.read()
    if "attached" not in told:
        raise RuntimeError(f"strace could not look on: {told}")
    return process.ran


def _run_injected(
    folder: Path, arguments: Sequence[str], instant: dt.datetime, call: Call, what: str, when: str
) -> Ran:
    injection = f"inject={call.name}:{what}:when={when}"
    return run_traced(folder, arguments, instant, "-e", f"trace={call.name}", "-e", injection, "-o", os.devnull)


def _is_halted(number: int) -> bool:
    state = Path(f"/proc/{number}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    return state == "T"
