"""What a disk holds (files with their bytes, folders with their names), and what a power cut leaves of changes to it.

The model is that of SQLite's own crash tests and of ALICE (Pillai et al., OSDI 2014). A file and the folder in which
its name stands are two things, and each is safe only once it is synced itself: what was written to a file before its
last fsync, the names that a folder had before its own. Of the rest any part may have reached the disk, in any order: a
write by its sectors, a rename whole. Bytes that a write did not touch stay as they are ("powersafe overwrite").
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Self

from msgspec import Struct

ROOT = 0
"""The number of the folder that everything lies in."""
SECTOR = 512
_SHARES = (0.1, 0.5, 0.9)


class Written(Struct, frozen=True):
    """Bytes at a place of a file; what lies between its end and them is zeros."""

    file: int
    at: int
    content: bytes


class Resized(Struct, frozen=True):
    """A file that is so long now."""

    file: int
    size: int


class Named(Struct, frozen=True):
    """Names in a folder that now stand for a file or folder, or for none: all of them at once, as a rename is."""

    folder: int
    names: tuple[tuple[str, int | None], ...]
    makes_folder: bool = False


class Synced(Struct, frozen=True):
    """A file or folder whose changes so far are safe."""

    file: int


class Told(Struct, frozen=True):
    """So many bytes in all have left the machine by now."""

    size: int


Change = Written | Resized | Named | Synced | Told
Survivors = Callable[[Change], Iterable[Change]]
"""What of a change that was not synced has reached the disk."""


class Disk:
    """The files and the folders, by number."""

    def __init__(self) -> None:
        self.files: dict[int, bytearray] = {}
        self.folders: dict[int, dict[str, int]] = {ROOT: {}}

    @classmethod
    def load(cls, folder: Path, *, without: Callable[[str], bool]) -> Self:
        """The folder as it lies there, without what has one of those names at its top."""
        disk = cls()
        numbers = {folder: ROOT}
        for path in sorted(folder.rglob("*")):
            if without(path.relative_to(folder).parts[0]):
                continue
            number = numbers[path] = len(numbers)
            disk.folders[numbers[path.parent]][path.name] = number
            if path.is_dir():
                disk.folders[number] = {}
            else:
                disk.files[number] = bytearray(path.read_bytes())
        return disk

    def save(self, folder: Path) -> None:
        """Make the folder as the disk has it."""
        for path, content in self.list_paths():
            place = folder / path
            if content is None:
                place.mkdir()
            else:
                place.write_bytes(content)

    def list_paths(self, folder: int = ROOT, before: str = "") -> Iterator[tuple[str, bytes | None]]:
        """Each path with its bytes, None for a folder; a folder before what lies in it."""
        yield before, None
        for name, number in sorted(self.folders[folder].items()):
            path = f"{before}{name}"
            if number in self.folders:
                yield from self.list_paths(number, f"{path}/")
            else:
                yield path, bytes(self.files.get(number, b""))

    def copy(self) -> Disk:
        """Another disk that holds the same."""
        disk = Disk()
        disk.files = {number: bytearray(content) for number, content in self.files.items()}
        disk.folders = {number: dict(names) for number, names in self.folders.items()}
        return disk

    def apply(self, change: Change) -> None:
        """Let the change be on the disk."""
        match change:
            case Written(file, at, content):
                held = self.files.setdefault(file, bytearray())
                held.extend(bytes(max(0, at - len(held))))
                held[at : at + len(content)] = content
            case Resized(file, size):
                held = self.files.setdefault(file, bytearray())
                held.extend(bytes(max(0, size - len(held))))
                del held[size:]
            case Named(folder, names, makes_folder):
                held_names = self.folders.setdefault(folder, {})
                for name, number in names:
                    if number is None:
                        held_names.pop(name, None)
                        continue
                    held_names[name] = number
                    if makes_folder:
                        self.folders.setdefault(number, {})
            case Synced() | Told():
                pass


def cut_power(before: Disk, changes: Sequence[Change], survivors: Survivors) -> Disk:
    """What the disk holds after the changes and a power cut: what is safe, and what survives of the rest."""
    disk = before.copy()
    safe = _find_safe(changes)
    for place, change in enumerate(changes):
        for kept in (change,) if place in safe else survivors(change):
            disk.apply(kept)
    return disk


def keep_nothing(change: Change) -> tuple[Change, ...]:
    """The worst disk: what was not synced is gone."""
    del change
    return ()


def keep_all(change: Change) -> tuple[Change, ...]:
    """The best disk: all has reached it."""
    return (change,)


def keep_by_chance(seed: str, synced: set[int]) -> Survivors:
    """A disk on which some of it survives, the same for one seed.

    Names survive one by one, or up to one of them, as where a journal keeps them. Of a write each sector is whole,
    lost, torn or, in a file that is synced at all, holds what nobody wrote: a file that never is holds zeros there.
    """
    chance = random.Random(seed)  # noqa: S311 - a simulation
    share = chance.choice(_SHARES)
    is_in_order = chance.random() < 0.5  # noqa: PLR2004
    is_over = False

    def survive(change: Change) -> Iterator[Change]:
        nonlocal is_over
        is_kept = chance.random() < share
        match change:
            case Written(file, at, content):
                for start, piece in _cut_sectors(at, content):
                    yield from _damage_sector(chance, share, Written(file, start, piece), may_be_junk=file in synced)
            case Named():
                is_over = is_over or (is_in_order and not is_kept)
                if is_kept and not is_over:
                    yield change
            case Resized() | Synced() | Told():
                if is_kept:
                    yield change

    return survive


def _find_safe(changes: Sequence[Change]) -> frozenset[int]:
    """The places of the changes that a later sync of their file or folder has made safe."""
    safe: set[int] = set()
    waiting: dict[int, list[int]] = {}
    for place, change in enumerate(changes):
        match change:
            case Written(file) | Resized(file):
                waiting.setdefault(file, []).append(place)
            case Named(folder):
                waiting.setdefault(folder, []).append(place)
            case Synced(file):
                safe.update(waiting.pop(file, ()))
            case Told():
                pass
    return frozenset(safe)


def _cut_sectors(at: int, content: bytes) -> Iterator[tuple[int, bytes]]:
    start = 0
    while start < len(content):
        end = min(len(content), start + SECTOR - (at + start) % SECTOR)
        yield at + start, content[start:end]
        start = end


def _damage_sector(chance: random.Random, share: float, piece: Written, *, may_be_junk: bool) -> Iterator[Written]:
    if chance.random() < share:
        yield piece
        return
    how, half = chance.random(), chance.randrange(len(piece.content))
    if how < 0.1:  # noqa: PLR2004
        yield Written(piece.file, piece.at, piece.content[:half])
    elif how < 0.2:  # noqa: PLR2004
        yield Written(piece.file, piece.at + half, piece.content[half:])
    elif how < 0.3 and may_be_junk:  # noqa: PLR2004
        yield Written(piece.file, piece.at, chance.randbytes(len(piece.content)))
