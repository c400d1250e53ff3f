"""Who holds a store: one run at a time may write, and the next one is told which it is."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from snapshots.errors import StoreBusyError


class Holder(Struct, frozen=True, kw_only=True):
    """A run that holds a store, or held it last: its command, its process, on which machine, and since when."""

    command: str
    pid: int
    host: str
    since: dt.datetime

    def describe(self) -> str:
        """The run in words: `track`, process 4711 on host cron1, since 2025-04-02 08:00:00 UTC."""
        since = self.since.astimezone(dt.UTC)
        return f"`{self.command}`, process {self.pid} on host {self.host}, since {since:%Y-%m-%d %H:%M:%S} UTC"


def build_refusal(name: str, holder: Holder | None) -> StoreBusyError:
    """The error for a run that comes second; who came first is not known where it has not written its name yet."""
    who = "" if holder is None else f" ({holder.describe()})"
    return StoreBusyError(f"{name}: another run holds the store{who}; try again when it has ended, or end it")
