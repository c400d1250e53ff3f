"""Damage that copying machines do to a page's text, mended for reading and kept for display.

The readers get lines without the damage; what they quote of them is then put back as the page has it:
「調(diào)整」 is read as 調整, and shown as 「調(diào)整」. A mark that was lost (`?`, □) is read as the bracket that
it must have been only where nothing else is possible; otherwise it is a doubt, and becomes a problem.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import TypeVar, cast

from msgspec import Struct, structs

from scraper.explain import ExplainedLine
from scraper.page.lines import Line
from scraper.profile.profile import Profile
from snapshots.folding import INVISIBLE, NOISE, PINYIN, fold_characters, has_noise
from snapshots.notice import Document, NoticeEntry, Problem

_T = TypeVar("_T")
_LOST = "?□"
_WRAPPED = re.compile(
    rf"[#\s]*[「『“\"]?(?P<open>[{_LOST}]+)(?P<words>[^{_LOST}]+)(?P<close>[{_LOST}]+)[」』”\"]?\s*[::]?"
)
_EDGED = re.compile(rf"[#\s{_LOST}]*(?P<words>[^#\s{_LOST}](?:[^{_LOST}]*[^\s{_LOST}])?)[\s{_LOST}]*[::]?")
_REFERENCE = re.compile(rf"(?:补充|选择)[{_LOST}](?P<words>[^{_LOST},。;、]{{2,30}})[{_LOST}](?=类目)")
_NAME = re.compile(r"[^-,。;:、]+-{1,2}[^,。;:、]+")
_BLANK_RUN = re.compile(r"[^\S\n]{9}")
_DROPPED = re.compile(rf"{NOISE.pattern}|(?<=[^\S\n]{{8}})[^\S\n]+")
"""Noise, and blanks behind eight others: a pattern may try each way to part a run of them, so no run may be long."""

_DOUBT = re.compile(
    rf"^[#\s「]*[{_LOST}](?=\S)|[{_LOST}](?=[^{_LOST}]*[\u3400-\u9fff])[^{_LOST},。;:/=]{{2,30}}[{_LOST}]"
)
_LONGEST_HEADING = 80
_EDGES = f" {INVISIBLE}"


@dataclass(frozen=True, slots=True)
class _Repair:
    """A line as it is read and as it stands on the page; `places`: where each read character stands there."""

    read: str
    original: str
    places: tuple[int, ...]

    def restore(self, words: str) -> str | None:
        """The words as the page has them, or None where they are not of this line."""
        start = self.read.find(words)
        return None if start < 0 else self.original[self.places[start] : self.places[start + len(words)]].strip(_EDGES)


def looks_sound(text: str) -> bool:
    """Whether nothing in the words of lines can need repair, nor was lost in decoding: False where that is not plain.

    Blanks and signs that nobody sees are not printable, but for the space and one of these signs.
    """
    return (
        text.isprintable()
        and not any(sign in text for sign in (*_LOST, "\ufffd", "\ufe0f", "  "))
        and PINYIN.search(text) is None
    )


def drop_noise(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines without pinyin behind a character, without characters that nobody sees, and without long blanks."""
    text = "\n".join(line.text for line in lines)
    if not has_noise(text) and _BLANK_RUN.search(text) is None:
        return lines
    return tuple(
        line if _DROPPED.search(line.text) is None else _rewrite(line, _DROPPED.sub("", line.text)) for line in lines
    )


def mend_marks(lines: tuple[Line, ...], profile: Profile) -> tuple[Line, ...]:
    """The lines with the brackets that were lost around headings that the profile knows, and around categories.

    「?類目新增?」 is a heading because it is one without its marks. 「?醫療服務-就醫服務?」 is 【醫療服務-就醫服務】
    where the heading of a block follows; 「需補充?公益-募捐服務?類目」 names a category for its verb and its noun.
    """
    if not _has_any(lines, _LOST):
        return lines
    tables = (profile.sections.values(), profile.blocks.values(), profile.entity_types.values())
    known = {fold_characters(name) for names in chain.from_iterable(tables) for name in names}
    blocks = {fold_characters(name) for names in profile.blocks.values() for name in names}
    mended = list(lines)
    for place, (line, follower) in enumerate(pairwise((*lines, None))):
        if line is None or not any(mark in line.text for mark in _LOST):
            continue
        text = line.text
        heading = line.folded if len(line.folded) <= _LONGEST_HEADING else ""
        edged, wrapped = _EDGED.fullmatch(heading), _WRAPPED.fullmatch(heading)
        if edged and re.sub(r"\s", "", edged["words"]) in known:
            text = re.sub(f"[{_LOST}]", " ", text)
        elif wrapped and _NAME.fullmatch(wrapped["words"].strip()) and _is_block(follower, blocks):
            start, end = wrapped.span("words")
            text = f"{' ' * (start - 1)}【{text[start:end]}】{' ' * (len(text) - end - 1)}"
        else:
            for match in _REFERENCE.finditer(line.folded):
                start, end = match.span("words")
                text = f"{text[: start - 1]}【{text[start:end]}】{text[end + 1 :]}"
        if text != line.text:
            mended[place] = _rewrite(line, text)
    return tuple(mended)


