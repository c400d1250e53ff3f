"""A notice in sections to a document: 類目新增 / 非個人主體 / #【金融業-個人征信】 / 現資質要求 / 類目適用范圍.

The content begins at the title and ends where the site's tail begins. Inside it a line is a section, an entity type,
an entry's heading, a block's heading or a line of the open block; what is none of these is a problem.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

from scraper.entries import EntryDraft, build_entry
from scraper.enumerators import read_enumerator
from scraper.ledger import Ledger
from scraper.lines import Line
from scraper.periods import find_effective, find_period, find_published
from scraper.profile import Profile
from scraper.scopes import parse_scope, split_path
from snapshots.category import EntityType
from snapshots.errors import PageRefusedError
from snapshots.folding import fold
from snapshots.notice import Action, Document, Problem
from snapshots.period import InForce, StatedDate

_RENAME = re.compile(
    r"[【“「](?P<old>[^【】“”「」]+)[】”」]\s*(?:服务)?(?:类目)?(?:名称)?\s*(?:将|现|拟|已|正式)*\s*"
    r"(?:更名|改名|重命名|名称(?:调整|变更|修改)|(?:调整|变更|修改)名称|调整|变更)为\s*[::]?\s*[【“「](?P<new>[^【】“”「」]+)[】”」]\s*(?:服务)?(?:类目)?"
)
_LISTED = re.compile(r"【([^【】]+)】")
_BETWEEN = r"\s*"  # copies put spaces between the characters of a heading
_END = re.compile(r"[。;)】》”!.…]$")
Kind = Literal["section", "entity", "entry", "rename", "block", "text"]


@dataclass(frozen=True, slots=True)
class _Mark:
    """What a line is in the frame of the notice."""

    kind: Kind
    action: Action | None = None
    entity_type: EntityType | None = None
    block: Literal["requirement", "scope"] | None = None
    rest: int = 0  # where the words after a block's heading begin, 0 for none


def parse_notice(
    page: str, lines: tuple[Line, ...], profile: Profile, ledger: Ledger, captured: dt.date | None
) -> tuple[Document, ...]:
    """The notices of the page, nearly always one.

    Raises PageRefusedError where no entry is found, and where the page breaks off in the middle of one.
    """
    marks = [_mark_line(line, profile) for line in lines]
    firsts = [index for index, mark in enumerate(marks) if mark.kind in ("entry", "rename")]
    if not firsts:
        for line, mark in zip(lines, marks, strict=True):
            if mark.kind != "text":  # for an explanation of what was seen
                ledger.claim(line, f"{mark.kind}: {mark.action or mark.entity_type or mark.block}")
        raise PageRefusedError(page, "no category is announced on it; it is not a notice, or its content is gone")
    borders = _find_borders(lines, marks, profile, firsts[0])
    documents = []
    for start, end in borders:
        reader = _Reader(page, lines[start:end], marks[start:end], profile=profile, ledger=ledger, captured=captured)
        documents.append(reader.read())
    for line in lines[: borders[0][0]]:
        ledger.leave_outside(line)
    return tuple(documents)


def _mark_line(line: Line, profile: Profile) -> _Mark:
    folded = line.folded.strip()
    if _RENAME.search(folded):
        return _Mark("rename")
    if profile.entry_pattern.match(folded):
        return _Mark("entry")
    block = _read_block(folded, profile)
    if block is not None:
        return block
    return _read_frame(folded, profile) or _Mark("text")


def _read_block(folded: str, profile: Profile) -> _Mark | None:
    for block, names in profile.blocks.items():
        for name in names:
            match = re.match(rf"[【\[]?{_BETWEEN.join(map(re.escape, name))}[】\]]?\s*(?P<colon>[::])?\s*", folded)
            if match and (match.end() == len(folded) or match["colon"]):
                return _Mark("block", block=block, rest=match.end() if match.end() < len(folded) else 0)
    return None


def _read_frame(folded: str, profile: Profile) -> _Mark | None:
    """A section's or an entity type's heading, or both in one: 「一、類目新增(非個人主體)」."""
    words = folded.strip("#◆■●▶▎★ []【】")
    enumerator = read_enumerator(words)
    if enumerator is not None:
        words = words[enumerator.end :]
    words = re.sub(r"[\s()::—\-_|/、.]", "", words)
    entity_type = None
    for name, spellings in sorted(
        ((name, spelling) for name, all_spellings in profile.entity_types.items() for spelling in all_spellings),
        key=lambda pair: -len(pair[1]),
    ):
        if spellings in words:
            entity_type = name
            words = words.replace(spellings, "", 1)
            break
    words = words.removeprefix("小程序").removesuffix("如下").removesuffix("小程序")
    for action, names in profile.sections.items():
        if words in names:
            return _Mark("section", action=action, entity_type=entity_type)
    if entity_type is not None and words in ("", "类目"):
        return _Mark("entity", entity_type=entity_type)
    return None


def _find_borders(lines: tuple[Line, ...], marks: list[_Mark], profile: Profile, first: int) -> list[tuple[int, int]]:
    """Where each notice of the page begins and ends, as places in `lines`; the last ends with the page."""

    def is_title(index: int) -> bool:
        line = lines[index]
        return (
            marks[index].kind == "text"
            and len(line.folded) <= 60  # noqa: PLR2004 - a title, not a sentence that names one
            and not re.search(r"[。,;]", line.folded)
            and profile.title_pattern.search(line.folded) is not None
        )

    titles = [index for index in range(first) if is_title(index)]
    frames = [index for index in range(first) if marks[index].kind in ("section", "entity")]
    # The headings just above the first entry belong to it; the title is the last one above them that names a period.
    dated = [index for index in titles if find_period(lines[index].text) is not None]
    begin = (dated or titles or frames or [first])[-1]
    starts = [begin]
    for index in range(first + 1, len(lines)):
        if not is_title(index) or find_period(lines[index].text) is None:
            continue
        following = [mark.kind for mark in marks[index + 1 :] if mark.kind != "text"]
        if following[:1] in (["section"], ["entity"]) and fold(lines[index].text) != fold(lines[starts[-1]].text):
            starts.append(index)
    return list(zip(starts, [*starts[1:], len(lines)], strict=True))


class _Reader:
    """Reads the lines of one notice."""

    def __init__(
        self,
        page: str,
        lines: tuple[Line, ...],
        marks: list[_Mark],
        *,
        profile: Profile,
        ledger: Ledger,
        captured: dt.date | None,
    ) -> None:
        self._page = page
        self._lines = lines
        self._marks = marks
        self._profile = profile
        self._ledger = ledger
        self._captured = captured
        self._drafts: list[EntryDraft] = []
        self._action: Action | None = None
        self._entity_type: EntityType | None = None
        self._opened: set[tuple[Action | None, EntityType | None]] = set()
        self._block: Literal["requirement", "scope"] | None = None
        self._lost = False  # below a heading that the page lost
        self._preamble: list[str] = []
        self._published: dt.date | None = None
        self._effective: StatedDate | None = None
        self._publisher: str | None = None

    def read(self) -> Document:
        """The document that the lines state."""
        end = self._find_end()
        title = self._read_title()
        for line, mark in list(zip(self._lines, self._marks, strict=True))[1 if title else 0 : end]:
            self._read_line(line, mark)
        for line in self._lines[end:]:
            self._ledger.leave_outside(line)
        self._refuse_when_cut(end)
        entries = tuple(build_entry(draft, self._profile, self._ledger) for draft in self._drafts)
        period = find_period(title) if title else None
        effective = self._effective.start if self._effective else None
        return Document(
            kind="notice",
            title=title,
            platform=self._profile.platform,
            publisher=self._publisher,
            period=period,
            published=self._published,
            effective=effective,
            in_force=_choose_in_force(effective, period.end if period else None, self._published, self._captured),
            dates=(self._effective,) if self._effective else (),
            preamble=tuple(self._preamble),
            entries=entries,
        )

    def _read_title(self) -> str | None:
        first = self._lines[0]
        if self._marks[0].kind != "text":
            return None
        self._ledger.claim(first, "title")
        return first.text.strip("# ").strip()

    def _find_end(self) -> int:
        """Where the site's tail begins: the first line after the last entry's words that cannot belong to it."""
        last = max(index for index, mark in enumerate(self._marks) if mark.kind in ("entry", "rename", "block"))
        block: list[Line] = []
        inside = self._common_trail(last)
        scope = self._marks[last].kind == "block" and self._marks[last].block == "scope"
        for index in range(last + 1, len(self._lines)):
            line = self._lines[index]
            if self._profile.tail_pattern.match(line.folded) or line.trail[: len(inside)] != inside:
                return index
            block.append(line)
            if scope and parse_scope(block).strangers:
                # The first line that cannot be the last entry's is named; the page's tail begins behind it.
                self._ledger.report(
                    line, "unexpected-line", "the line belongs to no entry; the content is taken to end here"
                )
                return index
        return len(self._lines)

    def _common_trail(self, last: int) -> tuple[int, ...]:
        """The way to the element that holds every entry: what stands outside it is not content."""
        trails = [
            line.trail
            for line, mark in zip(self._lines, self._marks, strict=True)
            if mark.kind in ("entry", "block", "section")
        ]
        trails.append(self._lines[last].trail)
        if last + 1 < len(self._lines) and self._marks[last].kind == "block":
            trails.append(self._lines[last + 1].trail)
        first, final = min(trails), max(trails)
        length = 0
        while length < min(len(first), len(final)) and first[length] == final[length]:
            length += 1
        return first[:length]

    def _read_line(self, line: Line, mark: _Mark) -> None:
        if self._profile.chrome_pattern.search(line.folded):
            self._ledger.leave_outside(line)
            return
        match mark.kind:
            case "section":
                self._action, self._entity_type, self._block, self._lost = mark.action, None, None, False
                self._ledger.claim(line, f"section: {mark.action}")
                if mark.entity_type is not None:
                    self._open_entity_type(line, mark.entity_type)
            case "entity":
                self._open_entity_type(line, mark.entity_type)
            case "rename" if self._read_renames(line):
                pass
            case "entry" | "rename":
                self._open_entry(line)
            case "block":
                self._open_block(line, mark)
            case _:
                self._read_text(line)

    def _open_entity_type(self, line: Line, entity_type: EntityType | None) -> None:
        opened = (self._action, entity_type)
        if opened in self._opened:
            self._ledger.report(
                line, "repeated-heading", "this part of the notice was opened before; a heading may be lost above it"
            )
            self._action = None
        self._opened.add(opened)
        self._ledger.claim(line, f"entity type: {entity_type}")
        self._entity_type, self._block, self._lost = entity_type, None, False

    def _read_renames(self, line: Line) -> bool:
        """Entries for every rename that the line states: 「【A-B】更名為【A-C】」."""
        found = list(_RENAME.finditer(line.folded))
        date = find_effective(line.text)
        for match in found:
            old, new = (line.text[match.start(name) : match.end(name)] for name in ("old", "new"))
            if old.startswith("《"):
                return False
            old_path = split_path(old)
            new_path = split_path(new)
            if len(new_path) == 1 and len(old_path) > 1:
                new_path = (*old_path[:-1], *new_path)
            self._add(
                EntryDraft(
                    opening=(line,),
                    action="renamed",
                    entity_type=self._entity_type,
                    path=old_path,
                    targets=(new_path,),
                    dates=(date,) if date else (),
                    first=line.number,
                    last=line.number,
                )
            )
        self._ledger.claim(line, "entry: renamed")
        return bool(found)

    def _open_entry(self, line: Line) -> None:
        match = self._profile.entry_pattern.match(line.folded.strip())
        offset = len(line.folded) - len(line.folded.lstrip())
        self._block, self._lost = None, False
        if match is None:
            self._read_text(line)
            return
        name = line.text[offset + match.start("name") : offset + match.end("name")]
        if self._action is None:
            self._ledger.report(line, "no-section", "no heading says whether this category is new, adjusted or removed")
            self._lost = True
            return
        self._ledger.claim(line, f"entry: {self._action}")
        self._add(
            EntryDraft(
                opening=(line,),
                action=self._action,
                entity_type=self._entity_type,
                path=split_path(name),
                first=line.number,
                last=line.number,
            )
        )

    def _add(self, draft: EntryDraft) -> None:
        if draft.entity_type is None and self._profile.entity_types:
            line = next(line for line in self._lines if line.number == draft.first)
            self._ledger.add(
                Problem(
                    line=line.number,
                    text=line.text,
                    code="no-entity-type",
                    message="no heading says who may apply for this category",
                )
            )
        self._drafts.append(draft)
        self._block = None

    def _open_block(self, line: Line, mark: _Mark) -> None:
        draft = self._drafts[-1] if self._drafts else None
        stated = draft is not None and (
            getattr(draft, mark.block or "") is not None or (mark.block == "requirement" and draft.scope is not None)
        )
        if draft is None or self._lost or stated:
            self._lost, self._block = True, None
            self._ledger.report(
                line, "unnamed-block", "the category that this block belongs to is not named on the page"
            )
            return
        self._block = mark.block
        self._ledger.claim(line, f"heading: {mark.block}")
        draft.last = line.number
        block: list[Line] = []
        draft.headings.append((line, block))
        if mark.block == "requirement":
            draft.requirement = block
        else:
            draft.scope = block
        if mark.rest:
            shift = len(line.folded) - len(line.folded.lstrip())
            words = line.text[shift + mark.rest :].strip()
            block.append(Line(line.number, words, line.folded[shift + mark.rest :].strip(), 0, line.cell, line.trail))

    def _read_text(self, line: Line) -> None:
        if self._lost:
            self._ledger.report(
                line, "unnamed-block", "the category that this line belongs to is not named on the page"
            )
            return
        if not self._drafts and self._action is None:
            self._read_preamble(line)
            return
        draft = self._drafts[-1] if self._drafts else None
        block = None if draft is None or self._block is None else getattr(draft, self._block)
        if draft is not None and block is not None:
            block.append(line)
            draft.last = line.number
            return
        if self._read_listed(line):
            return
        self._ledger.report(line, "unexpected-line", "the line belongs to no part of the notice that is known")

    def _read_listed(self, line: Line) -> bool:
        """Removed categories that a sentence lists: 「下線【A-B】、【C-D】類目。」."""
        names = _LISTED.findall(line.text)
        if self._action != "removed" or not names:
            return False
        date = find_effective(line.text)
        for name in names:
            self._add(
                EntryDraft(
                    opening=(line,),
                    action="removed",
                    entity_type=self._entity_type,
                    path=split_path(name),
                    dates=(date,) if date else (),
                    first=line.number,
                    last=line.number,
                )
            )
        self._ledger.claim(line, "entry: removed")
        return True

    def _read_preamble(self, line: Line) -> None:
        pattern = self._profile.publisher_pattern
        match = pattern.match(line.folded) if pattern else None
        if match:
            self._publisher = line.text[match.start("publisher") : match.end("publisher")].strip()
            self._ledger.claim(line, "publisher")
            return
        published = find_published(line.text)
        if published is not None and self._published is None:
            self._published = published
            self._ledger.claim(line, "published")
            return
        self._effective = self._effective or find_effective(line.text)
        self._preamble.append(line.text)
        self._ledger.claim(line, "preamble")

    def _refuse_when_cut(self, end: int) -> None:
        """Refuse a page that breaks off: its last entry lacks what the others have, or stops in mid-sentence."""
        if end < len(self._lines) or not self._drafts:
            return
        last, others = self._drafts[-1], [draft for draft in self._drafts[:-1] if draft.action in ("added", "adjusted")]
        if last.action not in ("added", "adjusted"):
            return
        lacking = not last.scope
        if (lacking and not last.requirement) or (others and lacking and all(draft.scope for draft in others)):
            raise PageRefusedError(
                self._page,
                f"it breaks off in the entry at line {last.first} (its scope is missing); save the page again",
            )
        closed = all(_END.search(draft.scope[-1].folded) for draft in others if draft.scope)
        if others and closed and last.scope and not _END.search(last.scope[-1].folded):
            raise PageRefusedError(
                self._page, f"it breaks off in the middle of line {last.scope[-1].number}; save the page again"
            )


def _choose_in_force(
    effective: dt.date | None, period_end: dt.date | None, published: dt.date | None, captured: dt.date | None
) -> InForce | None:
    """The date since when the document holds, by the first basis that is known."""
    if effective is not None:
        return InForce(effective, "effective")
    if period_end is not None:
        return InForce(period_end, "period_end")
    if published is not None:
        return InForce(published, "published")
    return InForce(captured, "captured") if captured is not None else None
