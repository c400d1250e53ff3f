"""The lines of a scope block 類目適用范圍: the scope and its notes, and lines that belong to neither."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct, structs

from scraper.explain import Role
from scraper.page.lines import Line
from scraper.requirement.enumerators import find_inline_items, read_enumerator
from scraper.requirement.note_runs import find_inner_note, read_note
from snapshots.category import Note, Where
from snapshots.folding import fold_characters
from snapshots.notice import Problem

_ENDED = re.compile(r"[。;)】》”!]$")
_SCOPE_BEGINS = re.compile(r"仅?适用于")
_SCOPE_WORDS = re.compile(r"(?:仅|不|也)?适用|(?:不)?(?:包括|包含|含)|如[::]|\d{1,2}[、.]|[①-⑳]")


class ScopeReading(Struct, frozen=True, kw_only=True):
    """What a scope block says, and the lines of it that have no place there."""

    scope: str | None
    notes: tuple[str, ...] = ()
    strangers: tuple[Line, ...] = ()
    problems: tuple[Problem, ...] = ()


def parse_remarks(lines: list[Line]) -> ScopeReading:
    """The notes of a cell 備注: an item each of a numbered list 「1、該類目為內測類目…」, else its text as it stands.

    A list below words that lead to it 「不得涉及: 1、…」 stays with them.
    """
    reader = _ScopeReader(None, in_notes=bool(lines) and read_enumerator(lines[0].folded) is not None)
    for line in lines:
        reader.read(line)
    text = "\n".join(reader.scope)
    return ScopeReading(
        scope=None,
        notes=(*((text,) if text not in ("", "/") else ()), *reader.notes),
        strangers=tuple(reader.strangers),
        problems=tuple(reader.problems),
    )


def parse_scope(lines: list[Line], roles: list[Role] | None = None) -> ScopeReading:
    """The scope (its lines joined by a line break), the note items after it, and lines that belong to neither.

    A line behind a finished sentence that begins no note and no list has no place in a scope: it is a stranger
    (a footer, an injected line), never a continuation. Only a table's cell is sure to hold nothing foreign. `roles`
    gathers what became of each line.
    """
    reader = _ScopeReader(roles)
    for line in lines:
        reader.read(line)
    astray = None if reader.scope else next((line for line in lines if _SCOPE_BEGINS.match(line.folded)), None)
    if astray is not None:
        message = "a note says what the category is for; two lines may have changed places"
        reader.report(astray, "scope-in-note", message)
    elif lines and not reader.scope and lines[0].cell is None:
        reader.report(lines[0], "empty-block", "the scope itself is missing")
    return ScopeReading(
        scope="\n".join(reader.scope) or None,
        notes=tuple(reader.notes),
        strangers=tuple(reader.strangers),
        problems=tuple(reader.problems),
    )


def find_stranger(lines: Sequence[Line]) -> int | None:
    """The place of the first line that cannot belong to a scope block, or None where all can."""
    reader = _ScopeReader(None)
    for place, line in enumerate(lines):
        reader.read(line)
        if reader.strangers:
            return place
    return None


class _ScopeReader:
    """Reads the lines of a scope block: first the scope, then, behind 注, its notes."""

    def __init__(self, roles: list[Role] | None, *, in_notes: bool = False) -> None:
        self._roles = roles
        self.scope: list[str] = []
        self.notes: list[str] = []
        self.strangers: list[Line] = []
        self.problems: list[Problem] = []
        self._in_notes = in_notes
        self._expected: dict[str, int] = {}  # the number that the next note of each style should have

    def read(self, line: Line) -> None:
        """Take the next line."""
        begins = read_note(line.folded)
        if begins is None and not self._in_notes and (inner := find_inner_note(line.folded)) is not None:
            for start, end in ((0, inner), (inner, len(line.text))):
                words, folded = line.text[start:end].strip(), line.folded[start:end].strip()
                self.read(structs.replace(line, text=words, folded=folded))
            return
        if self._roles is not None:
            is_note = self._in_notes or begins is not None
            self._roles.append(Role(line.number, line.text, "scope", "note" if is_note else "scope"))
        if begins is None and not self._in_notes:
            self._read_scope_line(line)
            return
        if begins is not None:
            self._in_notes, self._expected = True, {}
        borders = sorted({begins or 0, *find_inline_items(line.folded), len(line.text)})
        for start, end in pairwise(borders):
            words, folded = line.text[start:end].strip(), line.folded[start:end].strip()
            if words:
                self._read_note(line, words, folded, first=begins is not None)

    def report(self, line: Line, code: str, message: str, *, end: int | None = None) -> None:
        """Keep a problem about a line; `end`: about its first characters."""
        start = None if end is None else 0
        problem = Problem(line=line.number, text=line.text, code=code, message=message, start=start, end=end)
        self.problems.append(problem)

    def _read_note(self, line: Line, words: str, folded: str, *, first: bool) -> None:
        enumerator = read_enumerator(folded)
        if enumerator is not None:
            expected = self._expected.get(enumerator.style, 1)
            if enumerator.number not in (expected, 1, 0):
                message = f"note {enumerator.number} of the list stands where note {expected} should"
                end = enumerator.end if words == line.text else None
                self.report(line, "missing-item", message, end=end)
            self._expected[enumerator.style] = enumerator.number + 1
            self.notes.append(words[enumerator.end :].strip())
            return
        ended = not self.notes or _ENDED.search(fold_characters(self.notes[-1][-1:])) is not None
        if first or not self.notes or (line.cell is not None and ended):
            self.notes.append(words)
        elif not ended:
            self.notes[-1] = f"{self.notes[-1]}\n{words}"
        else:
            self.strangers.append(line)

    def _read_scope_line(self, line: Line) -> None:
        ended = bool(self.scope) and _ENDED.search(fold_characters(self.scope[-1])) is not None
        if ended and line.cell is None and not _SCOPE_WORDS.match(line.folded):
            self.strangers.append(line)
            return
        if line.cell is None and read_enumerator(line.folded) is not None:
            self.report(line, "unmarked-list", "a list without a heading; the word 注 may be lost")
        self.scope.append(line.text)


def make_notes(texts: tuple[str, ...], where: Where) -> tuple[Note, ...]:
    """The notes of one block."""
    return tuple(Note(text=text, where=where) for text in texts)
