"""What each line is in the frame of a notice: a section, an entity type, an entry's or a block's heading, or words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from msgspec import Struct, structs

from scraper.notice.entries import Block
from scraper.page.lines import Line
from scraper.profile.profile import Profile
from scraper.requirement.enumerators import read_enumerator
from scraper.tables.tables import find_header, group_cells
from snapshots.category import EntityType
from snapshots.memory import Memory
from snapshots.notice import Action
from snapshots.remember import remember_words

Kind = Literal["title", "section", "entity", "entry", "block", "table", "unknown table", "text"]

_LONGEST_TITLE = 60  # letters; what is longer is a sentence that names a title
_LONGEST_FRAME = 40
_SENTENCE = re.compile(r"[。,;]")
_ENDED = re.compile(r"[。;]")  # what ends a sentence in a heading: 「关于类目调整的公告,请查收」 is still a title
_ASIDE = re.compile(r"\((?:共|合计)?\s*\d+\s*(?:个|项)?(?:类目)?\)|\([^()]*20\d{2}[^()]*\)")
"""What a section's heading says in brackets beside its action: how many, and since when."""
_POINTER = re.compile(r"以下|下列|如下|(?:明细|清单|列表|名单|详情|情况)$")
_GENERAL = re.compile(r"调整|变更|更新|汇总")
_TELLING: tuple[Action, ...] = ("added", "removed", "renamed", "moved", "merged", "split")
_LEADING = re.compile(
    r"(?P<verb>[\u4e00-\u9fff]{2})(?:了)?(?:以下|下列|如下)(?:的)?(?:部分)?(?:[一二三四]级)?(?:小程序)?(?:服务)?类目[^。;:,]{0,6}:$"
)
_DENIED = re.compile(r"不|未|暂|拟|如|若|可能|计划|是否|征求意见")
_BULLET = re.compile(r"^[-*•·]\s+")
_ROOM = 1 << 20  # letters of lines: some 10 MB
_LEAST = 2  # rows and columns of a table; anything smaller is layout


class Mark(Struct, frozen=True, gc=False):
    """What a line is in the frame of the notice."""

    kind: Kind
    action: Action | None = None
    entity_type: EntityType | None = None
    block: Block | None = None
    is_before: bool = False  # the block tells of the earlier state: 「原資質要求」
    rest: int = 0  # where the words after a block's heading begin, 0 for none


def mark_lines(lines: Sequence[Line], profile: Profile) -> list[Mark]:
    """What each line is. A cell is read as one where its table names columns; the cells of a layout are just lines."""
    known = _remember_marks(profile)
    marks = []
    for line in lines:
        words = line.folded, line.heading > 0
        mark = known.recall(words)
        if mark is None:
            mark = mark_line(line, profile)
            known.keep(words, mark, len(line.folded) + 50)
        marks.append(mark)
    tables: dict[int, list[int]] = {}
    for place, line in enumerate(lines):
        if line.cell is not None:
            tables.setdefault(line.cell.table, []).append(place)
    for places in tables.values():
        kind = _read_table_kind([lines[place] for place in places], [marks[place] for place in places], profile)
        if kind is not None:
            for place in places:
                marks[place] = Mark(kind)
    return marks


@lru_cache(16)
def _remember_marks(_profile: Profile) -> Memory[tuple[str, bool], Mark]:
    return Memory(_ROOM)


def mark_line(line: Line, profile: Profile) -> Mark:
    """What a line that stands in no table is."""
    return _mark_words(line.folded.strip(), profile, is_heading=line.heading > 0)


@remember_words
def _mark_words(folded: str, profile: Profile, *, is_heading: bool) -> Mark:
    if profile.entry_pattern.match(folded):
        return Mark("entry")
    block = _read_block(folded, profile)
    if block is not None:
        return block
    frame = read_frame(folded, profile)
    if frame is not None:
        return frame
    action = _read_leading(folded, profile)
    if action is not None:
        return Mark("section", action=action)
    is_sentence = _ENDED.search(folded) if is_heading else _SENTENCE.search(folded)
    is_title = (
        len(folded) <= _LONGEST_TITLE
        and not is_sentence
        and not folded.endswith(":")  # 「京东将于2023年5月20日对以下类目进行调整:」 leads to what follows
        and profile.title_pattern.search(folded) is not None
        and profile.tail_pattern.match(folded) is None  # 「上一篇:2025年4-6月小程序类目调整汇总公告」
    )
    return Mark("title", action=_read_title_action(folded, profile)) if is_title else Mark("text")


