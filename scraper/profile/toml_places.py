"""Where each key of a TOML text stands, which the standard library's reader does not tell."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

KeyPath = tuple[str | int, ...]
"""The way to a value: ("sections", "added", 0) is the first spelling of [sections] added."""

_TOKEN = re.compile(
    r"""(?P<string>\"{3}(?:\\.|[^\\])*?\"{3,5}|'{3}.*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*')
    | (?P<comment>\#[^\n]*)
    | (?P<end>\n)
    | (?P<sign>[\[\]{}=,.])
    | (?P<word>[^\s\[\]{}=,.\#"']+)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    line: int

    @property
    def key(self) -> str:
        return tomllib.loads(f"key = {self.text}")["key"] if self.text[0] in "\"'" else self.text


def locate_keys(text: str) -> dict[KeyPath, int]:
    """The line of each key, of each table and of each item of a list; `text` is TOML that has been read without error.

    The first place counts: a table that is opened by its keys (`[catalogue.columns]`) stands where that is.
    """
    locator = _Locator([*_iterate_tokens(text), _Token("\n", 0)])
    locator.read()
    return locator.places


def _iterate_tokens(text: str) -> Iterator[_Token]:
    line = 1
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "comment":
            yield _Token(match[0], line)
        line += match[0].count("\n")


class _Locator:
    """Walks over the tokens of a whole text."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.places: dict[KeyPath, int] = {}
        self._tokens = tokens
        self._next = 0

    def read(self) -> None:
        table: KeyPath = ()
        lists: dict[KeyPath, int] = {}
        while self._next < len(self._tokens):
            token = self._tokens[self._next]
            if token.text == "\n":
                self._next += 1
            elif token.text == "[":
                self._next += 1
                is_list = self._tokens[self._next].text == "["
                self._next += is_list
                table = self._read_key((), "]")
                self._next += is_list
                if is_list:
                    lists[table] = lists.get(table, -1) + 1
                    table = (*table, lists[table])
                    self.places[table] = token.line
            else:
                self._read_value(self._read_key(table, "="))

    def _read_key(self, above: KeyPath, stop: str) -> KeyPath:
        path = above
        while (token := self._take()).text != stop:
            if token.text != ".":
                path = (*path, token.key)
                self.places.setdefault(path, token.line)
        return path

    def _read_value(self, path: KeyPath) -> None:
        opening = self._take().text
        if opening == "[":
            number = 0
            while (token := self._skip_ends()).text != "]":
                if token.text == ",":
                    self._next += 1
                    continue
                self.places[*path, number] = token.line
                self._read_value((*path, number))
                number += 1
            self._next += 1
        elif opening == "{":
            while (token := self._skip_ends()).text != "}":
                if token.text == ",":
                    self._next += 1
                    continue
                self._read_value(self._read_key(path, "="))
            self._next += 1
        else:
            while self._tokens[self._next].text not in {"\n", ",", "]", "}"}:  # a number or a date of several words
                self._next += 1

    def _skip_ends(self) -> _Token:
        while self._tokens[self._next].text == "\n":
            self._next += 1
        return self._tokens[self._next]

    def _take(self) -> _Token:
        self._next += 1
        return self._tokens[self._next - 1]
