"""noticediff.toml: where the store is, where digests go, and which sources are watched.

A key that is not known is an error, not a shrug: a source that silently lost its `match` would follow nothing.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from msgspec import Struct

from noticediff.config_keys import (
    CONFIG_NAME,
    DEFAULT_LINKS,
    DEFAULT_PAGES,
    SOURCE_KEYS,
    SourceKind,
    find_header_fault,
    is_file_of_profile,
    is_text,
)
from noticediff.corrections import Corrections
from noticediff.corrections_config import read_corrections
from noticediff.notify_config import HOOKS, ChannelConfig, find_output_fault, read_channels
from snapshots.errors import UsageError
from snapshots.message import MessageKind


class SourceConfig(Struct, frozen=True, kw_only=True):
    """A page that is watched, by address or by file; `match` and `selector` belong to a page of links to notices.

    `next` leads to the list's next page, of which at most `pages` are read; of the links at most `links` are followed.
    A source that is silent for longer than `expect_every` is an alarm. A header whose value is `env:NAME` is a secret,
    and stands in the environment. With `strict`, a page with a line that was not understood is refused.
    """

    name: str
    url: str | None = None
    file: str | None = None
    kind: SourceKind = "notice"
    match: str | None = None
    selector: str | None = None
    profile: str | None = None
    expect_every: str | None = None
    robots: bool = True
    allow_private: bool = False
    strict: bool = False
    next: str | None = None
    pages: int = 1
    links: int = DEFAULT_LINKS
    headers: dict[str, str] = {}
    allowed_hosts: tuple[str, ...] = ()
    pause: float | None = None

    @property
    def address(self) -> str:
        """Where the source is: its address or its file."""
        return self.url or self.file or ""

    @property
    def expect_days(self) -> int | None:
        """After how many days the next page is expected: `expect_every` as days."""
        if self.expect_every is None:
            return None
        count, unit = self.expect_every.split()
        return int(count) * (7 if unit.startswith("week") else 1)


class Config(Struct, frozen=True, kw_only=True):
    """A configuration as written, its paths made absolute; `path` is None where there is no file."""

    path: Path | None = None
    store: str | None = None
    output: Path | None = None
    portfolio: Path | None = None
    profiles: tuple[str, ...] = ()
    sources: tuple[SourceConfig, ...] = ()
    corrections: Corrections = Corrections()
    output_url: str | None = None
    channels: tuple[ChannelConfig, ...] = ()

    def list_channels(self, kind: MessageKind) -> tuple[str, ...]:
        """The names of the ways that messages of the kind go."""
        return tuple(channel.name for channel in self.channels if kind in channel.gets)

    def find_source(self, name: str) -> SourceConfig:
        """The source of that name; raises UsageError, with the likely name, where there is none."""
        for source in self.sources:
            if source.name == name:
                return source
        where = "there is no configuration" if self.path is None else f"{self.path} has no source of that name"
        raise UsageError(f"source '{name}': {where}{suggest_name(name, [source.name for source in self.sources])}")


def find_config_file(given: str | None) -> Path | None:
    """The configuration file to read, or None: the given one, else ./noticediff.toml, else the user's.

    Raises UsageError where the given one does not exist.
    """
    if given is not None:
        if not Path(given).is_file():
            raise UsageError(f"{given}: no such configuration file")
        return Path(given)
    here = Path(CONFIG_NAME)
    if here.is_file():
        return here
    from platformdirs import user_config_path  # noqa: PLC0415 - 10 ms, only where the folder has none

    users = user_config_path("noticediff") / CONFIG_NAME
    return users if users.is_file() else None


def load_config(path: Path) -> Config:
    """The configuration in the file; raises UsageError naming file, line and key."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: is not UTF-8 text") from error
    return parse_config(text, path)


