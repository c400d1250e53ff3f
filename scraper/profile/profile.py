"""Profiles: everything that differs from platform to platform, as data.

A text of a profile is compared with folded pages unless its type says that it is something else: see `Rule`.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Sequence
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct, field

from scraper.profile.profile_rule import Rule
from snapshots.category import EntityType
from snapshots.errors import PageRefusedError, UsageError
from snapshots.memory import KnownSearch
from snapshots.notice import Action

Column = Literal[
    "action", "entity_type", "path", "level1", "level2", "level3", "level4", "requirement", "scope", "remark",
    "condition", "effective", "closes", "deadline", "ordinal",
]  # fmt: skip
"""What a column of a table holds; `path` is a whole one in one cell (「政务民生-信用」), `condition` what is moved."""

Side = Literal["before", "after"]
"""Which state a column tells of: 「資質要求(變更前)」, 「遷出類目」 tell of the one before."""

Free = Annotated[str, Meta(extra={"rule": Rule(form="free")})]
Pattern = Annotated[str, Meta(extra={"rule": Rule(form="pattern")})]
MarkPattern = Annotated[str, Meta(extra={"rule": Rule(form="mark")})]
EntryPattern = Annotated[str, Meta(extra={"rule": Rule(form="pattern", groups=("name",))})]
PublisherPattern = Annotated[str, Meta(extra={"rule": Rule(form="pattern", groups=("publisher",))})]


_MARKUP = r"^(?:</?[a-z][a-z0-9]*(?:\s[^<>]*)?>\s*|<!--(?:(?!-->).)*-->\s*)+$"
"""A line of markup that a copy shows as text: 「<noframes id="bhrfl"><address id="bhrfl"></address>」."""


_ADDRESS = re.compile(r"(?:开发者|商家|用户|伙伴)\s*(?:们|朋友们?)?\s*[:,]\s*$")
"""How a line ends that speaks to the readers."""


class CatalogueWords(Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """How a platform's lists of categories are laid out.

    `complete` is the pattern of a title that claims to list all, `listing` of one that does not. `level1_heading`
    says how a heading names level 1 (`name`); without it every heading below the title does. `empty_requirement`
    says what an empty cell means there.
    """

    complete: Pattern
    listing: Pattern = ""
    level1_heading: EntryPattern = ""
    empty_requirement: Literal["none", "not_stated"] = "not_stated"

    @cached_property
    def title_patterns(self) -> tuple[re.Pattern[str], ...]:
        """What makes a line the title of a list: of one that claims to list all, and of one that does not."""
        return tuple(re.compile(pattern) for pattern in (self.complete, self.listing) if pattern)

    def claims_all(self, folded: str) -> bool:
        """Whether the line is a title that claims to list all: 「小程序开放的服务类目」."""
        return re.search(self.complete, folded) is not None

    def opens_list(self, folded: str) -> bool:
        """Whether the line is the title of a list of categories: 「特殊行业所需资质材料」."""
        return any(pattern.search(folded) is not None for pattern in self.title_patterns)

    def find_level1(self, folded: str) -> tuple[int, int] | None:
        """Where a heading names level 1: all of 「物流服务」, the end of 「一级类目:交通」; None: no name."""
        match = re.search(self.level1_heading or "(?P<name>.+)", folded)
        return match.span("name") if match else None


class Profile(Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """The words and patterns of one platform's pages, in Simplified script and half width.

    `others` is the pattern of other platforms' names: a page whose title or whose address has one is theirs, whatever
    else it says.
    `path_levels` is how many levels a name has at most that is written with dashes: 【医疗服务-药品(非处方药)-甲】 is
    two, the second with a dash in it, where the platform knows no more.
    """

    name: Free
    platform: Free
    marks: tuple[MarkPattern, ...]
    title: Pattern
    others: Pattern = ""
    entry_heading: EntryPattern = "(?!)(?P<name>)"
    sections: dict[Action, tuple[str, ...]] = field(default_factory=dict)
    blocks: dict[Literal["requirement", "scope"], tuple[str, ...]] = field(default_factory=dict)
    description: Free = ""
    entity_types: dict[EntityType, tuple[str, ...]] = field(default_factory=dict)
    publisher: PublisherPattern = ""
    chrome: tuple[Pattern, ...] = ()
    tail: tuple[Pattern, ...] = ()
    columns: dict[Column, tuple[str, ...]] = field(default_factory=dict)
    sides: dict[Side, tuple[str, ...]] = field(default_factory=dict)
    verbs: dict[Action | Literal["unchanged"], tuple[str, ...]] = field(default_factory=dict)
    branch: EntryPattern = ""
    catalogue: CatalogueWords | None = None
    path_levels: Annotated[int, Meta(ge=1, le=4)] = 2
    places: dict[Literal["names", "home"], tuple[str, ...]] = field(default_factory=dict)

    def __hash__(self) -> int:
        """Two profiles of one name may differ, and are then unequal all the same."""
        return hash(self.name)

    @cached_property
    def mark_patterns(self) -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
        """The marks, each with words that a page must have for it."""
        return tuple((re.compile(mark), _find_needed(mark)) for mark in self.marks)

    def has_mark(self, folded: str) -> bool:
        """Whether the folded text of a page has one of the marks."""
        return any(
            all(words in folded for words in needed) and mark.search(folded) for mark, needed in self.mark_patterns
        )

    @cached_property
    def title_pattern(self) -> re.Pattern[str]:
        """What makes a line the title of a notice."""
        return re.compile(self.title)

    def is_of_another(self, folded: str) -> bool:
        """Whether the page names another platform in its title or where it speaks to its readers.

        「支付宝小程序类目调整公告」, 「各位抖音小程序开发者:」; what a site's links name says nothing.
        """
        if not self.others or re.search(self.others, folded) is None:
            return False
        lines = folded.split("\n")
        title = next((line for line in lines if self.title_pattern.search(line)), "")
        return any(re.search(self.others, line) for line in (title, *filter(_ADDRESS.search, lines)))

    @cached_property
    def entry_pattern(self) -> re.Pattern[str]:
        """What makes a line the heading of an entry."""
        return re.compile(self.entry_heading)

    @cached_property
    def column_words(self) -> dict[str, Column]:
        """The column of each spelling of a heading."""
        return {spelling: column for column, spellings in self.columns.items() for spelling in spellings}

    @cached_property
    def side_words(self) -> tuple[tuple[str, Side], ...]:
        """The words that say which state a column tells of, the longest first."""
        pairs = [(spelling, side) for side, spellings in self.sides.items() for spelling in spellings]
        return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))

    @cached_property
    def heading_sign(self) -> KnownSearch:
        """What the heading of a column has somewhere; other signs and spaces may stand between the letters."""
        words = {*self.column_words, *(spelling for spelling, _ in self.side_words)}
        return KnownSearch(re.compile("|".join(map(_part_letters, sorted(words))) or "(?!)"))

    @cached_property
    def entity_type_words(self) -> tuple[tuple[EntityType, str], ...]:
        """The words for those who apply, the longest first: 非个人主体 holds 个人主体."""
        pairs = [(name, spelling) for name, spellings in self.entity_types.items() for spelling in spellings]
        return tuple(sorted(pairs, key=lambda pair: -len(pair[1])))

    @cached_property
    def block_pattern(self) -> re.Pattern[str]:
        """What makes a line a block's heading, its name alone or with a colon; copies put spaces into the name.

        A word of a side may stand before the name or in brackets behind it: 「原資質要求」, 「資質要求(調整後)」.
        """
        names = "|".join(
            f"(?P<{block}>{'|'.join(_space_out(name) for name in sorted(spellings, key=len, reverse=True))})"
            for block, spellings in self.blocks.items()
        )
        before = "|".join(_space_out(word) for word, side in self.side_words if side == "before") or "(?!)"
        after = "|".join(_space_out(word) for word, side in self.side_words if side == "after") or "(?!)"
        lead = rf"(?:(?:(?P<before>{before})|{after})\s*的?\s*)?"
        aside = rf"(?:\s*\((?:(?P<aside>{before})|{after})\))?"
        return re.compile(rf"[【\[]?{lead}(?:{names or '(?!)'}){aside}[】\]]?\s*(?:(?P<colon>[::])\s*|$)")

    @cached_property
    def branch_pattern(self) -> re.Pattern[str] | None:
        """What names the category that stands above all those of a table: 「對【廚具】下部分類目」."""
        return re.compile(self.branch) if self.branch else None

    @cached_property
    def publisher_pattern(self) -> re.Pattern[str] | None:
        """What makes a line name the publisher."""
        return re.compile(self.publisher) if self.publisher else None

    @cached_property
    def chrome_sign(self) -> KnownSearch:
        """What makes a line part of the site around the content: the profile's words, and markup that is shown."""
        return KnownSearch(re.compile("|".join(f"(?:{pattern})" for pattern in (_MARKUP, *self.chrome))))

    @cached_property
    def tail_pattern(self) -> re.Pattern[str]:
        """What a line begins with that ends the content."""
        return re.compile("|".join(f"(?:{pattern})" for pattern in self.tail) or r"(?!)", re.IGNORECASE)


