"""The plain hook: a command of the user's own, started without a shell."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from typing import IO, Literal

import msgspec

from noticediff.delivery.parcel import Parcel, write_text
from snapshots.codec import encode_json
from snapshots.errors import DeliveryError
from snapshots.message import MessageKind

TIME_LIMIT = 60.0
"""Seconds that a command has."""


class ToldOutput(msgspec.Struct, frozen=True, kw_only=True):
    """What a command finds on its standard input."""

    format: Literal["noticediff.told"] = "noticediff.told"
    format_version: Literal["1.0"] = "1.0"
    delivery: str
    id: str
    kind: MessageKind
    at: str
    title: str
    text: str
    where: str | None
    files: dict[str, str]
    facts: msgspec.Raw | None


def run_command(command: Sequence[str], parcel: Parcel, *, limit: float = TIME_LIMIT) -> None:
    """Start the command with the message on its standard input and its facts in the environment.

    Raises DeliveryError where it cannot be started, takes longer than it may (it is then ended, with all that it
    started), or ends with another exit code than 0. What it prints is only read then: its last line says why.
    """
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as printed:
        given.write(encode_told(parcel))
        given.seek(0)
        try:
            # Its own session: what it starts can be ended with it, and Ctrl-C on us is not one on it.
            running = subprocess.Popen(  # noqa: S603 - the command is the user's own, and no shell reads it
                list(command),
                stdin=given,
                stdout=printed,
                stderr=printed,
                env={**os.environ, **_build_environment(parcel)},
                start_new_session=True,
            )
        except OSError as error:
            raise DeliveryError(f"'{command[0]}' cannot be started: {error.strerror}") from error
        try:
            code = running.wait(limit)
        except subprocess.TimeoutExpired as error:
            raise DeliveryError(f"'{command[0]}' took longer than {limit:g} seconds and was ended") from error
        finally:
            _end(running)
        if code:
            ended = f"ended with {code}" if code > 0 else f"was ended by signal {-code}"
            raise DeliveryError(f"'{command[0]}' {ended}{_read_last_line(printed)}")


def encode_told(parcel: Parcel) -> bytes:
    """The message as JSON."""
    message = parcel.message
    return encode_json(
        ToldOutput(
            delivery=parcel.key,
            id=message.key,
            kind=message.kind,
            at=message.at.isoformat(),
            title=message.title,
            text=write_text(parcel),
            where=parcel.where,
            files={form: str(path.absolute()) for form, path in parcel.files.items()},
            facts=None if parcel.facts is None else msgspec.Raw(parcel.facts),
        )
    )


def _build_environment(parcel: Parcel) -> dict[str, str]:
    message = parcel.message
    told = {"DELIVERY": parcel.key, "ID": message.key, "KIND": message.kind, "TITLE": message.title}
    told |= {form.upper(): str(path.absolute()) for form, path in parcel.files.items()}
    return {f"NOTICEDIFF_TOLD_{name}": value for name, value in told.items()}


def _end(running: subprocess.Popen[bytes]) -> None:
    """End what is left of the command; what it left behind on purpose and has ended itself is not waited for."""
    if running.poll() is None:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()


def _read_last_line(printed: IO[bytes]) -> str:
    printed.seek(max(0, printed.seek(0, os.SEEK_END) - 4096))
    lines = printed.read().decode("utf-8", "replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    return f": {last[:200]}" if last else ""