def parse_config(text: str, path: Path) -> Config:
    """The configuration that the text states; paths in it are relative to the folder of `path`."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reason, line = split_line(str(error))
        raise UsageError(f"{path}{line}: is not TOML: {reason}") from error
    return _Reader(path, text).read_config(table)


class _Reader:
    """The checks of one file; each failure is said with the line where the key stands."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.lines = text.splitlines()

    def read_config(self, table: dict[str, Any]) -> Config:
        known = (
            "store", "output", "output_url", "portfolio", "profiles", "source", "override", "moved", "notify", *HOOKS,
        )  # fmt: skip
        self._check_keys(table, known, "the configuration", None)
        for key in ("store", "output", "portfolio"):
            if key in table and not is_text(table[key]):
                raise self._error(key, None, f"'{key}' is a text")
        profiles = table.get("profiles", [])
        if not isinstance(profiles, list) or not all(is_file_of_profile(name) for name in profiles):
            raise self._error("profiles", None, "'profiles' is a list of TOML files: profiles = [\"mine.toml\"]")
        if "output_url" in table and (fault := find_output_fault(table["output_url"])):
            raise self._error("output_url", None, fault)
        tables = table.get("source", [])
        if not isinstance(tables, list) or not all(isinstance(source, dict) for source in tables):
            raise self._error("source", None, "a source begins with [[source]]")
        sources = tuple(self._read_source(source, number) for number, source in enumerate(tables))
        for number, source in enumerate(sources):
            if source.name in {earlier.name for earlier in sources[:number]}:
                raise self._error("name", number, f"there is already a source '{source.name}'")
        return Config(
            path=self.path,
            store=resolve_store(table["store"], self.path.parent) if "store" in table else None,
            output=_resolve(table["output"], self.path.parent) if "output" in table else None,
            portfolio=_resolve(table["portfolio"], self.path.parent) if "portfolio" in table else None,
            profiles=tuple(str(_resolve(name, self.path.parent)) for name in profiles),
            sources=sources,
            corrections=read_corrections(table, self.path, self.lines),
            output_url=table.get("output_url"),
            channels=read_channels(table, self.path, self.lines),
        )

    def _read_source(self, table: dict[str, Any], number: int) -> SourceConfig:
        if not isinstance(table.get("name"), str) or not table["name"]:
            raise self._error("name", number, 'a source needs a name: name = "…"')
        subject = f"source '{table['name']}'"
        self._check_keys(table, tuple(SOURCE_KEYS), subject, number)
        for key, value in table.items():
            known = SOURCE_KEYS[key]
            if not known.is_right(value):
                raise self._error(key, number, f"{subject}: '{key}' is {known.form}, not {show_value(value)}")
        if ("url" in table) == ("file" in table):
            raise self._error("name", number, f"{subject} needs either url or file")
        self._check_list(table, subject, number)
        self._check_web(table, subject, number)
        if "next" in table:
            table = {"pages": DEFAULT_PAGES, **table}
        if "file" in table:
            table = table | {"file": str(_resolve(table["file"], self.path.parent))}
        # A profile is the name of one that ships, or a file beside the configuration.
        if (profile := table.get("profile")) is not None and profile.endswith(".toml"):
            table = table | {"profile": str(_resolve(profile, self.path.parent))}
        if "allowed_hosts" in table:
            hosts = [table["url"].split("/")[2].rpartition("@")[2].partition(":")[0], *table["allowed_hosts"]]
            table = table | {"allowed_hosts": tuple(host.lower() for host in hosts)}
        return SourceConfig(**table)

    def _check_web(self, table: dict[str, Any], subject: str, number: int) -> None:
        if fault := find_header_fault(table.get("headers", {})):
            raise self._error("headers", number, f"{subject}: {fault}")
        for key in ("headers", "allowed_hosts", "pause") if "file" in table else ():
            if key in table:
                raise self._error(key, number, f"{subject}: '{key}' is for a source with url")

    def _check_list(self, table: dict[str, Any], subject: str, number: int) -> None:
        is_list = table.get("kind") == "list"
        if is_list and "match" not in table:
            raise self._error("kind", number, f"{subject} is a list and needs match: words of the titles to follow")
        for key in () if is_list else ("match", "selector", "next", "pages", "links"):
            if key in table:
                raise self._error(key, number, f"{subject}: '{key}' is for kind = \"list\"")
        if "pages" in table and "next" not in table:
            told = "'pages' needs next: the CSS selector of the link to the list's next page"
            raise self._error("pages", number, f"{subject}: {told}")

    def _check_keys(self, table: dict[str, Any], known: Iterable[str], subject: str, number: int | None) -> None:
        for key in table:
            if key not in known:
                raise self._error(key, number, f"{subject} has no key '{key}'{suggest_name(key, known)}")

    def _error(self, key: str, number: int | None, message: str) -> UsageError:
        line = self._find_line(key, number)
        return UsageError(f"{self.path}{'' if line is None else f':{line}'}: {message}")

    def _find_line(self, key: str, number: int | None) -> int | None:
        """The line of the key in the table of that number (None: before the first), or the table's own line.

        A key that is written in a form that this search does not know (an inline table) has no line.
        """
        table, header = -1, None
        # The key of a table of its own is found where that begins: [sorce] is an unknown key too.
        stated = re.compile(rf"\s*(?:\[+\s*)?['\"]?{re.escape(key)}['\"]?\s*[=.\]]")
        for line, text in enumerate(self.lines, 1):
            if re.match(r"\s*\[\[\s*source\s*\]\]", text):
                table += 1
                header = line if table == number else header
            if (number is None or table == number) and stated.match(text):
                return line
        return header


def resolve_store(address: str, folder: Path) -> str:
    """The store's address: a database URL as it stands, a file name relative to the folder."""
    return address if "://" in address else str(_resolve(address, folder))


def _resolve(name: str, folder: Path) -> Path:
    try:
        return folder / Path(name).expanduser()
    except RuntimeError as error:  # ~nobody
        raise UsageError(f"{name}: names the home of a user that is not known") from error


def suggest_name(word: str, known: Iterable[str]) -> str:
    """The end of an error: the known name that is near, or nothing."""
    names = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold(), list(names), n=1)
    return f"; did you mean '{names[near[0]]}'?" if near else ""


def show_value(value: object) -> str:
    """The value as a TOML file has it."""
    return str(value).lower() if isinstance(value, bool) else f'"{value}"' if isinstance(value, str) else str(value)


def split_line(reason: str) -> tuple[str, str]:
    """The reason without its place, and the place as `:line`: "… (at line 3, column 5)"."""
    found = re.fullmatch(r"(.*) \(at line (\d+), column \d+\)", reason)
    return (found[1], f":{found[2]}") if found else (reason, "")
