"""The changes that a run makes to the disk, call by call, with all their bytes (strace)."""

from __future__ import annotations

import datetime as dt
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from benchmarks.arrivals import DELIVERED
from benchmarks.disks import ROOT, Change, Disk, Named, Resized, Synced, Told, Written
from benchmarks.faulty_calls import run_traced
from benchmarks.real_runs import TEMPORARY, Ran

_WRITES = frozenset({"write", "pwrite64", "writev", "pwritev", "pwritev2", "copy_file_range", "sendfile", "splice"})
_SYNCS = frozenset({"fsync", "fdatasync"})
_OTHERS = frozenset({
    "openat", "open", "creat", "lseek", "ftruncate", "truncate", "fallocate", "rename", "renameat", "renameat2",
    "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir", "link", "linkat", "symlink", "symlinkat", "sync", "syncfs",
    "sync_file_range",
})  # fmt: skip
_TRACED = ",".join(sorted(_WRITES | _SYNCS | _OTHERS))
_LINE = re.compile(r"(\d+\.\d+) (\w+)\((.*)\)\s+= (\d+)")
_PATH = re.compile(r'["<]((?:\\x[0-9a-f]{2})+)[">]')


class Recording(Struct, frozen=True):
    """A run: the disk before it, what it changed in order, what had left the machine at its end, and how it ended.

    Of what has left, `told_before` bytes had done so before the run.
    """

    before: Disk
    changes: tuple[Change, ...]
    told: bytes
    told_before: int
    ran: Ran


class _Call(Struct, frozen=True):
    """A call that went well: of which process, with which arguments, and what it gave."""

    process: str
    name: str
    arguments: tuple[str, ...]
    result: int


def record_run(
    folder: Path, arguments: Sequence[str], instant: dt.datetime, *, spoil: Callable[[], None] | None = None
) -> Recording:
    """The run of the program in the folder, with every change that it makes to the disk.

    What the hooks get has left the machine; the folder for temporary files, and the memory that SQLite shares, need
    not outlast a power cut.
    """
    before = load_disk(folder)
    told = folder / DELIVERED
    told_before = told.stat().st_size if told.exists() else 0
    with tempfile.TemporaryDirectory(prefix="calls-") as logs:
        options = ("-ff", "-ttt", "-y", "-xx", "-s", "100000000", "-e", f"trace={_TRACED}", "-o", f"{logs}/calls")
        ran = run_traced(folder, arguments, instant, *options, spoil=spoil)
        tracker = _Tracker(folder, before.copy(), told_before)
        changes = tuple(change for call in _read_calls(Path(logs)) for change in tracker.follow(call))
    return Recording(before, changes, told.read_bytes() if told.exists() else b"", told_before, ran)


def load_disk(folder: Path) -> Disk:
    """The folder as a disk holds it."""
    return Disk.load(folder, without=_is_elsewhere)


def _is_elsewhere(name: str) -> bool:
    return name in {TEMPORARY, DELIVERED} or name.endswith("-shm")


def _read_calls(logs: Path) -> Iterator[_Call]:
    """The calls of all processes in the order in which they began."""
    found = []
    for log in logs.iterdir():
        for line in log.read_text(encoding="ascii").splitlines():
            if match := _LINE.match(line):
                call = _Call(log.suffix, match[2], tuple(match[3].split(", ")), int(match[4]))
                found.append((float(match[1]), call))
    yield from (call for _, call in sorted(found, key=lambda timed: timed[0]))


