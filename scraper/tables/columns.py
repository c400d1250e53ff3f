"""What the columns of a table hold: the words of its header cells, looked up in the profile.

「资质要求(变更前)」 is the requirement of the state before; 「迁出类目」 above 「一级类目 | 二级类目」 makes these two
the old path. A heading that the profile does not know is kept with its words: its cells are attributes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from scraper.profile.profile import Column, Profile, Side
from snapshots.remember import remember_words

LEVELS: tuple[Column, ...] = ("level1", "level2", "level3", "level4")
NAMES: frozenset[Column] = frozenset({"path", *LEVELS})
TEXTS: frozenset[Column] = frozenset({"requirement", "scope", "remark", "condition"})

_SPACE = re.compile(r"\s")
_SIGNS = re.compile(r"[()\[\]【】::*]")
_ASIDE = re.compile(r"\(([^()]{2,6})\)$")
LONGEST = 24  # letters of a heading; what is longer is a cell of data


@dataclass(frozen=True, slots=True)
class Heading:
    """What a column holds; `words` as published, `column` None where the profile does not know them."""

    words: str
    column: Column | None = None
    side: Side | None = None


def read_heading(words: str, folded: str, profile: Profile) -> Heading:
    """What the column under these words holds."""
    if len(folded) > LONGEST and len("".join(folded.split())) > LONGEST:
        return Heading(words)
    if not profile.heading_sign.is_in(folded):  # as of nearly every cell below a header
        return Heading(words)
    return _read_known(words, folded, profile)


def is_known(headings: Iterable[Heading]) -> bool:
    """Whether the headings make a table of categories: one names a category, another says something of it."""
    found = [heading for heading in headings if heading.column is not None]
    return len(found) > 1 and any(heading.column in NAMES for heading in found)


def settle_sides(headings: Mapping[int, Heading]) -> dict[int, Heading]:
    """The headings, that of an old state said to be one: 「三级类目 | 调整后三级类目」, 「资质要求 | 新资质要求」.

    Beside a whole new name, 「更名后」, all other names are of the old one.
    """
    new = {heading.column for heading in headings.values() if heading.side == "after"}
    old = {heading.column for heading in headings.values() if heading.side == "before"}
    settled = new - old | (NAMES if "path" in new and not old & NAMES else set())
    return {
        column: replace(heading, side="before") if heading.side is None and heading.column in settled else heading
        for column, heading in headings.items()
    }


def join_headings(group: Heading, below: Heading) -> Heading:
    """The heading of a column that stands under a group: 「迁出类目」 over 「一级类目」 is level 1 before."""
    if group.column not in (None, "path") and below.column == "path" and below.side:
        return Heading(f"{group.words} {below.words}", group.column, below.side)  # 「资质要求」 over 「变更前」
    if below.column is None:
        return Heading(f"{group.words} {below.words}", None, group.side)
    return Heading(f"{group.words} {below.words}", below.column, below.side or group.side)


@remember_words
def _read_known(words: str, folded: str, profile: Profile) -> Heading:
    bare = _SPACE.sub("", folded)
    if len(bare) > LONGEST:
        return Heading(words)
    if column := profile.column_words.get(bare):
        return Heading(words, column)
    for part in (bare, *bare.split("/"), *_drop_verb(bare, profile)):
        column, side = _read_side(_SIGNS.sub("", part), profile)
        if column is not None:
            return Heading(words, column, side)
    return Heading(words)


def _drop_verb(bare: str, profile: Profile) -> Iterator[str]:
    """The words without what happens, in brackets behind them: 「调整后三级类目(更名)」."""
    match = _ASIDE.search(bare)
    if match and any(match[1] in words for words in profile.verbs.values()):
        yield bare[: match.start()]


def _read_side(bare: str, profile: Profile) -> tuple[Column | None, Side | None]:
    for spelling, side in profile.side_words:
        if bare.startswith(spelling) or bare.endswith(spelling):
            rest = bare.removeprefix(spelling) if bare.startswith(spelling) else bare.removesuffix(spelling)
            if not rest:
                return "path", side
            if column := profile.column_words.get(rest):
                return column, side
    return profile.column_words.get(bare), None
