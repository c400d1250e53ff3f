"""The keys of a source in noticediff.toml: what is right for each, in code, in words, and as JSON Schema."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Literal

from msgspec import Struct

from noticediff.corrections_config import MOVED_KEYS, MOVED_NEEDS, OVERRIDE_KEYS

CONFIG_NAME = "noticediff.toml"
SourceKind = Literal["notice", "catalogue", "list"]
SOURCE_KINDS: tuple[SourceKind, ...] = ("notice", "catalogue", "list")
ENVIRONMENT = "env:"
"""What a header's value begins with that stands in the environment: `env:NAME`."""
DEFAULT_PAGES = 5
"""How many pages of a paged list are read, where the source says nothing."""
DEFAULT_LINKS = 100
"""How many links of a list are followed, where the source says nothing."""
_MOST_PAGES = 50
_MOST_LINKS = 2000
_LONGEST_PAUSE = 60
_HOST = re.compile(r"[A-Za-z0-9.-]+")
_OWN_HEADERS = frozenset(
    {"host", "user-agent", "accept-encoding", "connection", "content-length", "transfer-encoding", "if-none-match",
     "if-modified-since", "range"}
)  # fmt: skip


class SourceKey(Struct, frozen=True):
    """A key of a source: what is right for it, in code, in words, and as JSON Schema."""

    is_right: Callable[[object], bool]
    form: str
    schema: dict[str, Any]


def is_text(value: object) -> bool:
    """Whether it is a text that says something."""
    return isinstance(value, str) and value != "" and "\0" not in value


def _is_truth(value: object) -> bool:
    return isinstance(value, bool)


def _is_address(value: object) -> bool:
    return isinstance(value, str) and re.match(r"https?://[^/\s]", value) is not None


def is_file_of_profile(value: object) -> bool:
    """Whether it is the name of a TOML file."""
    return is_text(value) and str(value).endswith(".toml")