class _Tracker:
    """Follows the calls: which file each one is about, and where in it the next write goes."""

    def __init__(self, folder: Path, disk: Disk, told: int) -> None:
        self._folder = folder.resolve()
        self._disk = disk
        self._told = told
        self._last = max((*disk.files, *disk.folders))
        self._offsets: dict[tuple[str, str], int] = {}

    def follow(self, call: _Call) -> Iterator[Change]:
        """What the call changes in the folder."""
        for change in self._list_changes(call):
            self._disk.apply(change)
            yield change

    def _list_changes(self, call: _Call) -> Iterator[Change]:
        match call.name:
            case "openat":
                yield from self._open(call)
            case "lseek":
                self._offsets[call.process, _find_number(call.arguments[0])] = call.result
            case "rename" | "unlink" | "rmdir" | "mkdir":
                yield from self._name(call)
            case name if name in _WRITES:
                yield from self._write(call)
            case name if name in _SYNCS:
                number = self._find_opened(call.arguments[0])
                if number is not None:
                    yield Synced(number)
            case "ftruncate":
                number = self._find_opened(call.arguments[0])
                if number is not None:
                    yield Resized(number, int(call.arguments[1]))
            case _:
                if any(self._locate(argument) for argument in call.arguments):
                    raise _UnknownCallError(call)

    def _open(self, call: _Call) -> Iterator[Change]:
        place = self._locate(call.arguments[1], call.arguments[0])
        if place is None:
            return
        self._offsets[call.process, str(call.result)] = 0
        number = self._look_up(place)
        if number is None and "O_CREAT" in call.arguments[2]:
            yield Named(place[0], ((place[1], self._count()),))
        elif number is not None and "O_TRUNC" in call.arguments[2]:
            yield Resized(number, 0)

    def _write(self, call: _Call) -> Iterator[Change]:
        target = call.arguments[2] if call.name in {"copy_file_range", "splice"} else call.arguments[0]
        if _decode(target) == str(self._folder / DELIVERED):
            self._told += call.result
            yield Told(self._told)
            return
        number = self._find_opened(target)
        if number is None:
            return
        if call.name == "pwrite64":
            at = int(call.arguments[3])
        elif call.name == "write":
            handle = (call.process, _find_number(target))
            at = self._offsets[handle]
            self._offsets[handle] += call.result
        else:
            raise _UnknownCallError(call)
        yield Written(number, at, _read_text(call.arguments[1])[: call.result])

    def _name(self, call: _Call) -> Iterator[Change]:
        place = self._locate(call.arguments[0])
        if place is None:
            return
        folder, name = place
        match call.name:
            case "mkdir":
                yield Named(folder, ((name, self._count()),), makes_folder=True)
            case "unlink" | "rmdir":
                yield Named(folder, ((name, None),))
            case _:
                target = self._locate(call.arguments[1])
                if target is None or target[0] != folder:
                    raise _UnknownCallError(call)
                yield Named(folder, ((name, None), (target[1], self._look_up(place))))

    def _count(self) -> int:
        self._last += 1
        return self._last

    def _find_opened(self, argument: str) -> int | None:
        """The file or folder that is open under that number; None for one elsewhere, or without a name by now."""
        place = None if argument.endswith("(deleted)") else self._locate(argument)
        return None if place is None else self._look_up(place)

    def _look_up(self, place: tuple[int, str]) -> int | None:
        folder, name = place
        return self._disk.folders[folder].get(name) if name else folder

    def _locate(self, argument: str, start: str = "") -> tuple[int, str] | None:
        """The folder and the name in it; no name for the place of the run itself, None for what lies elsewhere."""
        whole = Path(os.path.normpath(self._folder / _decode(start) / _decode(argument)))
        if not _decode(argument) or not whole.is_relative_to(self._folder):
            return None
        parts = whole.relative_to(self._folder).parts
        if not parts:
            return ROOT, ""
        if _is_elsewhere(parts[0]):
            return None
        folder = ROOT
        for part in parts[:-1]:
            folder = self._disk.folders[folder][part]
        return folder, parts[-1]


class _UnknownCallError(RuntimeError):
    def __init__(self, call: _Call) -> None:
        super().__init__(f"a call that is not followed: {call.name}{call.arguments}")


def _decode(argument: str) -> str:
    """The path that is written in hexadecimal, in quotes or behind the number of an open file."""
    found = _PATH.search(argument)
    return os.fsdecode(_read_text(found[1])) if found else ""


def _read_text(text: str) -> bytes:
    return bytes.fromhex(text.strip('"').replace("\\x", ""))


def _find_number(argument: str) -> str:
    return argument.partition("<")[0]
