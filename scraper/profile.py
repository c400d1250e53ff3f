"""Profiles: everything that differs from platform to platform, as data."""

from __future__ import annotations

import re
import tomllib
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct, field

from snapshots.category import EntityType
from snapshots.errors import PageRefusedError, UsageError
from snapshots.notice import Action

Column = Literal["level1", "level2", "level3", "requirement", "scope", "remark"]
"""What a column of a table holds."""


class CatalogueWords(Struct, frozen=True, forbid_unknown_fields=True):
    """How a platform's catalogue is laid out; `empty_requirement` says what an empty cell means there."""

    complete: str
    empty_requirement: Literal["none", "not_stated"] = "not_stated"


class Profile(Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """The words and patterns of one platform's pages, in Simplified script and half width."""

    name: str
    platform: str
    marks: tuple[str, ...]
    title: str
    entry_heading: str
    sections: dict[Action, tuple[str, ...]]
    blocks: dict[Literal["requirement", "scope"], tuple[str, ...]]
    description: str = ""
    entity_types: dict[EntityType, tuple[str, ...]] = field(default_factory=dict)
    publisher: str = ""
    chrome: tuple[str, ...] = ()
    tail: tuple[str, ...] = ()
    columns: dict[Column, tuple[str, ...]] = field(default_factory=dict)
    catalogue: CatalogueWords | None = None
    places: dict[Literal["names"], tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def title_pattern(self) -> re.Pattern[str]:
        """What makes a line the title of a notice."""
        return re.compile(self.title)

    @cached_property
    def entry_pattern(self) -> re.Pattern[str]:
        """What makes a line the heading of an entry."""
        return re.compile(self.entry_heading)

    @cached_property
    def publisher_pattern(self) -> re.Pattern[str] | None:
        """What makes a line name the publisher."""
        return re.compile(self.publisher) if self.publisher else None

    @cached_property
    def chrome_pattern(self) -> re.Pattern[str]:
        """What makes a line part of the site around the content."""
        return re.compile("|".join(f"(?:{pattern})" for pattern in self.chrome) or r"(?!)")

    @cached_property
    def tail_pattern(self) -> re.Pattern[str]:
        """What a line begins with that ends the content."""
        return re.compile("|".join(f"(?:{pattern})" for pattern in self.tail) or r"(?!)", re.IGNORECASE)


def list_profiles() -> tuple[str, ...]:
    """The names of the profiles that ship with the program."""
    folder = resources.files("scraper") / "profiles"
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


def load_profile(name: str) -> Profile:
    """The profile of that name, or the one in the TOML file of that path; raises UsageError."""
    if name.endswith(".toml"):
        try:
            text = Path(name).read_text(encoding="utf-8")
        except OSError as error:
            raise UsageError(f"{name}: the profile cannot be read ({error.strerror}); check the path") from error
        return _decode(name, text)
    if name not in list_profiles():
        raise UsageError(f"no profile is named '{name}'; there are: {', '.join(list_profiles())}")
    return _decode(name, (resources.files("scraper") / "profiles" / f"{name}.toml").read_text(encoding="utf-8"))


def choose_profile(page: str, folded: str) -> Profile:
    """The one profile whose marks are found in the page's folded text; PageRefusedError where none or two fit."""
    fitting = [
        profile
        for profile in map(load_profile, list_profiles())
        if any(re.search(mark, folded) for mark in profile.marks)
    ]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        known = ", ".join(list_profiles())
        raise PageRefusedError(
            page, f"no profile's marks are on the page; it is no notice, or name one with --profile ({known})"
        )
    names = ", ".join(profile.name for profile in fitting)
    raise PageRefusedError(page, f"the marks of several profiles are on the page; name one with --profile ({names})")


def _decode(name: str, text: str) -> Profile:
    try:
        return msgspec.convert(tomllib.loads(text), Profile)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{name}: not a TOML file: {error}") from error
    except msgspec.ValidationError as error:
        raise UsageError(f"{name}: {error}") from error
