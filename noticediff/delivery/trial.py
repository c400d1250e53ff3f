"""A message that says nothing, to see whether a channel works."""

from __future__ import annotations

import datetime as dt
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec.structs import replace

from noticediff.delivery.parcel import Parcel
from noticediff.digests import FILES
from snapshots.message import Message, MessageKind, PartForm

_TITLE = "noticediff: a test of this channel"
_LINE = "It works: 金融業 › 個人征信 is how a category is written. Nothing has changed."


def build_trial(kind: MessageKind, now: dt.datetime) -> Parcel:
    """The test message, under a key of its own each time: a service must not take it for the last one."""
    key = uuid.uuid4()
    message = Message(
        id=0, key=key.urn, kind=kind, at=now, title=_TITLE, lines=(_LINE,), stem=None, is_filed=False
    )  # fmt: skip
    return Parcel(key=key.hex, message=message, where=None, files={}, fragment=None, facts=None)


@contextmanager
def save_trial(parcel: Parcel) -> Iterator[Parcel]:
    """The test message with files, for a command that reads those of a digest; they are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="noticediff-") as folder:
        files: dict[PartForm, Path] = {form: Path(folder) / f"test.{form}" for form in FILES}
        contents: dict[PartForm, str] = {
            "html": f"<!doctype html><title>{_TITLE}</title><p>{_LINE}</p>\n",
            "json": "{}\n",
        }
        for form, path in files.items():
            path.write_text(contents.get(form, f"# {_TITLE}\n\n{_LINE}\n"), encoding="utf-8")
        yield replace(parcel, files=files)
