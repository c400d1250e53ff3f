"""A profile's text to its faults, all at once, each with its line: what its author must mend before it can read a page.

What is checked follows from the types of the profile: the keys and their forms are read from the annotations, and an
annotation may carry a rule for its text (`Rule`). A text without a rule is compared with folded pages.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections import Counter
from collections.abc import Iterator

from msgspec import Struct, inspect

from scraper.profile.profile_rule import Rule
from scraper.profile.toml_places import KeyPath, locate_keys
from snapshots.folding import fold_characters

_PROBES = ("", "甲", "a")
"""Texts that say nothing: a mark that is found in one of them is found on every page."""


class Fault(Struct, frozen=True, kw_only=True):
    """What is wrong in a profile: the line (None where the key is not there), the key, and what to do."""

    line: int | None
    key: str
    message: str

    def describe(self, name: str) -> str:
        """The fault as one line: `mine.toml:12: sections.added: …`."""
        place = name if self.line is None else f"{name}:{self.line}"
        return f"{place}: {self.key}: {self.message}" if self.key else f"{place}: {self.message}"


def check_profile_text(text: str, kind: type[Struct]) -> tuple[Fault, ...]:
    """The faults of the profile in the order of their lines; `kind` is the type that it must have."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", str(error))
        reason, line = (f"{found[1]} in column {found[3]}", int(found[2])) if found else (str(error), text.count("\n"))
        return (Fault(line=line, key="", message=f"is not TOML: {reason}"),)
    checker = _Checker(locate_keys(text))
    faults = checker.check(table, inspect.type_info(kind), (), None)
    return tuple(sorted(faults, key=lambda fault: fault.line or 0))


class _Checker:
    """Walks over a table and the type that it should have."""

    def __init__(self, places: dict[KeyPath, int]) -> None:
        self._places = places

    def check(self, value: object, kind: inspect.Type, path: KeyPath, rule: Rule | None) -> Iterator[Fault]:
        match kind:
            case inspect.Metadata():
                yield from self.check(value, kind.type, path, (kind.extra or {}).get("rule", rule))
            case inspect.UnionType():
                inner = next(one for one in kind.types if not isinstance(one, inspect.NoneType))
                yield from self.check(value, inner, path, rule)
            case inspect.StructType() | inspect.DictType() if isinstance(value, dict):
                yield from self._check_table(value, kind, path)
            case inspect.VarTupleType() if isinstance(value, list):
                yield from self._check_list(value, kind.item_type, path)
            case inspect.StrType() if isinstance(value, str):
                yield from (self._fault(path, message) for message in _check_words(value, rule))
            case _ if not _fits(value, kind):
                yield self._fault(path, f"is {_name_form(kind)}, not {_show(value)}")

    def _check_table(
        self, table: dict[str, object], kind: inspect.StructType | inspect.DictType, path: KeyPath
    ) -> Iterator[Fault]:
        known = _list_keys(kind, table)
        for key, value in table.items():
            if key in known:
                yield from self.check(value, known[key], (*path, key), None)
            else:
                near = difflib.get_close_matches(key, known, n=1)
                hint = f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(known)}"
                yield self._fault((*path, key), f"no such key; {hint}")
        for field in kind.fields if isinstance(kind, inspect.StructType) else ():
            if field.required and field.encode_name not in table:
                yield self._fault((*path, field.encode_name), "is missing")

    def _check_list(self, items: list[object], kind: inspect.Type, path: KeyPath) -> Iterator[Fault]:
        for number, item in enumerate(items):
            yield from self.check(item, kind, (*path, number), None)
        rule = (kind.extra or {}).get("rule") if isinstance(kind, inspect.Metadata) else None
        if isinstance(rule, Rule) and rule.form != "free":
            # Patterns of one list are searched for as one: the same group may not be named in two of them.
            compiled = [re.compile(item) for item in items if isinstance(item, str) and not _find_mistake(item)]
            named = Counter(group for pattern in compiled for group in pattern.groupindex)
            for group in (group for group, count in named.items() if count > 1):
                yield self._fault(path, f"several patterns of the list name the group '{group}'")

    def _fault(self, path: KeyPath, message: str) -> Fault:
        return Fault(line=self._find_line(path), key=_show_path(path), message=message)

    def _find_line(self, path: KeyPath) -> int | None:
        """The line of the key, or of the nearest table around it that has one."""
        return next((self._places[path[:end]] for end in range(len(path), 0, -1) if path[:end] in self._places), None)


