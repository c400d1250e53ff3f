"""What a notice says outside its entries: who published it and when, its dates, and sentences that name categories."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from scraper.ledger import Ledger
from scraper.notice.entries import EntryDraft
from scraper.notice.extent import SIGNATURE, is_closing, is_part_heading
from scraper.notice.names import read_listed
from scraper.notice.periods import find_dates, find_published, resolve_dates
from scraper.notice.prose import Statement, fill_levels, read_prose
from scraper.notice.setting import Setting
from scraper.notice.statements import Said, is_sure, settle_statements
from scraper.page.lines import Line
from scraper.profile.profile import Profile
from scraper.requirement.references import deepen_path, split_path
from snapshots.notice import Problem
from snapshots.period import StatedDate

_OF_ALL = re.compile(r"本次|公告|通知|以上|上述")  # a sentence that speaks of the whole notice
_DRAFT = re.compile(r"征求意见|意见稿|草案")
_OF_TABLE = re.compile(r"\((?:如|见|详见)下表\)")
"""「关停“鞋靴”旧类目(如下表)」 names what the rows of the table say."""
_OF_A_LIST = re.compile(r"[①-⑳⑴-⒇]|注\s*:")
"""How a line begins that is of a block: between the headings of a section it has lost its place."""
_BARE_NAME = re.compile(r"[\u4e00-\u9fff]{2,12}\s?(?:-{1,2}|>|›)\s?[\u4e00-\u9fff]{2,12}")
_HAPPENS = re.compile(r"更名|改名|合并|拆分|迁移|迁至|下线|关闭|关停|废弃|停用|新增|启用")
_UNREAD = "the sentence tells of a category, but its name is not whole or the form is not known"


Place = Literal["preamble", "section", "closing"]
"""Where a line stands: before the first section and entry, among them, or behind the last one."""


class Announcement:
    """Gathers what the title and the sentences of one notice say."""

    def __init__(self, profile: Profile, ledger: Ledger) -> None:
        self.title: str | None = None
        self.publisher: str | None = None
        self.published: dt.date | None = None
        self.preamble: list[str] = []
        self._dates: list[StatedDate] = []
        self._said: list[Said] = []
        self._profile = profile
        self._ledger = ledger

    @property
    def dates(self) -> tuple[StatedDate, ...]:
        """The dates of the whole notice, each once, in page order."""
        return tuple(dict.fromkeys(resolve_dates(tuple(self._dates), self.published)))

    def read_title(self, line: Line) -> None:
        """Take the title."""
        self._ledger.claim(line, "title")
        self.title = line.text.strip("# ").strip()
        if _DRAFT.search(line.folded):
            self._note(line, "draft", "the notice asks for comments; what it says is not decided")

    @property
    def names_categories(self) -> bool:
        """Whether a sentence or a list has named a category."""
        return bool(self._said)

    def read_line(self, line: Line, setting: Setting, place: Place) -> Setting:
        """Take a line that belongs to no entry; the setting of what follows it."""
        if self._read_listed(line, setting):
            return setting
        prose = read_prose(line.text)
        for statement in prose.statements:
            self._keep(replace(statement, dates=statement.dates or setting.dates), line, setting)
        branch = self._profile.branch_pattern
        named = branch.search(line.folded) if branch else None
        if named is not None:
            setting = replace(setting, branch=split_path(line.text[named.start("name") : named.end("name")]))
        elif (prose.unread and not _OF_TABLE.search(line.folded)) or (
            setting.in_section and not prose.statements and not prose.denied and _tells_barely(line)
        ):
            self._note(line, "unread-sentence", _UNREAD)
        names_one = bool(prose.statements) or (named is None and (prose.unread or prose.denied))
        dates = find_dates(line.text)
        own = _choose_dates(line, dates, names_one=names_one, is_entry=bool(prose.statements))
        if prose.statements and all(statement.is_whole_line for statement in prose.statements):
            self._ledger.claim(line, f"entry: {prose.statements[0].action}")
        elif place == "preamble":
            self._read_preamble(line, own, is_dated=bool(dates))
        elif place == "closing":
            return self._read_closing(line, own, setting)
        elif not is_closing(line) or (not prose.statements and _OF_A_LIST.match(line.folded)):
            self._report_line(line)
        else:
            self.keep_words(line)
            if setting.in_section and not prose.statements and not _OF_ALL.search(line.folded):
                return replace(setting, dates=dates or setting.dates)
            self._dates += own
        return setting

    def _read_closing(self, line: Line, dates: tuple[StatedDate, ...], setting: Setting) -> Setting:
        """Take a line behind the last entry: a signature, a sentence, or the heading of a further part."""
        if self.read_signature(line):
            return setting
        if not is_closing(line):
            self._report_line(line)
            return setting
        self.keep_words(line)
        self._dates += dates
        return Setting() if is_part_heading(line) else setting  # below 「二、其他说明」 no section goes on

    def _report_line(self, line: Line) -> None:
        self._ledger.report(line, "unexpected-line", "the line belongs to no part of the notice that is known")

    def settle(self, drafts: Sequence[EntryDraft]) -> list[Said]:
        """What only sentences say, beside the entries of headings and tables; the rest is told or said twice."""
        found = []
        for said in settle_statements(self._said, drafts):
            if is_sure(said, drafts):
                found.append(said)
            elif not _OF_TABLE.search(said.line.folded):
                self._note(said.line, "unread-sentence", _UNREAD)
        return found

    def _read_listed(self, line: Line, setting: Setting) -> bool:
        """Categories that a line of their section lists: 「【A-B】、【C-D】類目。」."""
        action = setting.action
        paths = read_listed(line.text) if action in ("added", "adjusted", "removed") else ()
        if action is None or not paths:
            return False
        for path in paths:
            self._keep(Statement(action, path, dates=setting.dates), line, setting)
        self._ledger.claim(line, f"entry: {action}")
        return True

    def _keep(self, statement: Statement, line: Line, setting: Setting) -> None:
        levels = self._profile.path_levels
        path = deepen_path(statement.path, levels)
        targets = tuple(deepen_path(target, levels) for target in statement.targets)
        if statement.action == "renamed":
            targets = tuple(fill_levels(path, target) for target in targets)
        statement = replace(statement, path=path, targets=targets)
        in_section = statement.action == setting.action
        self._said.append(Said(statement, line, setting.entity_type, in_section))

    def _read_preamble(self, line: Line, dates: tuple[StatedDate, ...], *, is_dated: bool) -> None:
        pattern = self._profile.publisher_pattern
        match = pattern.match(line.folded) if pattern else None
        if match:
            self.publisher = line.text[match.start("publisher") : match.end("publisher")].strip()
            self._ledger.claim(line, "publisher")
            return
        published = None if is_dated else find_published(line.text)
        if published is not None and self.published is None:
            self.published = published
            self._ledger.claim(line, "published")
            return
        self.keep_words(line)
        self._dates += dates

    def read_signature(self, line: Line) -> bool:
        """Who signs behind the entries, and on which day: 「微信团队」, 「2025年7月1日」."""
        published = find_published(line.text)
        if published is not None and self.published is None:
            self.published = published
            self._ledger.claim(line, "published")
            return True
        if SIGNATURE.fullmatch(line.folded) and self.publisher is None:
            self.publisher = line.text
            self._ledger.claim(line, "publisher")
            return True
        return False

    def keep_words(self, line: Line) -> None:
        """Keep a line among the words of the notice itself."""
        self.preamble.append(line.text)
        self._ledger.claim(line, "preamble")

    def _note(self, line: Line, code: str, message: str) -> None:
        self._ledger.add(Problem(line=line.number, text=line.text, code=code, message=message))


def _tells_barely(line: Line) -> bool:
    """Whether a sentence names a category without signs and says what happens to it, in no form that is known."""
    return _BARE_NAME.search(line.folded) is not None and _HAPPENS.search(line.folded) is not None


def _choose_dates(
    line: Line, dates: tuple[StatedDate, ...], *, names_one: bool, is_entry: bool
) -> tuple[StatedDate, ...]:
    """The dates of a sentence that are the whole notice's: those of one that names a category are that category's.

    Where it only proposes something for the category, the time for comments on it is the notice's.
    """
    if not names_one or _OF_ALL.search(line.folded):
        return dates
    return () if is_entry else tuple(stated for stated in dates if stated.role == "comment")