def find_doubts(lines: tuple[Line, ...]) -> Iterator[tuple[Line, Problem]]:
    """The lines in which a mark was lost that nothing tells, each with its problem."""
    for line in lines if _has_any(lines, _LOST) else ():
        match = _DOUBT.search(line.text)
        if match is not None:
            start = next(place for place in range(match.start(), match.end()) if line.text[place] in _LOST)
            message = "a mark was lost here; what stands around it may be a heading or a name"
            yield (
                line,
                Problem(
                    line=line.number, text=line.text, code="lost-mark", message=message, start=start, end=start + 1
                ),
            )


class Repairs:
    """What was mended on a page, to put it back into what was read."""

    def __init__(self, originals: Sequence[Line], lines: Sequence[Line]) -> None:
        self._repairs: dict[int, list[_Repair]] = defaultdict(list)
        for original, line in zip(originals, lines, strict=True) if originals is not lines else ():
            if original is not line:
                repair = _Repair(line.text, original.text, (*_kept_places(original.text), len(original.text)))
                self._repairs[line.number].append(repair)

    def restore_document(self, document: Document) -> Document:
        """The document with its words as the page has them."""
        if not self._repairs:
            return document
        around = [repair for repairs in self._repairs.values() for repair in repairs]
        whole = {repair.read: repair.original for repair in around}
        entries = tuple(self._restore_entry(entry, whole) for entry in document.entries)
        preamble = tuple(whole.get(words, words) for words in document.preamble)
        frame = _restore(structs.replace(document, entries=(), preamble=()), around)
        return structs.replace(frame, entries=entries, preamble=preamble)

    def restore_explained(self, line: ExplainedLine) -> ExplainedLine:
        """What became of a line, with its words as the page has them."""
        parts = tuple(_restore(part, self._find(line.number)) for part in line.parts)
        return structs.replace(line, parts=parts, problems=tuple(map(self.restore_problem, line.problems)))

    def restore_problem(self, problem: Problem) -> Problem:
        """The problem with its line, and the place in it, as the page has them."""
        repair = next((one for one in self._find(problem.line) if one.read == problem.text), None)
        if repair is None:
            return _restore(problem, self._find(problem.line))
        start, end = (None if place is None else repair.places[place] for place in (problem.start, problem.end))
        return structs.replace(problem, text=repair.original, start=start, end=end)

    def _restore_entry(self, entry: NoticeEntry, whole: Mapping[str, str]) -> NoticeEntry:
        """The entry as its lines have it; a level above it may stand in a heading before them."""
        first, last = entry.lines
        restored = _restore(entry, [repair for number in range(first, last + 1) for repair in self._find(number)])
        return structs.replace(restored, path=tuple(whole.get(level, level) for level in restored.path))

    def _find(self, number: int) -> list[_Repair]:
        return self._repairs.get(number, [])


def _has_any(lines: Sequence[Line], signs: str) -> bool:
    """Whether the page has one of the signs: nearly every page has none, and this is quick."""
    text = "".join(line.text for line in lines)
    return any(sign in text for sign in signs)


def _is_block(line: Line | None, blocks: set[str]) -> bool:
    return line is not None and line.folded.strip(f"{_LOST} :【】") in blocks


def _rewrite(line: Line, text: str) -> Line:
    return Line(line.number, text, fold_characters(text), line.heading, line.cell, line.trail)


def _kept_places(text: str) -> Iterator[int]:
    dropped = {place for match in _DROPPED.finditer(text) for place in range(*match.span())}
    return (place for place in range(len(text)) if place not in dropped)


def _restore(value: _T, repairs: Sequence[_Repair]) -> _T:
    """The value with each text in it as the page has it, line by line; a text that is of none of the lines stays."""
    restored: object = value
    match value:
        case str():
            restored = "\n".join(_restore_words(words, repairs) for words in value.split("\n"))
        case tuple():
            restored = tuple(_restore(one, repairs) for one in value)
        case Struct():
            fields = {name: _restore(getattr(value, name), repairs) for name in value.__struct_fields__}
            restored = structs.replace(value, **fields)
    return cast("_T", restored)


def _restore_words(words: str, repairs: Sequence[_Repair]) -> str:
    if not words:
        return words
    return next((found for repair in repairs if (found := repair.restore(words)) is not None), words)