def _check_words(words: str, rule: Rule | None) -> Iterator[str]:
    if not words.strip():
        yield "is empty"
    elif rule is None:
        yield from _check_folded(words)
    elif rule.form != "free":
        yield from _check_folded(words)
        yield from _check_pattern(words, rule)


def _check_folded(words: str) -> Iterator[str]:
    """Pages are folded before they are matched: what is not written so can never be found."""
    folded = fold_characters(words)
    wrong = next((place for place in range(len(words)) if words[place] != folded[place]), None)
    if wrong is not None:
        yield (
            f"'{words[wrong]}' is never found: pages are matched in Simplified script and half width; write '{folded}'"
        )


def _check_pattern(pattern: str, rule: Rule) -> Iterator[str]:
    mistake = _find_mistake(pattern)
    if mistake:
        yield f"the pattern does not compile: {mistake}"
        return
    compiled = re.compile(pattern)
    for group in rule.groups:
        if group not in compiled.groupindex:
            yield f"the pattern needs a group of this name: (?P<{group}>…)"
    if compiled.search("") is not None or (rule.form == "mark" and any(map(compiled.search, _PROBES))):
        yield f"the pattern fits {'every page' if rule.form == 'mark' else 'every line'}"


def _find_mistake(pattern: str) -> str | None:
    """Why the pattern does not compile, with the place; it must also compile as one of several (`(?i)` does not)."""
    for before, after in (("", ""), ("(?:", ")")):
        try:
            re.compile(f"{before}{pattern}{after}")
        except re.error as error:
            place = (error.pos or 0) - len(before)
            return f"{error.msg} at character {place + 1}, before '{pattern[place:]}'"
    return None


def _fits(value: object, kind: inspect.Type) -> bool:
    """Whether the value has one of the simple types."""
    match kind:
        case inspect.LiteralType():
            return value in kind.values
        case inspect.BoolType():
            return isinstance(value, bool)
        case inspect.IntType():
            return isinstance(value, int) and not isinstance(value, bool)
        case _:
            return False


def _list_keys(kind: inspect.StructType | inspect.DictType, table: dict[str, object]) -> dict[str, inspect.Type]:
    """The keys that the table may have, each with the type of its value."""
    if isinstance(kind, inspect.StructType):
        return {field.encode_name: field.type for field in kind.fields}
    names = map(str, kind.key_type.values) if isinstance(kind.key_type, inspect.LiteralType) else table
    return dict.fromkeys(names, kind.value_type)


def _name_form(kind: inspect.Type) -> str:
    match kind:
        case inspect.StructType() | inspect.DictType():
            return "a table"
        case inspect.VarTupleType():
            return f"a list, each item of it {_name_form(kind.item_type)}"
        case inspect.Metadata():
            return _name_form(kind.type)
        case inspect.LiteralType():
            return f"one of {', '.join(map(str, kind.values))}"
        case inspect.BoolType():
            return "true or false"
        case inspect.IntType():
            return "a whole number"
        case _:
            return "a text"


def _show(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"'
        case dict():
            return "a table"
        case list():
            return "a list"
        case _:
            return str(value)


def _show_path(path: KeyPath) -> str:
    """`sections.added[2]`, counted from 1 as a reader does."""
    parts = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path]
    return "".join(parts).removeprefix(".")
