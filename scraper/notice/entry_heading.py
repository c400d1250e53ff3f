"""The heading of an entry: 「#【金融業-個人征信】」, 「1、【A-B】(此项为新增项)」, 「#【A-B】(试点)」."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scraper.notice.entries import EntryDraft
from scraper.notice.names import read_listed
from scraper.notice.setting import Setting
from scraper.page.lines import Line
from scraper.profile.profile import Profile
from scraper.requirement.references import deepen_path, split_path
from snapshots.category import CategoryPath
from snapshots.notice import Action, Problem

_NAMELESS = re.compile(r"\s*(?:[-–—>›]|\W*$)")  # 「【 】」, 「【-乙】」
_SUCCESSION = re.compile(r"原|曾|更名|改名|迁|并入|合并|拆")


@dataclass(frozen=True, slots=True)
class UnreadHeading:
    """Why a heading opens no entry."""

    code: str
    message: str


def read_entry_heading(
    line: Line, start: int, setting: Setting, profile: Profile
) -> tuple[EntryDraft, tuple[Problem, ...]] | UnreadHeading:
    """The entry that the line opens, and what of it is not understood; `start` is where its enumerator ends."""
    match = profile.entry_pattern.match(line.folded[start:].strip())
    bare = read_listed(line.text) if match is None else ()
    if len(bare) == 1 and setting.action is not None:  # 「(1)金融业--数字藏品」
        path = deepen_path(bare[0], profile.path_levels)
        return _open_draft(setting.action, path, line, setting), ()
    if match is None:
        return UnreadHeading("unknown-heading", "the heading names a category in no form that is known")
    if _NAMELESS.match(match["name"]):
        return UnreadHeading("unnamed-entry", "the name of the category, or its first level, is lost")
    # 「【A-B】(此项为新增项)」 says of itself that it is new, whatever section it stands in.
    action = "added" if match.groupdict().get("mark") else setting.action
    if action is None:
        return UnreadHeading("no-section", "no heading says whether this category is new, adjusted or removed")
    offset = len(line.folded) - len(line.folded[start:].lstrip())
    name = line.text[offset + match.start("name") : offset + match.end("name")]
    draft = _open_draft(action, deepen_path(split_path(name), profile.path_levels), line, setting)
    if not match.groupdict().get("aside"):
        return draft, ()
    first, end = offset + match.start("aside"), offset + match.end("aside")
    words = Line(line.number, line.text[first:end], line.folded[first:end], 0, line.cell, line.trail)
    draft.remarks = [words]
    if not _SUCCESSION.search(words.folded):
        return draft, ()
    message = "the heading speaks of another name or category of this one"
    return draft, (Problem(line=line.number, text=line.text, code="unread-sentence", message=message),)


def _open_draft(action: Action, path: CategoryPath, line: Line, setting: Setting) -> EntryDraft:
    return EntryDraft(
        action=action,
        entity_type=setting.entity_type,
        path=path,
        dates=setting.dates,
        opening=(line,),
        first=line.number,
        last=line.number,
    )
