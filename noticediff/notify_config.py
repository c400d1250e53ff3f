"""The ways out of a configuration: [[notify]], on_news, on_alarm.

[[notify]]
name = "ops-mail"
url = "env:NOTICES_MAIL"           # mailtos://user:password@mail.example.org?to=ops@example.org
get = ["news", "alarms"]
form = "html"
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

from msgspec import Struct

from noticediff.config_keys import ENVIRONMENT, is_secret, is_text
from snapshots.errors import UsageError
from snapshots.message import MessageKind

Form = Literal["text", "html"]
HOOKS: dict[str, MessageKind] = {"on_news": "news", "on_alarm": "alarm"}
"""The commands of the user's own: each gets messages of one kind."""
NOTIFY_KEYS = ("name", "url", "get", "form")
FORMS: tuple[Form, ...] = ("text", "html")
GETS: dict[str, MessageKind] = {"news": "news", "alarms": "alarm"}

_OPEN_SCHEMES = frozenset({"json", "jsons", "xml", "xmls", "form", "forms", "mailto", "mailtos"})
"""Addresses that need hold no secret; a chat's address is one."""


class ChannelConfig(Struct, frozen=True, kw_only=True):
    """A way out: a service by its apprise address, or a command. `form` None: HTML for mail, text for the others."""

    name: str
    gets: tuple[MessageKind, ...]
    url: str | None = None
    command: tuple[str, ...] = ()
    form: Form | None = None


def read_channels(table: Mapping[str, Any], path: Path, lines: Sequence[str]) -> tuple[ChannelConfig, ...]:
    """The ways out that the configuration states; raises UsageError naming file, line and key."""
    reader = _Reader(path, lines)
    found = table.get("notify", [])
    if not isinstance(found, list) or not all(isinstance(channel, dict) for channel in found):
        raise UsageError(f"{path}: a way for news and alarms begins with [[notify]]")
    channels = [reader.read_channel(channel, number) for number, channel in enumerate(found)]
    for number, channel in enumerate(channels):
        if channel.name in {earlier.name for earlier in channels[:number]}:
            raise reader.error("name", number, f"there is already a [[notify]] '{channel.name}'")
    hooks = [reader.read_hook(table[hook], hook, kind) for hook, kind in HOOKS.items() if hook in table]
    return (*channels, *hooks)


def find_output_fault(value: object) -> str | None:
    """What is wrong with the address under which digests are published, if anything."""
    form = "'output_url' is the http or https address of the output folder, and ends with /"
    if not isinstance(value, str) or not re.match(r"https?://[^/\s]+/(?:\S*/)?$", value):
        return form
    try:
        parts = urlsplit(value)
        _ = parts.port  # it is looked at only when it is asked for
    except ValueError:
        return form
    return None if parts.username is None else "'output_url' holds a name or a password, which every message would tell"


class _Reader:
    """The checks of one file's ways out."""

    def __init__(self, path: Path, lines: Sequence[str]) -> None:
        self._path = path
        self._lines = lines

    def read_channel(self, table: dict[str, Any], number: int) -> ChannelConfig:
        name = table.get("name")
        if not is_text(name) or not str(name).isprintable() or name in HOOKS:
            raise self.error("name", number, 'a [[notify]] needs a name of its own: name = "…"')
        subject = f"notify '{name}'"
        for key in table:
            if key not in NOTIFY_KEYS:
                near = difflib.get_close_matches(key, NOTIFY_KEYS, n=1)
                hint = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(NOTIFY_KEYS)}"
                raise self.error(key, number, f"{subject} has no key '{key}'; {hint}")
        url = table.get("url")
        if not isinstance(url, str) or (fault := _find_url_fault(url)):
            told = fault if isinstance(url, str) else 'needs a url: url = "env:NAME"'
            raise self.error("url", number, f"{subject}: {told}")
        gets = table.get("get", list(GETS))
        if not isinstance(gets, list) or not gets or not all(get in list(GETS) for get in gets):
            raise self.error("get", number, f'{subject}: \'get\' is a list of "news" and "alarms"')
        if table.get("form", "text") not in FORMS:
            raise self.error("form", number, f"{subject}: 'form' is text or html")
        kinds = tuple(kind for get, kind in GETS.items() if get in gets)
        return ChannelConfig(name=str(name), url=url, gets=kinds, form=table.get("form"))

    def read_hook(self, command: object, name: str, kind: MessageKind) -> ChannelConfig:
        if not isinstance(command, list) or not command or not all(is_text(word) for word in command):
            raise self.error(name, None, f'\'{name}\' is a command and its arguments: {name} = ["/usr/bin/tell", "-v"]')
        program = command[0]
        # A program with a folder in its name is one beside the configuration; one without is looked for in PATH.
        if "/" in program:
            program = str(self._path.parent.absolute() / Path(program).expanduser())
        return ChannelConfig(name=name, gets=(kind,), command=(program, *command[1:]))

    def error(self, key: str, number: int | None, message: str) -> UsageError:
        """An error with the line of the key in the n-th [[notify]], or before all tables; else that of the table."""
        header, inside = None, number is None
        tables = 0
        for line, text in enumerate(self._lines, 1):
            if re.match(r"\s*\[", text):
                is_ours = re.match(r"\s*\[\[\s*notify\s*\]\]", text) is not None
                inside = is_ours and tables == number
                header = line if inside else header
                tables += is_ours
            elif inside and re.match(rf"\s*['\"]?{re.escape(key)}['\"]?\s*=", text):
                header = line
                break
        return UsageError(f"{self._path}{'' if header is None else f':{header}'}: {message}")


def _find_url_fault(url: str) -> str | None:
    """What is wrong with the address: it is none, or a secret stands in the file."""
    if url.startswith(ENVIRONMENT):
        is_name = re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", url.removeprefix(ENVIRONMENT))
        return None if is_name else "'url' names no variable of the environment: url = \"env:NOTICES_MAIL\""
    try:
        parts = urlsplit(url)
        keys = [name for name, _ in parse_qsl(parts.query.replace("+", "%2B"))]  # +Name=… is a header of a webhook
    except ValueError:
        return "'url' is no address"
    if "://" not in url or not url.isprintable():
        return "'url' is the address of a service as apprise writes it, or env:NAME"
    is_open = parts.scheme.lower() in _OPEN_SCHEMES and parts.username is None
    if not is_open or any(map(is_secret, keys)):
        return "'url' holds a secret, which stands in the environment: url = \"env:NAME\""
    return None
