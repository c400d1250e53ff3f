"""Marks of lines set right by what stands around them: what only looks like frame, and headings that are not known.

2、个人主体:            an item of the requirement's list, not who applies for what follows
【日本】:               a place in the requirement's list, where the other entries are headed by 【A-B】
【电商平台-综合平台】     below 「注:如为平台,需补充以下类目:」: what the note names, no entry
类目暂停开放            above 「境外主体」: a section whose word is not known
#【生活服务-丁】公测中     above 「现资质要求」: an entry whose form is not known
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from scraper.notice.entries import Block
from scraper.notice.frame import Mark
from scraper.notice.names import read_listed
from scraper.notice.prose import read_prose
from scraper.page.lines import Line
from scraper.profile.profile import Profile
from scraper.requirement.enumerators import read_enumerator

_LONGEST_HEADING = 12
_SIGNS = re.compile(r"[。;,::《》【】「」“”]")
_ENDED = re.compile(r"[。;)]$")
_LEADS = re.compile(r"[::]$")
_OPENED = frozenset({"block", "entry", "entity"})  # what may stand below a heading that is not known
_PART = frozenset({"section", "entry", "table", "unknown table", "title"})


def settle_marks(lines: Sequence[Line], marks: Sequence[Mark], profile: Profile) -> list[Mark]:
    """The marks, with lines of a block read as such, and unknown headings told as what they are."""
    own = [place for place, line in enumerate(lines) if not profile.chrome_sign.is_in(line.folded)]
    reader = _Settler([lines[place] for place in own], [marks[place] for place in own])
    settled = list(marks)
    for place, mark in zip(own, reader.settle(), strict=True):
        settled[place] = mark
    return settled


class _Settler:
    """Goes through the lines, with the block that is open and the levels of the headings above."""

    def __init__(self, lines: Sequence[Line], marks: Sequence[Mark]) -> None:
        self._lines = lines
        self._marks = list(marks)
        self._open: Block | None = None
        self._block: list[Line] = []
        self._leads = False  # the block's last line leads to names: 「需补充以下类目:」
        self._section: int | None = None  # the level of the last section's heading
        self._entry = 0

    def settle(self) -> list[Mark]:
        for place, line in enumerate(self._lines):
            mark = self._marks[place]
            if mark.kind in ("entity", "entry") or (mark.kind == "text" and self._find_kind(place + 1) in _OPENED):
                self._marks[place] = mark = self._settle_mark(place, line, mark)
            self._follow(line, mark)
        return self._marks

    def _settle_mark(self, place: int, line: Line, mark: Mark) -> Mark:
        if mark.kind == "entity" and self._open is not None and self._has_sign(line):
            if not self._opens_part(place + 1):
                return Mark("text")
            return Mark("entity") if self._counts_on(line) else mark
        if mark.kind == "entry" and (self._is_named(place, line) or self._is_branch(place, line)):
            return Mark("text")
        if mark.kind == "text" and self._is_lost_entry(place, line):
            sign = read_enumerator(line.folded)
            return Mark("entry", rest=sign.end if sign else 0)  # 「1、【A-B】类目」
        if mark.kind == "text" and self._is_lost_entity(place, line):
            return Mark("entity")
        return Mark("section") if mark.kind == "text" and self._is_lost_section(place, line) else mark

    def _follow(self, line: Line, mark: Mark) -> None:
        if mark.kind == "text":
            if self._open is not None:
                self._block.append(line)
                is_name = line.folded.startswith("【")
                self._leads = _LEADS.search(line.folded) is not None or (self._leads and is_name)
            return
        self._open, self._block, self._leads = mark.block, [], False
        if mark.kind == "section":
            self._section = line.heading
        elif mark.kind == "entry":
            self._entry = line.heading

    def _find_kind(self, place: int) -> str | None:
        return self._marks[place].kind if place < len(self._marks) else None

    def _has_sign(self, line: Line) -> bool:
        return read_enumerator(line.folded.strip("# ")) is not None or _LEADS.search(line.folded) is not None

    def _opens_part(self, place: int) -> bool:
        """Whether what begins there stands below the heading of an entity type: entries, a table, sentences, names."""
        kind = self._find_kind(place)
        if kind == "entity":
            return self._opens_part(place + 1)
        if kind == "block":  # an entry that lost its name; a scope only ends the requirement that is open
            return self._open == "scope" or self._marks[place].block == "requirement"
        if kind != "text":
            return kind in _PART
        line = self._lines[place]
        return bool(read_prose(line.text).statements or read_listed(line.text)) or "类目" in line.folded

    def _counts_on(self, line: Line) -> bool:
        """Whether the line could as well be the next item of the open block's list: who applies is not known then."""
        sign = read_enumerator(line.folded.strip("# "))
        items = [item for line in self._block if (item := read_enumerator(line.folded)) is not None]
        return (
            sign is not None
            and sign.number > 1
            and (sign.style, sign.number - 1) in {(item.style, item.number) for item in items}
        )

    def _is_named(self, place: int, line: Line) -> bool:
        """Whether a name stands in a note: the line above leads to it, and no block follows."""
        is_heading = line.heading > 0 or line.folded.startswith("#")
        return self._leads and not is_heading and self._find_kind(place + 1) != "block"

    def _is_branch(self, place: int, line: Line) -> bool:
        """Whether a name without levels opens a part of the requirement: 「【日本】:」 above 「同时提供:」."""
        is_heading = line.heading > 0 or line.folded.startswith("#") or "-" in line.folded
        is_label = _LEADS.search(line.folded) is not None and self._find_kind(place + 1) == "text"
        return self._open == "requirement" and is_label and not is_heading

    def _is_lost_entry(self, place: int, line: Line) -> bool:
        """Whether a heading of a form that is not known names the category of the blocks that follow."""
        if self._find_kind(place + 1) != "block":
            return False
        if line.heading and line.heading == self._entry:
            return True
        sign = read_enumerator(line.folded)
        folded = line.folded[sign.end :] if sign else line.folded
        is_new = self._open == "scope" or self._marks[place + 1].block == "requirement"
        is_name = folded.startswith("【") or len(read_listed(line.text)) == 1
        return folded.startswith("#") or (is_name and (self._open is None or is_new))

    def _is_lost_entity(self, place: int, line: Line) -> bool:
        """Whether a heading names several who may apply, or all: 「个人主体、非个人主体」, 「所有主体」."""
        words = line.folded.strip(" ():#")
        is_short = len(words) <= _LONGEST_HEADING and not _SIGNS.search(words)
        return is_short and words.endswith("主体") and self._find_kind(place + 1) == "entry" and not self._leads

    def _is_lost_section(self, place: int, line: Line) -> bool:
        """Whether a short line above an entity type or an entry is the heading of a section whose word is not known."""
        following = self._find_kind(place + 1)
        if self._section is None or following not in ("entity", "entry") or self._leads:
            return False
        if line.heading and line.heading == self._section:
            return True
        enumerator = read_enumerator(line.folded)
        words = line.folded[enumerator.end :] if enumerator else line.folded
        words = words.strip("#◆■●▶▎★ []")
        if len(words) > _LONGEST_HEADING or _SIGNS.search(words) or (enumerator and enumerator.style != "一"):
            return False
        if words.startswith("类目") or words.endswith("类目"):
            return True
        is_behind = self._open == "scope" and bool(self._block) and _ENDED.search(self._block[-1].folded) is not None
        return is_behind and following == "entity"