def _find_needed(pattern: str) -> tuple[str, ...]:
    """Words that all have which the pattern finds: those outside of its groups, where it has no alternatives."""
    bare, groups = re.sub(r"\\.|\[\^?\]?[^\]]*\]", " ", pattern), 1
    while groups:
        bare, groups = re.subn(r"\([^()]*\)", " ", bare)
    return () if "|" in bare else tuple(re.findall(r"[\u4e00-\u9fff]{2,}(?![?*{])", bare))


def _space_out(words: str) -> str:
    return r"\s*".join(map(re.escape, words))


def _part_letters(words: str) -> str:
    """A pattern of the words, with signs that are no letters wherever a copy may have put some."""
    return r"[\s()\[\]【】::*]*".join(map(re.escape, words))


def list_profiles() -> tuple[str, ...]:
    """The names of the profiles that ship with the program."""
    folder = resources.files("scraper") / "profiles"
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


def gather_profiles(paths: Sequence[str] = ()) -> tuple[Profile, ...]:
    """The profiles that ship, and those in the TOML files, in order of name.

    A file's profile takes the place of one that ships under its name: it is a copy that was changed. Raises UsageError
    for a broken file, and for two files with one name.
    """
    profiles = {name: load_profile(name) for name in list_profiles()}
    files: dict[str, str] = {}
    for path in paths:
        profile = load_profile(path)
        if profile.name in files:
            raise UsageError(f"{path}: {files[profile.name]} has the name '{profile.name}' too; give it another")
        profiles[profile.name], files[profile.name] = profile, path
    return tuple(profiles[name] for name in sorted(profiles))


