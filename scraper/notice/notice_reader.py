"""The lines of one notice in their order: sections, entity types, entries with blocks, tables, sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from scraper.ledger import Ledger
from scraper.notice.announcement import Announcement, Place
from scraper.notice.cut import find_cut_draft, find_cut_row
from scraper.notice.entries import Block, EntryDraft
from scraper.notice.entry_heading import UnreadHeading, read_entry_heading
from scraper.notice.extent import SIGNATURE, End, find_end, tells_own_date
from scraper.notice.frame import Mark
from scraper.notice.known_entries import find_words, keep_entry, recall_entry
from scraper.notice.notice_table import read_table
from scraper.notice.periods import find_dates, find_published, is_dated_field
from scraper.notice.prose import read_prose
from scraper.notice.setting import Setting
from scraper.notice.statements import build_draft, part_successions
from scraper.page.lines import Line
from scraper.profile.profile import Profile
from scraper.requirement.enumerators import read_enumerator
from scraper.requirement.note_runs import read_note
from snapshots.category import EntityType
from snapshots.notice import Action, Problem

_ENDED = re.compile(r"[。!]$")
_SENTENCE = re.compile(r"[。;::]$")
_SENDS_BELOW = re.compile(r"(?:如|见|详见|依据|按照?|参[照见])下表|下表(?:所示|规则|类目|重点|标红)|如下表")
_TAIL = 20  # lines of references behind the entries, below which the notice may still be signed
_HEADED = re.compile(r"#+\s*【[^【】]{1,40}】\s*\S")


class NoticeReader:
    """Reads the lines of one notice into the drafts of its entries and into what it announces beside them."""

    def __init__(self, lines: Sequence[Line], marks: Sequence[Mark], profile: Profile, ledger: Ledger) -> None:
        self.announcement = Announcement(profile, ledger)
        self.drafts: list[EntryDraft] = []
        self.cut: str | None = None  # where the notice breaks off
        self._lines = lines
        self._marks = marks
        self._profile = profile
        self._ledger = ledger
        self._setting = Setting()
        self._opened: set[tuple[Action | None, EntityType | None]] = set()
        self._block: list[Line] | None = None  # the lines of the block that is open
        self._is_scope = False
        self._is_headed = False  # an entry with a heading is open
        self._place: Place = "preamble"
        self._is_beyond = False  # beside the element that holds the entries
        self._lost = False  # below a heading that the page lost

    def read(self, *, is_whole: bool) -> None:
        """Read all lines; `is_whole`: the page does not break off, whatever its last entry lacks."""
        end = find_end(self._lines, self._marks, self._profile)
        place = self._read_title()
        while place < end.tail:
            match self._marks[place].kind:
                case "table":
                    place = self._read_table(place, end)
                case "entry" if self._ledger.roles is None:
                    place = self._read_entry(place, end)
                case _:
                    place = self._read_line(place, end)
        self._leave_tail(end)
        self._settle_cut(end, is_whole=is_whole)
        self._settle_sentences()
        self._check_title()
        self._check_tables(end)

    def _check_tables(self, end: End) -> None:
        """Tell of a sentence that sends to a table below, where the page has none."""
        if any(mark.kind in ("table", "unknown table") for mark in self._marks):
            return
        for line in self._lines[: end.tail]:
            if _SENDS_BELOW.search(line.folded):
                self._note(line, "missing-table", "the sentence speaks of a table below, and there is none")
                return

    def _read_title(self) -> int:
        """Read the title, if the notice has one; where the next line is."""
        first, mark = self._lines[0], self._marks[0]
        if mark.kind != "title" and (mark.kind != "text" or _SENTENCE.search(first.folded)):
            return 0
        self.announcement.read_title(first)
        self._setting = Setting(action=mark.action)
        return 1

    def _check_title(self) -> None:
        """Tell of a notice whose title was not found, and with it the period that says when it is in force."""
        is_dated = any(stated.role == "effective" for stated in self.announcement.dates) or all(
            any(stated.role in ("effective", "closes") for stated in draft.dates) for draft in self.drafts
        )
        if self.drafts and self.announcement.title is None and not is_dated:
            self._note(self._lines[0], "no-title", "no line above the entries is a title; when they hold is not known")

    def _leave_tail(self, end: End) -> None:
        if end.is_abrupt:
            message = "the line belongs to no entry; the content is taken to end here"
            self._ledger.report(self._lines[end.tail], "unexpected-line", message)
        for line in self._lines[end.tail :]:
            self._ledger.leave_outside(line)
        for signature, day in pairwise(self._lines[end.tail : end.tail + _TAIL]):
            if SIGNATURE.fullmatch(signature.folded) and find_published(day.text) and not _SENTENCE.search(day.folded):
                self.announcement.read_signature(signature)
                self.announcement.read_signature(day)

    def _read_table(self, start: int, end: End) -> int:
        """Read the table that begins at the place; where the page goes on."""
        first, after = self._lines[start].cell, start
        while after < end.tail and first and (cell := self._lines[after].cell) and cell.table == first.table:
            after += 1
        table = list(self._lines[start:after])
        if after == len(self._lines) and (cut := find_cut_row(table)):
            self._cut(cut, f"in the row at line {cut[0].number}")
            table = table[: -len(cut)]
        drafts, self._setting = read_table(table, self._setting, self._profile, self._ledger)
        by_number = {line.number: line for line in reversed(table)}
        for draft in drafts:
            draft.dates = draft.dates or self._setting.dates
            self._add(draft, by_number[draft.first])
        self._close_entry()
        return after

    def _read_entry(self, start: int, end: End) -> int:
        """Read the lines from an entry's heading to the next that is none of a block; where the page goes on."""
        after = start + 1
        last = min(end.closing, end.tail)
        while after < last and self._marks[after].kind in ("text", "block"):
            after += 1
        lines, marks = self._lines[start:after], self._marks[start:after]
        is_inside = end.beyond is None and after <= last and (self.drafts or self._setting.in_section)
        if not is_inside or lines[0].folded == self._lines[start - 1].folded:
            return self._read_line(start, end)
        words = find_words(lines, marks, self._setting, self._profile)
        known = recall_entry(words)
        if known is None:
            told, drafts = self._ledger.told, len(self.drafts)
            for place in range(start, after):
                self._read_line(place, end)
            if self._ledger.told == told and len(self.drafts) == drafts + 1 and self._is_headed:
                keep_entry(words, lines, marks, self.drafts[-1])
            return after
        draft = known.draft_entry(lines, self._setting)
        self._ledger.claim_all(lines, "entry")
        self._close_entry()
        self._place, self._is_beyond, self._is_headed = "section", False, True
        self.drafts.append(draft)
        if draft.headings:
            self._block, self._is_scope = draft.headings[-1][1], known.parts[-1].block == "scope"
        return after

    def _read_line(self, place: int, end: End) -> int:
        line, mark = self._lines[place], self._marks[place]
        if place == end.closing:
            self._block, self._is_headed = None, False
        self._place = self._find_place(place, end)
        is_link = self._place == "preamble" and self._profile.tail_pattern.match(line.folded) is not None
        if (is_link and not _ENDED.search(line.folded)) or self._profile.chrome_sign.is_in(line.folded):
            self._ledger.leave_outside(line)
            return place + 1
        match mark.kind:
            case "section":
                self._open_section(line, mark)
            case "entity":
                self._open_entity_type(line, mark.entity_type)
            case "entry" if self._is_headed and line.folded == self._lines[place - 1].folded:
                self._ledger.claim(line, f"entry: {self.drafts[-1].action}")  # the same heading: a problem, no entry
            case "entry":
                self._open_entry(line, mark)
            case "block":
                self._open_block(line, mark)
            case "unknown table":
                self._ledger.report(line, "unknown-table", "no column of this table names a category")
            case _:
                self._read_text(line, place)
        return place + 1

    def _find_place(self, place: int, end: End) -> Place:
        self._is_beyond = end.beyond is not None and place >= end.beyond
        if place >= end.closing and (self.drafts or self.announcement.names_categories):
            return "closing"
        return "section" if self.drafts or self._setting.in_section else self._place

    def _open_section(self, line: Line, mark: Mark) -> None:
        self._setting = replace(
            self._setting, action=mark.action, entity_type=None, dates=find_dates(line.text), in_section=True
        )
        self._close_entry()
        # Its heading stands here: what it opens, it opens again.
        self._opened = {opened for opened in self._opened if opened[0] != mark.action}
        if mark.action is None:
            self._ledger.report(line, "unknown-heading", "the heading of a section says in no known words what happens")
        else:
            self._ledger.claim(line, f"section: {mark.action}")
        if mark.entity_type is not None:
            self._open_entity_type(line, mark.entity_type)

    def _open_entity_type(self, line: Line, entity_type: EntityType | None) -> None:
        opened = (self._setting.action, entity_type)
        self._setting = replace(self._setting, entity_type=entity_type)
        if opened in self._opened and entity_type is not None:
            self._ledger.report(
                line, "repeated-heading", "this part of the notice was opened before; a heading may be lost above it"
            )
            self._setting = replace(self._setting, action=None)
        self._opened.add(opened)
        self._ledger.claim(line, f"entity type: {entity_type}")
        self._close_entry()

    def _open_entry(self, line: Line, mark: Mark) -> None:
        self._close_entry()
        found = read_entry_heading(line, mark.rest, self._setting, self._profile)
        if isinstance(found, UnreadHeading):
            self._lost = True
            self._ledger.report(line, found.code, found.message)
            return
        draft, problems = found
        self._ledger.claim(line, f"entry: {draft.action}")
        for problem in problems:
            self._ledger.add(problem)
        self._add(draft, line)
        self._is_headed = True

    def _close_entry(self) -> None:
        self._block, self._lost, self._is_headed = None, False, False

    def _add(self, draft: EntryDraft, line: Line) -> None:
        if draft.entity_type is None and self._profile.entity_types:
            self._note(line, "no-entity-type", "no heading says who may apply for this category")
        self.drafts.append(draft)
        self._block = None

    def _note(self, line: Line, code: str, message: str) -> None:
        """Keep a problem about a line that has its place."""
        self._ledger.add(Problem(line=line.number, text=line.text, code=code, message=message))

    def _open_block(self, line: Line, mark: Mark) -> None:
        draft = self.drafts[-1] if self.drafts else None
        block: Block = mark.block or "requirement"
        stated = draft is not None and (
            draft.find_block(block, is_before=mark.is_before) is not None
            or (block == "requirement" and not mark.is_before and draft.scope is not None)
        )
        if draft is None or self._lost or stated:
            self._lost, self._block = True, None
            self._ledger.report(
                line, "unnamed-block", "the category that this block belongs to is not named on the page"
            )
            return
        self._ledger.claim(line, f"heading: {block} before" if mark.is_before else f"heading: {block}")
        draft.last = line.number
        lines: list[Line] = []
        draft.headings.append((line, lines))
        draft.open_block(block, lines, is_before=mark.is_before)
        self._block, self._is_scope = lines, block == "scope"
        if mark.rest:
            shift = len(line.folded) - len(line.folded.lstrip())
            words = line.text[shift + mark.rest :].strip()
            lines.append(Line(line.number, words, line.folded[shift + mark.rest :].strip(), 0, line.cell, line.trail))

    def _is_block_ahead(self, place: int) -> bool:
        """Whether a block of the open entry follows, behind text."""
        following = next((mark.kind for mark in self._marks[place + 1 :] if mark.kind != "text"), None)
        return following == "block"

    def _find_list(self) -> list[EntryDraft]:
        """The last entries of the open part that are names and nothing else: a day below them is that of all."""
        listed: list[EntryDraft] = []
        for draft in reversed(self.drafts):
            is_bare = not (draft.headings or draft.remarks or draft.dates) and draft.first == draft.last
            if not is_bare or (draft.action, draft.entity_type) != (self._setting.action, self._setting.entity_type):
                break
            listed.append(draft)
        return listed

    def _read_text(self, line: Line, place: int) -> None:
        if self._lost:
            self._ledger.report(
                line, "unnamed-block", "the category that this line belongs to is not named on the page"
            )
            return
        if self._is_headed and is_dated_field(line.folded) and len(listed := self._find_list()) > 1:
            self.announcement.keep_words(line)
            for draft in listed:
                draft.dates = find_dates(line.text)
            self._is_headed = False
            return
        if self._is_headed and (tells_own_date(line) or is_dated_field(line.folded)):
            self.drafts[-1].remarks.append(line)
            self.drafts[-1].last = line.number
            return
        if self._block is not None and not self._ends_block(line, self._block):
            self._block.append(line)
            self.drafts[-1].last = line.number
            return
        is_astray = self._is_headed and not self.drafts[-1].headings and self._is_block_ahead(place)
        self._is_headed = False
        self._block = None
        if is_astray and not read_prose(line.text).statements:
            self._ledger.report(line, "unexpected-line", "the line stands between a category's name and its blocks")
            return
        if _HEADED.match(line.folded):
            self._ledger.report(
                line, "unexpected-line", "an entry's heading goes on in the same line; line breaks may be lost"
            )
            return
        if self._is_beyond and (read_note(line.folded) is not None or read_prose(line.text).statements):
            self._ledger.report(
                line, "unexpected-line", "the line stands apart from the entries, and tells of a category"
            )
            return
        self._setting = self.announcement.read_line(line, self._setting, self._place)

    def _ends_block(self, line: Line, block: list[Line]) -> bool:
        """Whether the line is a sentence of the notice itself: 「【A-B】更名为【A-C】。」 behind a finished block."""
        statements = read_prose(line.text).statements
        if all(len(statement.path) == 1 for statement in statements) and "类目" not in line.folded:
            return False  # a word in quotes that changes its name is no category
        if not statements or read_note(line.folded) is not None or read_enumerator(line.folded) is not None:
            return False
        is_finished = self._is_scope and bool(block) and _ENDED.search(block[-1].folded) is not None
        return is_finished or all(statement.is_whole_line for statement in statements)

    def _settle_sentences(self) -> None:
        """Add the entries that only sentences state; what closes closes on the day that the notice says it does."""
        lone = self.announcement.settle(tuple(self.drafts))
        for said in lone:
            self._add(build_draft(said), said.line)
        self.drafts.sort(key=lambda draft: draft.first)
        self.drafts, unfinished = part_successions(self.drafts)
        for draft in unfinished:
            for line in self._lines:
                if draft.first <= line.number <= draft.last:
                    self._ledger.report(line, "no-target", "what this category goes on as is not said in known words")
        closing = tuple(stated for stated in self.announcement.dates if stated.role == "closes")
        for draft in self.drafts:
            if draft.action == "removed" and not draft.dates and len(closing) == 1:
                draft.dates = closing

    def _settle_cut(self, end: End, *, is_whole: bool) -> None:
        """Take out the last entry where the page breaks off in it."""
        if self.cut is not None or end.closing < len(self._lines):
            return
        headed = {line.number for line, mark in zip(self._lines, self._marks, strict=True) if mark.kind == "entry"}
        place = find_cut_draft(self.drafts, is_headed=bool(self.drafts) and self.drafts[-1].first in headed)
        if place is None:
            return
        if place.is_doubtful or (is_whole and not place.is_torn):
            line = next(line for line in self._lines if line.number == self.drafts[-1].first)
            lack = "the full stop that theirs end with" if place.is_doubtful else "the scope that the others have"
            self._note(line, "unfinished-entry", f"this last category lacks {lack}")
            return
        draft = self.drafts.pop()
        self._cut([line for line in self._lines if draft.first <= line.number <= draft.last], place.words)

    def _cut(self, lines: Sequence[Line], place: str) -> None:
        self.cut = place
        for line in lines[:-1]:
            self._ledger.report(line, "unfinished-entry", "the page breaks off in the entry of this line")
        self._ledger.report(lines[-1], "cut", f"the page breaks off {place}; save it again")
