"""The files of the digests: each set whole, made good by the next run where one was cut off, and never doubled."""

from __future__ import annotations

import datetime as dt
import logging
import os
import re
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from urllib.parse import quote, urljoin

from msgspec import Struct

from noticediff.delivery.feed import FeedEntry, build_feed
from noticediff.digests import FILES
from noticediff.output import clear_leftovers, save_file
from snapshots.durable import make_folder
from snapshots.errors import StoreDamagedError, UsageError
from snapshots.message import Message, PartForm
from snapshots.outbox import Outbox

FEED_NAME = "feed.atom"
FEED_LENGTH = 20
"""How many digests the feed has."""

_LOGGER = logging.getLogger(__name__)


class Shelf(Struct, frozen=True):
    """Where digests lie: a folder, and its address where it is published under one."""

    folder: Path
    address: str | None = None

    def list_paths(self, message: Message) -> dict[PartForm, Path]:
        """The files of a digest by their form; none where it is no digest, or its files are not written."""
        if message.stem is None or not message.is_filed:
            return {}
        return {form: self.folder / f"{message.stem}.{form}" for form in FILES}

    def locate(self, message: Message) -> str | None:
        """Where a person finds the whole digest."""
        if message.stem is None or not message.is_filed:
            return None
        return (
            self.link(f"{message.stem}.html")
            if self.address
            else str((self.folder / f"{message.stem}.html").absolute())
        )

    def link(self, name: str) -> str:
        """The address of a file of the folder, or its name alone: from the feed beside it, that is an address too."""
        return urljoin(self.address, quote(name)) if self.address else quote(name)


def write_unfiled(outbox: Outbox, shelf: Shelf, *, now: dt.datetime) -> tuple[Path, ...]:
    """Write what is not written of the digests that are kept, then the feed; the paths of the digests.

    A digest keeps its name from before its first file is written: what a run left half done is completed under that
    name, with the bytes that the store has. Raises UsageError where the folder cannot be written to.
    """
    waiting = outbox.list_unfiled()
    if not waiting:
        return ()
    try:
        make_folder(shelf.folder)
    except OSError as error:
        raise UsageError(f"{shelf.folder}: digests cannot be written there: {error.strerror}") from error
    paths = [path for message in waiting for path in _write_digest(outbox, message, shelf.folder)]
    _put_file(shelf.folder / FEED_NAME, _build_feed(outbox, shelf))
    outbox.save_filed(waiting, at=now)
    return tuple(paths)


def compare_files(outbox: Outbox, shelf: Shelf) -> tuple[tuple[Path, ...], dict[Path, str]]:
    """The files of the folder that are not what was told in them, and those that cannot be read, with the reason.

    One that somebody has removed is none of them.
    """
    torn, unread = [], {}
    for message in outbox.list_digests():
        for form, path in shelf.list_paths(message).items():
            told = _load_part(outbox, message, form)
            try:
                if path.is_file() and path.read_bytes() != told:
                    torn.append(path)
            except OSError as error:
                unread[path] = error.strerror or str(error)
    return tuple(torn), unread


def restore_torn(outbox: Outbox, shelf: Shelf) -> tuple[Path, ...]:
    """Write the torn files again, as they were; their paths."""
    torn, _ = compare_files(outbox, shelf)
    for message in outbox.list_digests():
        for form, path in shelf.list_paths(message).items():
            if path in torn:
                _put_file(path, _load_part(outbox, message, form))
    return torn


def _write_digest(outbox: Outbox, message: Message, folder: Path) -> tuple[Path, ...]:
    contents: dict[PartForm, bytes] = {form: _load_part(outbox, message, form) for form in FILES}
    stem = message.stem
    if stem is None or not _is_ours(folder, stem, contents):
        stem = _choose_stem(message, folder, outbox.list_stems())
        outbox.save_stem(message, stem)
    for form, content in contents.items():
        _put_file(folder / f"{stem}.{form}", content)
    return tuple(folder / f"{stem}.{form}" for form in contents)


def _put_file(path: Path, content: bytes) -> None:
    """Write the file, and clear away what a killed run had begun of it; the hold of the store keeps others out.

    A link in its place is replaced, and what it points at is left alone: whoever may write into the folder could make
    one that leads to a file of another user.
    """
    clear_leftovers(path)
    if path.is_symlink():
        _LOGGER.warning("%s: was a link, and is a file of its own now; link the folder instead", path)
        try:
            path.unlink()
        except OSError as error:
            raise UsageError(f"{path}: the link cannot be replaced: {error.strerror}") from error
    save_file(path, content)


def _is_ours(folder: Path, stem: str, contents: Mapping[PartForm, bytes]) -> bool:
    """Whether all that lies there under the name is what this digest has put there."""
    if not re.fullmatch(r"digest-[0-9-]+", stem):
        return False  # no name that we gave: it could lead out of the folder
    try:
        return all(
            not os.path.lexists(path) or path.read_bytes() == content
            for path, content in ((folder / f"{stem}.{form}", content) for form, content in contents.items())
        )
    except OSError:
        return False


def _choose_stem(message: Message, folder: Path, taken: frozenset[str]) -> str:
    """digest-2025-04-01, and for a later digest of that day digest-2025-04-01-2."""
    for number in count(1):
        stem = f"digest-{message.at:%Y-%m-%d}" if number == 1 else f"digest-{message.at:%Y-%m-%d}-{number}"
        if stem not in taken and not any(os.path.lexists(folder / f"{stem}.{form}") for form in FILES):
            break
    return stem


def _build_feed(outbox: Outbox, shelf: Shelf) -> bytes:
    entries = [
        FeedEntry(
            key=message.key,
            title=message.title,
            at=message.at,
            href=shelf.link(f"{message.stem}.html"),
            fragment=_load_part(outbox, message, "fragment").decode(),
        )
        for message in outbox.list_digests(newest=FEED_LENGTH)
    ]
    href = shelf.link(FEED_NAME) if shelf.address else None
    return build_feed(entries, key=outbox.load_first_key() or "", href=href)


def _load_part(outbox: Outbox, message: Message, form: PartForm) -> bytes:
    content = outbox.load_part(message, form)
    if content is None:
        told = f"of the digest of {message.at:%Y-%m-%d} the {form} is lost"
        raise StoreDamagedError(f"the store is damaged: {told}; restore it from a copy")
    return content
