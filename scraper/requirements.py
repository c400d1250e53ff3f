"""The lines of a requirement block to a tree.

    block    := application* [marker-line] item*
    item     := enumerator words [marker] [":"] item*        nested by the style of the enumerator
    note     := "注:" words | "注:" (enumerator words)+

Which style nests under which differs from entry to entry, so depth is found as the list is read: a style that is open
already continues its list, a new one opens a list below the last item. 「一、… 1、… ①…」 and 「1、… ①…」 both occur.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from msgspec import Struct, structs

from scraper.explain import Role
from scraper.leaves import paper_titles, parse_leaf
from scraper.lines import Line
from scraper.list_roles import ListPart, explain_list
from scraper.markers import Marker, find_marker, read_enumerator, split_inline_items, trim_label
from snapshots.category import PaperMention
from snapshots.folding import fold_characters
from snapshots.notice import Problem
from snapshots.requirement import AllOf, Choose, NoneRequired, Requirement, iterate_leaves

_APPLICATION = re.compile(r"内测阶段|暂不支持线上申请|发送(?:至|到)?邮箱|申请邮件|邮件必须附上|标题格式为")
_LEAD_IN = re.compile(r"必须附上.*?[::]|(?:附上|提供)以下.{0,20}(?:资料|材料|资质)[^::]{0,12}[::]")
_NOTE = re.compile(r"(?:备注|注)\s*(?:意)?\s*[::]\s*")
_SCOPE = re.compile(r"仅?适用于")
_FIRST_NUMBERS = frozenset({1, *(whole * 100 + 1 for whole in range(1, 10))})
_UNFINISHED = re.compile(r"[、,或及和与的(]$")
_AT_MARKER = frozenset({"arity", "empty-list"})  # problems whose place is the list's marker
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


class RequirementReading(Struct, frozen=True, kw_only=True):
    """What a requirement block says; `notes` are the texts of its notes, in page order."""

    requirement: Requirement | None
    application: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    papers: tuple[PaperMention, ...] = ()
    closed_beta: bool = False
    emails: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class _Item:
    """A list item while the list is read."""

    line: int
    text: str
    number: float = 0
    children: list[_Item] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    marker: Marker | None = None
    shown: str = ""
    expects: bool = False  # its words announce a list that is still to come
    was_leaf: bool = False  # its words announced none, and yet one follows


@dataclass(slots=True)
class _Level:
    style: str
    owner: _Item


def parse_requirement(lines: list[Line], roles: list[Role] | None = None) -> RequirementReading:
    """The tree, the way to apply and the notes that the lines of a requirement block state.

    `roles` gathers what became of each line.
    """
    application, rest, lead_marker = _split_application(lines)
    reader = _ListReader(lead_marker)
    for number, text in _split_lines(rest):
        reader.read(number, text)
    requirement = reader.finish()
    if roles is not None:
        applied = lines[: len(lines) - len(rest)] if application else []
        roles += [Role(line.number, line.text, "requirement", "to apply") for line in applied]
        parts = [ListPart(number, text, _read_sign(text)) for number, text in _split_lines(rest)]
        roles += explain_list(parts, reader.root, reader.notes, _freeze)
    titles = tuple(
        PaperMention(title=title, text=leaf.text)
        for leaf in iterate_leaves(requirement)
        for title in paper_titles(leaf.text)
    )
    spoken = " ".join(fold_characters(line) for line in application)
    return RequirementReading(
        requirement=requirement,
        application=application,
        notes=tuple(reader.notes),
        papers=titles,
        closed_beta="内测" in spoken,
        emails=find_emails(application),
        problems=tuple(_build_problems(reader, rest, lines)),
    )


def _build_problems(reader: _ListReader, rest: list[Line], lines: list[Line]) -> Iterator[Problem]:
    by_number = {line.number: line for line in reversed(lines)}
    found: list[tuple[Line, str, str, str]] = list(_check_words(rest))
    found += [
        (by_number.get(item.line, lines[0]), code, message, item.shown if code in _AT_MARKER else "")
        for item, code, message in reader.check()
    ]
    for line, code, message, words in found:
        start = line.text.find(words) if words else -1
        place = {} if start < 0 else {"start": start, "end": start + len(words)}
        yield Problem(line=line.number, text=line.text, code=code, message=message, **place)


def _read_sign(text: str) -> str:
    enumerator = read_enumerator(fold_characters(text))
    return text[: enumerator.end].strip() if enumerator else ""


def find_emails(texts: tuple[str, ...]) -> tuple[str, ...]:
    """The e-mail addresses in the texts, in order, each once."""
    return tuple(dict.fromkeys(match for text in texts for match in _EMAIL.findall(text)))


def read_note(folded: str) -> int | None:
    """Where the words of a note begin (「注:若涉及…」: 2), or None where the line begins no note."""
    match = _NOTE.match(folded)
    return match.end() if match else None


def _split_application(lines: list[Line]) -> tuple[tuple[str, ...], list[Line], tuple[Marker, str] | None]:
    """The lines that say how to apply, what is left of the block, and the marker that the lead-in ends with."""
    last = -1
    for index, line in enumerate(lines):
        if _APPLICATION.search(line.folded) or (last >= 0 and _LEAD_IN.search(line.folded)):
            last = index
    if last < 0:
        return (), lines, None
    application = [line.text for line in lines[: last + 1]]
    rest = lines[last + 1 :]
    final = lines[last]
    lead_in = None
    for match in _LEAD_IN.finditer(final.folded):
        lead_in = match
    if lead_in is not None and final.folded[lead_in.end() :].strip():
        words = final.text[lead_in.end() :].strip()
        application[-1] = final.text[: lead_in.end()]
        rest = [Line(number=final.number, text=words, folded=fold_characters(words)), *rest]
    marker = find_marker(fold_characters(application[-1])) if lead_in is not None else None
    return tuple(application), rest, (marker, application[-1][marker.start : marker.stop]) if marker else None


def _split_lines(lines: list[Line]) -> list[tuple[int, str]]:
    """The lines with the items that a copy has put on one line parted, and wrapped lines joined again."""
    parts: list[tuple[int, str]] = []
    for line in lines:
        places = split_inline_items(line.folded)
        head = find_marker(line.folded)
        if head is not None and read_enumerator(line.folded[head.end :].lstrip()) is not None:
            # 「(2選1): 一、慈善組織提供:」: the first item stands on the line of the list's marker.
            places = [*places, head.end]
        borders = sorted({0, *places, len(line.text)})
        for start, end in pairwise(borders):
            words = line.text[start:end].strip()
            if words:
                parts.append((line.number, words))
    return parts


class _ListReader:
    """Builds the items of a list, line by line."""

    def __init__(self, lead_marker: tuple[Marker, str] | None) -> None:
        self.notes: list[str] = []
        self.root = _Item(line=0, text="", expects=True)
        if lead_marker:
            self.root.marker, self.root.shown = lead_marker
        self._levels: list[_Level] = []
        self._last: _Item | None = None
        self._note_style: str | None = None  # the style of the note items being read; "" before the first one

    def read(self, number: int, text: str) -> None:
        """Take one line into the tree."""
        folded = fold_characters(text)
        begins = read_note(folded)
        if begins is not None:
            words = text[begins:].strip()
            if words:
                self._add_note(words)
            self._note_style = None if words else ""
            return
        enumerator = read_enumerator(folded)
        if self._note_style is not None:
            style = enumerator.style if enumerator else "plain"
            if self._note_style in ("", style):
                self._note_style = style
                self._add_note(text[enumerator.end :].strip() if enumerator else text)
                return
            self._note_style = None
        if enumerator is None:
            self._read_plain(number, text, folded)
            return
        words = text[enumerator.end :].strip()
        self._place(enumerator.style, _make_item(number, words, enumerator.number))

    def finish(self) -> Requirement | None:
        """The tree of all that was read; None where nothing was."""
        if not self.root.children:
            return None
        return _freeze(self.root)

    def check(self) -> Iterator[tuple[_Item, str, str]]:
        """What is wrong with the lists that were read."""
        return _check_list(self.root)

    def _add_note(self, words: str) -> None:
        self.notes.append(words)
        owner = self._levels[-1].owner if self._levels else self.root
        if owner is self.root and len(owner.children) == 1 and owner.marker is None:
            owner = owner.children[0]
        owner.notes.append(words)

    def _read_plain(self, number: int, text: str, folded: str) -> None:
        if text.strip() == "/" and not self.root.children:
            self.root.children.append(_Item(line=number, text="/"))
            return
        last = self._last
        if last is None and self.root.marker is None:
            marker = find_marker(folded)
            if marker is not None and not folded[marker.end :].strip():
                self.root.marker, self.root.shown = marker, text[marker.start : marker.stop]
                self.root.line = number
                self.root.text = trim_label(text[: marker.start])
                return
        if last is not None and not last.expects and _is_continuation(last.text):
            last.text = f"{last.text}\n{text}"
            return
        item = _make_item(number, text, 0)
        if last is not None and not last.expects and self._levels and self._levels[-1].style != "plain":
            # Words without an enumerator behind a finished item stand beside the innermost list's items.
            self._levels[-1].owner.children.append(item)
            self._last = item
            return
        self._place("plain", item)

    def _place(self, style: str, item: _Item) -> None:
        for depth in range(len(self._levels) - 1, -1, -1):
            level = self._levels[depth]
            if level.style != style:
                continue
            restarts = item.number == 1 and self._last is not None and self._last.expects
            if restarts:
                break
            del self._levels[depth + 1 :]
            level.owner.children.append(item)
            self._last = item
            return
        owner = self._last if self._last is not None else self.root
        expected = owner.expects
        owner.children.append(item)
        owner.expects = False
        owner.was_leaf = owner is not self.root and not expected
        self._levels.append(_Level(style, owner))
        self._last = item


def _make_item(number: int, words: str, ordinal: float) -> _Item:
    folded = fold_characters(words)
    marker = find_marker(folded)
    if marker is not None and not folded[marker.end :].strip():
        label = trim_label(words[: marker.start])
        shown = words[marker.start : marker.stop]
        return _Item(line=number, text=label, number=ordinal, marker=marker, shown=shown, expects=True)
    return _Item(line=number, text=words, number=ordinal, expects=folded.rstrip().endswith(":"))


def _is_continuation(text: str) -> bool:
    folded = fold_characters(text)
    return (
        bool(_UNFINISHED.search(folded))
        or folded.count("(") > folded.count(")")
        or folded.count("《") > folded.count("》")
    )


def _freeze(item: _Item) -> Requirement:
    if not item.children:
        if item.marker is not None:
            label = item.text or None
            if item.marker.n is None:
                return AllOf(label=label, marker=item.shown, items=(), notes=tuple(item.notes))
            return Choose(n=item.marker.n, label=label, marker=item.shown, items=(), notes=tuple(item.notes))
        return _freeze_leaf(item)
    items = tuple(_freeze(child) for child in item.children)
    notes = tuple(item.notes)
    label = item.text.strip().rstrip(":：").strip() or None
    if item.marker is not None:
        if item.marker.n is None:
            return AllOf(label=label, marker=item.shown, items=items, notes=notes)
        return Choose(n=item.marker.n, label=label, marker=item.shown, items=items, notes=notes)
    if label is None and len(items) == 1 and not notes:
        return items[0]
    if len(items) > 1 and all(_is_branch(child) for child in items):
        return Choose(n=1, label=label, marker=None, items=items, notes=notes)
    return AllOf(label=label, marker=None, items=items, notes=notes)


def _freeze_leaf(item: _Item) -> Requirement:
    if item.text == "/":
        return NoneRequired()
    leaf = parse_leaf(item.text)
    if not item.notes or isinstance(leaf, NoneRequired):
        return leaf
    return structs.replace(leaf, notes=tuple(item.notes))


def _is_branch(node: Requirement) -> bool:
    """Whether a branch says by its label for whom or when it holds: 「一、使用自研技術…」."""
    return not isinstance(node, NoneRequired) and node.label is not None


def _check_list(item: _Item) -> Iterator[tuple[_Item, str, str]]:
    """What is wrong with a list: (where, code, message). A gap in the numbers is a line that the page lost."""
    children = item.children
    if not children:
        if item.marker is not None:
            yield item, "empty-list", "a list is announced here and no item follows"
        return
    numbers = [child.number for child in children if child.number]
    if numbers and numbers != [numbers[0] + offset for offset in range(len(numbers))]:
        yield item, "missing-item", "the numbers of the list's items have a gap"
    elif numbers and numbers[0] not in _FIRST_NUMBERS:
        yield item, "missing-item", "the list does not begin with its first item"
    if item.marker is not None and item.marker.of is not None and item.marker.of != len(children):
        yield item, "arity", f"the marker says {item.marker.of} items, {len(children)} are there"
    if item.marker is not None and item.marker.n is None and len(children) == 1 and numbers:
        yield item, "arity", "all of a list are asked for, and the list has one item"
    if item.marker is None and len(numbers) > 1 and not all(_is_branch(_freeze(child)) for child in children):
        yield item, "no-marker", "the list does not say whether all of it or one of it is asked for"
    if item.was_leaf:
        yield item, "unexpected-list", "a list follows words that announce none; a line may be lost"
    for child in children:
        yield from _check_list(child)


def _check_words(lines: list[Line]) -> Iterator[tuple[Line, str, str, str]]:
    for line in lines:
        if match := _SCOPE.match(line.folded):
            words = line.text[: match.end()]
            yield (
                line,
                "scope-in-requirement",
                "the line says what a category is for; a block's heading may be lost",
                words,
            )