def _is_interval(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[1-9]\d* (days?|weeks?)", value) is not None


def _is_pages(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _MOST_PAGES


def _is_links(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _MOST_LINKS


def _is_pause(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _LONGEST_PAUSE


def _are_headers(value: object) -> bool:
    return isinstance(value, dict) and all(
        re.fullmatch(r"[A-Za-z0-9-]+", name) and isinstance(text, str) and text.isprintable() and text.isascii()
        for name, text in value.items()
    )


def _are_hosts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(host, str) and _HOST.fullmatch(host) for host in value)


def find_header_fault(headers: dict[str, str]) -> str | None:
    """What is wrong with the headers, if anything: one is the program's own, or a secret stands in the file."""
    for name, value in headers.items():
        if name.lower() in _OWN_HEADERS:
            return f"the header {name} is the program's own"
        if is_secret(name) and not value.startswith(ENVIRONMENT):
            return f'the header {name} is a secret, and stands in the environment: headers = {{"{name}" = "env:NAME"}}'
    return None


def is_secret(header: str) -> bool:
    """Whether a header, or a part of an address, of that name holds something that no file should."""
    return re.search(r"cookie|auth|token|key|secret|session", header, re.IGNORECASE) is not None


_TEXT = {"type": "string", "minLength": 1}
_TRUTH = {"type": "boolean"}
SOURCE_KEYS: dict[str, SourceKey] = {
    "name": SourceKey(is_text, "a text", _TEXT),
    "url": SourceKey(_is_address, "an http or https address", {"type": "string", "pattern": r"^https?://[^/\s]"}),
    "file": SourceKey(is_text, "the name of a file", _TEXT),
    "kind": SourceKey(
        lambda value: value in SOURCE_KINDS, "one of notice, catalogue and list", {"enum": list(SOURCE_KINDS)}
    ),
    "match": SourceKey(is_text, "a text", _TEXT),
    "selector": SourceKey(is_text, "a CSS selector", _TEXT),
    "next": SourceKey(is_text, "a CSS selector", _TEXT),
    "pages": SourceKey(
        _is_pages, f"a number from 1 to {_MOST_PAGES}", {"type": "integer", "minimum": 1, "maximum": _MOST_PAGES}
    ),
    "links": SourceKey(
        _is_links, f"a number from 1 to {_MOST_LINKS}", {"type": "integer", "minimum": 1, "maximum": _MOST_LINKS}
    ),
    "profile": SourceKey(is_text, "the name of a profile or its file", _TEXT),
    "expect_every": SourceKey(
        _is_interval, 'a time like "120 days"', {"type": "string", "pattern": r"^[1-9]\d* (days?|weeks?)$"}
    ),
    "headers": SourceKey(
        _are_headers,
        'a table like {"Accept-Language" = "zh-CN"}',
        {"type": "object", "additionalProperties": {"type": "string"}},
    ),
    "allowed_hosts": SourceKey(
        _are_hosts, 'a list of names like ["example.com"]', {"type": "array", "items": {"type": "string"}}
    ),
    "pause": SourceKey(
        _is_pause, f"a number of seconds from 0 to {_LONGEST_PAUSE}",
        {"type": "number", "minimum": 0, "maximum": _LONGEST_PAUSE},
    ),
    "robots": SourceKey(_is_truth, "true or false", _TRUTH),
    "allow_private": SourceKey(_is_truth, "true or false", _TRUTH),
    "strict": SourceKey(_is_truth, "true or false", _TRUTH),
}  # fmt: skip


_COMMAND = {"type": "array", "items": _TEXT, "minItems": 1}
_NOTIFY = {
    "type": "object",
    "description": "A way that news and alarms go.",
    "properties": {
        "name": _TEXT,
        "url": _TEXT | {"description": "env:NAME: the variable that holds an apprise address; or one without a secret"},
        "get": {"type": "array", "items": {"enum": ["news", "alarms"]}, "minItems": 1},
        "form": {"enum": ["text", "html"]},
    },
    "required": ["name", "url"],
    "additionalProperties": False,
}


def build_config_schema() -> dict[str, Any]:
    """The JSON Schema of a configuration, for editors that check TOML against one."""
    source = {
        "type": "object",
        "description": "A page that is watched.",
        "properties": {name: {"description": key.form, **key.schema} for name, key in SOURCE_KEYS.items()},
        "required": ["name"],
        "oneOf": [{"required": ["url"]}, {"required": ["file"]}],
        "if": {"properties": {"kind": {"const": "list"}}, "required": ["kind"]},
        "then": {"required": ["match"]},
        "additionalProperties": False,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": CONFIG_NAME,
        "type": "object",
        "properties": {
            "store": _TEXT | {"description": "The store: a file, or the address of a database."},
            "output": _TEXT | {"description": "The folder of the digests."},
            "output_url": _TEXT | {"description": "The address under which that folder is published."},
            "on_news": _COMMAND | {"description": "A command that gets each digest."},
            "on_alarm": _COMMAND | {"description": "A command that gets the alarms of a run."},
            "notify": {"type": "array", "items": _NOTIFY},
            "portfolio": _TEXT | {"description": "The programs whose papers are checked: a TOML or CSV file."},
            "profiles": {"type": "array", "items": {"type": "string", "pattern": r"\.toml$"}},
            "source": {"type": "array", "items": source},
            "override": {"type": "array", "items": _build_table_schema(OVERRIDE_KEYS, OVERRIDE_KEYS)},
            "moved": {"type": "array", "items": _build_table_schema(MOVED_KEYS, MOVED_NEEDS)},
        },
        "additionalProperties": False,
    }


def _build_table_schema(keys: Sequence[str], needed: Sequence[str]) -> dict[str, Any]:
    types: dict[str, dict[str, Any]] = {"line": {"type": "integer", "minimum": 1}, "since": {}}
    return {
        "type": "object",
        "properties": {key: types.get(key, _TEXT) for key in keys},
        "required": list(needed),
        "additionalProperties": False,
    }