def load_profile(name: str, profiles: Sequence[Profile] = ()) -> Profile:
    """The profile of that name (of the given ones, or that ships), or the one in the TOML file; raises UsageError."""
    if name.endswith(".toml"):
        return _load_file(name)
    for profile in profiles:
        if profile.name == name:
            return profile
    if name not in list_profiles():
        known = sorted({*list_profiles(), *(profile.name for profile in profiles)})
        raise UsageError(f"no profile is named '{name}'; there are: {', '.join(known)}")
    return _load_shipped(name)


def print_profile(profile: Profile) -> str:
    """The print of what the profile says, 12 hexadecimal digits: another content may read a page otherwise."""
    return hashlib.sha256(msgspec.json.encode(profile, order="deterministic")).hexdigest()[:12]


def read_profile_text(path: str) -> str:
    """The text of a profile's file; raises UsageError."""
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path}: the profile cannot be read ({error.strerror}); check the path") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: the profile is not UTF-8 text; save it as such") from error


def choose_profile(page: str, folded: str, profiles: Sequence[Profile]) -> Profile:
    """The one profile whose marks are found in the page's folded text; PageRefusedError where none or two fit."""
    marked = [profile for profile in profiles if profile.has_mark(folded)]
    fitting = [profile for profile in marked if not profile.is_of_another(folded)]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        known = ", ".join(profile.name for profile in profiles)
        named = f"it is no notice, or its profile must be named, by --profile or for its source ({known})"
        raise PageRefusedError(page, f"no profile's marks are on the page; {named}", cause="no marks")
    names = ", ".join(profile.name for profile in fitting)
    named = f"one must be named, by --profile or for its source ({names})"
    raise PageRefusedError(page, f"the marks of several profiles are on the page; {named}", cause="several marks")


@cache
def _load_shipped(name: str) -> Profile:
    text = (resources.files("scraper") / "profiles" / f"{name}.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Profile)


def _load_file(path: str) -> Profile:
    from scraper.profile.profile_check import check_profile_text  # noqa: PLC0415 - only a file of the user's may be wrong

    text = read_profile_text(path)
    faults = check_profile_text(text, Profile)
    if faults:
        more = f" (and {len(faults) - 1} more: noticediff profile check {path})" if len(faults) > 1 else ""
        raise UsageError(f"{faults[0].describe(path)}{more}")
    return msgspec.convert(tomllib.loads(text), Profile)