def _read_leading(folded: str, profile: Profile) -> Action | None:
    """What a sentence says that happens to what follows it: 「自2025年10月8日起,将关闭以下类目:」."""
    match = _LEADING.search(folded)
    if match is None or _DENIED.search(folded):
        return None
    told = [action for action in _TELLING if match["verb"] in profile.verbs.get(action, ())]
    return told[0] if len(told) == 1 else None


def _read_title_action(folded: str, profile: Profile) -> Action | None:
    """What a title alone says that happens: 「关于关闭部分类目的公告」 is a section's heading too."""
    told = [action for action in _TELLING if any(word in folded for word in profile.verbs.get(action, ()))]
    return told[0] if len(told) == 1 and not _GENERAL.search(folded) else None


def join_names(lines: Sequence[Line], profile: Profile) -> tuple[list[Line], list[Line]]:
    """The lines, entries' headings that a copy has broken joined again, and the lines that were joined to another.

    「#【政务民生」 above 「-信用】」 is one heading.
    """
    joined: list[Line] = []
    taken: list[Line] = []
    if not any("【" in line.folded and "】" not in line.folded for line in lines):
        return list(lines), taken
    for line in lines:
        last = joined[-1] if joined else None
        if last is not None and line.cell is None and last.cell is None and _is_broken(last.folded, line.folded):
            whole = structs.replace(last, text=last.text + line.text, folded=last.folded + line.folded)
            if profile.entry_pattern.match(whole.folded.strip()):
                joined[-1] = whole
                taken.append(line)
                continue
        joined.append(line)
    return joined, taken


def _is_broken(folded: str, following: str) -> bool:
    return folded.count("【") == 1 and "】" not in folded and following.count("】") == 1 and "【" not in following


def read_frame(folded: str, profile: Profile) -> Mark | None:
    """A section's or an entity type's heading, or both in one: 「一、類目新增(非個人主體)」."""
    if len(folded) > _LONGEST_FRAME:
        return None
    words = folded.strip("#◆■●▶▎★ []【】")
    enumerator = read_enumerator(words)
    if enumerator is not None:
        words = words[enumerator.end :]
    words = _ASIDE.sub("", words)
    words = re.sub(r"[\s()::—\-_|/、.]", "", words)
    entity_type, words = _take_entity_type(words, profile)
    words = _POINTER.sub("", _POINTER.sub("", words)).removeprefix("小程序").removesuffix("小程序")
    for action, names in profile.sections.items():
        if words in names:
            return Mark("section", action=action, entity_type=entity_type)
    if entity_type is not None and words in ("", "类目"):
        return Mark("entity", entity_type=entity_type)
    return None


def read_entity_types(folded: str, profile: Profile) -> tuple[EntityType, ...]:
    """The entity types that the words name, in their order: 「個人主體、非個人主體」 names two."""
    found: list[EntityType] = []
    for part in re.split(r"[、,/;\s]|和|及|与", folded):
        entity_type, rest = _take_entity_type(part, profile)
        if entity_type is None or rest:
            return ()
        found.append(entity_type)
    return tuple(dict.fromkeys(found))


def _take_entity_type(words: str, profile: Profile) -> tuple[EntityType | None, str]:
    for name, spelling in profile.entity_type_words:
        if spelling in words:
            return name, words.replace(spelling, "", 1)
    return None, words


def _read_block(folded: str, profile: Profile) -> Mark | None:
    bullet = _BULLET.match(folded)  # of a Markdown list: 「- 现资质要求」
    shift = bullet.end() if bullet else 0
    match = profile.block_pattern.match(folded[shift:])
    if match is None:
        return None
    block: Block = "requirement" if match.groupdict().get("requirement") else "scope"
    is_before = (match["before"] or match["aside"]) is not None
    rest = shift + match.end()
    return Mark("block", block=block, is_before=is_before, rest=rest if rest < len(folded) else 0)


def _read_table_kind(lines: list[Line], marks: list[Mark], profile: Profile) -> Kind | None:
    """A table of categories, a table of something else, or no more than layout (None)."""
    grid = group_cells(lines)
    if find_header(grid, profile) is not None:
        return "table"
    if any(mark.kind in ("section", "entity", "entry", "title") for mark in marks):
        return None
    width = max(len(row) for row in grid.values())
    return "unknown table" if len(grid) >= _LEAST and width >= _LEAST else None
