"""Entries below a heading of their own that were read before: those of a notice stand in its copies and mirrors too.

How the lines below such a heading are parted follows from their words, from what they are in the frame of the notice,
and from the section. So where every line of an entry found its place in it, and nothing was a problem, the entry is
parted again by looking it up; its lines are those of the page.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from scraper.notice.entries import Block, EntryDraft
from scraper.notice.frame import Mark
from scraper.notice.setting import Setting
from scraper.page.lines import Line
from scraper.profile.profile import Profile
from snapshots.category import CategoryPath, EntityType
from snapshots.memory import Memory
from snapshots.notice import Action
from snapshots.period import StatedDate

_ROOM = 1 << 21  # letters: some notices, some 10 MB

EntryWords = tuple[Profile, Action | None, EntityType | None, tuple[StatedDate, ...], tuple[str, ...], tuple[Mark, ...]]
"""The profile, the section's action, who applies and its dates; the words of the lines, and what each is."""


class _Part(Struct, frozen=True, gc=False):
    """A block: the place of its heading below that of the entry, and of its lines."""

    block: Block
    is_before: bool
    heading: int
    start: int
    end: int


class KnownEntry(Struct, frozen=True):
    """How the lines of an entry are parted."""

    action: Action
    path: CategoryPath
    parts: tuple[_Part, ...]

    def draft_entry(self, lines: Sequence[Line], setting: Setting) -> EntryDraft:
        """The entry of these lines."""
        draft = EntryDraft(
            action=self.action,
            entity_type=setting.entity_type,
            path=self.path,
            dates=setting.dates,
            opening=(lines[0],),
            first=lines[0].number,
            last=lines[-1].number,
        )
        for part in self.parts:
            below = list(lines[part.start : part.end])
            draft.headings.append((lines[part.heading], below))
            draft.open_block(part.block, below, is_before=part.is_before)
        return draft


_ENTRIES: Memory[EntryWords, KnownEntry] = Memory(_ROOM)


def find_words(lines: Sequence[Line], marks: Sequence[Mark], setting: Setting, profile: Profile) -> EntryWords:
    """All that the parting of an entry's lines follows from."""
    texts = tuple([line.text for line in lines])
    return profile, setting.action, setting.entity_type, setting.dates, texts, tuple(marks)


def recall_entry(words: EntryWords) -> KnownEntry | None:
    """How the lines with these words are parted, or None where that is not known."""
    return _ENTRIES.recall(words)


def keep_entry(words: EntryWords, lines: Sequence[Line], marks: Sequence[Mark], draft: EntryDraft) -> None:
    """Keep how the lines were parted, if each stands in the draft where it was found."""
    parts = []
    place = 1
    for heading, below in draft.headings:
        mark = marks[place] if place < len(lines) else None
        end = place + 1 + len(below)
        found = [heading, *below]
        if mark is None or mark.block is None or not _are_same(lines[place:end], found):
            return
        parts.append(_Part(mark.block, mark.is_before, place, place + 1, end))
        place = end
    if place == len(lines) and _are_same(lines[:1], draft.opening) and not draft.remarks:
        known = KnownEntry(draft.action, draft.path, tuple(parts))
        _ENTRIES.keep(words, known, sum(map(len, words[4])) + 100)


def _are_same(lines: Sequence[Line], others: Sequence[Line]) -> bool:
    return len(lines) == len(others) and all(line is other for line, other in zip(lines, others, strict=True))
