"""The parts of a requirement block to nested lists of items.

    block    := [marker-line] item*
    item     := [enumerator] words [marker] [":"] item*      nested by the style of the enumerator
    note     := "注:" words | "注:" (enumerator words)+
    branch   := "【" region "】:" words
    tail     := ("如:" | "适用类别:") words | "…须包含以下内容:" …      goes on with the item above it

Which style nests under which differs from entry to entry, so depth is found as the list is read: a style that is open
already continues its list, a new one opens a list below the last item. 「一、… 1、… ①…」 and 「1、… ①…」 both occur.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from scraper.requirement.leaves import parse_closed_list
from scraper.requirement.markers import Marker, find_marker, trim_label
from scraper.requirement.note_runs import OpenList, Part, find_note_run, is_plain
from scraper.requirement.papers import begins_condition
from snapshots.folding import fold_characters
from snapshots.requirement import Requirement

MAX_DEPTH = 20
"""No platform nests deeper than four; a page that seems to is broken, and its tree must stay safe to walk."""

_PLAIN = "plain"
_REGION = re.compile(r"【[^【】]{1,30}】?[^【】:]{0,12}:")
_REGION_STYLE = "【】"
_REMARK = re.compile(r"(?:例?如|示例|适用(?:类别|对象|主体))\s*:")
_CONTENTS = re.compile(r"[^。;]{0,30}(?:须|需|应)要?(?:包含|含|包括|载明|写明)[^。;:]{0,12}:?$")
_ANNOUNCES = re.compile(r"(?:以下|下列|如下)[^,。;:《》()]{0,12}$")
_ON_ALL = re.compile(r"(?:以上|上述)[^,。;:《]{0,10}?(?:均|都|应|须|需)(?!.*(?:《|提供|提交|上传|具备|持有))")
_LOOKS_BACK = re.compile(r"以上|上述|[两二三四五](?:者|项|证|項|證)")
_BACK = re.compile(r"(?:以上|上述)(?:资质|材料|资料|文件|证件)?(?:中|可|需)?")
_ENDED = re.compile(r"[。;!?)》】”:]$")
_UNFINISHED = re.compile(r"[、,或及和与的(]$")
_JOINS = re.compile(r"(?:或者?|以及|[及和与])\s*(?:《|$)")
_BRACKET = re.compile(r"[()《》]")


class ListProblem(NamedTuple):
    """What is wrong at a line of a list, and the words of it that are to blame, where some are."""

    line: int
    code: str
    message: str
    words: str = ""


@dataclass(slots=True)
class Item:
    """A list item while the list is read."""

    line: int
    text: str
    style: str = ""
    number: int = 0
    marker: Marker | None = None
    shown: str = ""
    expects: bool = False  # its words announce a list that is still to come
    was_leaf: bool = False  # its words announced none, and yet one follows
    unsigned: bool = False  # it has no sign, and its neighbours have
    closed: Requirement | None = None  # the list that stands in front of its own marker
    open_brackets: int = 0
    children: list[Item] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Level:
    style: str
    owner: Item


class ListReader:
    """Builds the items of a block, part by part."""

    def __init__(self, lead: tuple[Marker, str] | None) -> None:
        self.root = Item(line=0, text="", expects=True)
        self.notes: list[str] = []
        self.problems: list[ListProblem] = []
        if lead:
            self.root.marker, self.root.shown = lead
        self._levels: list[_Level] = []
        self._last: Item | None = None
        self._in_contents = False
        self._open_note = -1  # the place of the part behind a note that did not end its sentence

    def read(self, parts: list[Part]) -> None:
        """Take all parts into the tree."""
        index = 0
        while index < len(parts):
            part = parts[index]
            index += 1
            if part.note is not None:
                index = self._read_note(parts, index, part.text[part.note :].strip())
            elif self._in_contents and not self._continues(part):
                if self._last is not None:
                    self._last.tail.append(part.text)
            elif part.enumerator is not None:
                words = part.text[part.enumerator.end :].strip()
                self._place(_make_item(part.line, words, part.enumerator.style, part.enumerator.number))
                self._close_list()
            else:
                stands_alone = "《" in part.folded or _REGION.match(part.folded) or not is_plain(part)
                if self._open_note == index - 1 and not stands_alone:
                    message = "nothing tells whether this line is still a note or asks for something"
                    self.problems.append(ListProblem(part.line, "ambiguous-note", message))
                self._read_plain(part, is_last=index == len(parts) or parts[index].note is not None)

    def _read_note(self, parts: list[Part], index: int, words: str) -> int:
        """Take a note; the index of the first part behind its items comes back."""
        while words and index < len(parts) and _is_torn(fold_characters(words)) and is_plain(parts[index]):
            words = f"{words}\n{parts[index].text}"
            index += 1
        if words:
            self._add_note(words)
            self._open_note = -1 if _ENDED.search(fold_characters(words)) else index
        pending = self._last is not None and self._last.expects
        if words and (pending or not fold_characters(words).endswith(":")):
            return index
        lists = [
            OpenList(
                level.style,
                level.owner.children[-1].number,
                len(level.owner.children),
                level.owner.marker.of if level.owner.marker else None,
            )
            for level in self._levels
        ]
        run = find_note_run(parts, index, lists)
        if not run.length and not words:
            self.problems.append(ListProblem(parts[index - 1].line, "empty-note", "no note stands behind the word 注"))
        if run.doubtful is not None:
            message = "nothing tells whether this line is still a note or the next item of the list around the notes"
            self.problems.append(ListProblem(parts[index + run.doubtful].line, "ambiguous-note", message))
        for part in parts[index : index + run.length]:
            self._add_note(part.text[part.enumerator.end :].strip() if part.enumerator else part.text)
        return index + run.length

    def _add_note(self, words: str) -> None:
        self.notes.append(words)
        owner = self._levels[-1].owner if self._levels else self.root
        if owner is self.root and len(owner.children) == 1 and owner.marker is None:
            owner = owner.children[0]
        owner.notes.append(words)

    def _continues(self, part: Part) -> bool:
        """Whether the part is the next item of a list that is open, and so ends what a paper's contents are."""
        sign = part.enumerator
        if sign is not None and any(
            level.style == sign.style and level.owner.children[-1].number + 1 == sign.number for level in self._levels
        ):
            self._in_contents = False
            return True
        return False

    def _read_plain(self, part: Part, *, is_last: bool) -> None:
        last = self._last
        if part.text == "/" and not self.root.children:
            self.root.children.append(Item(line=part.line, text="/"))
        elif self._take_marker(part, is_last=is_last):
            pass
        elif _REGION.match(part.folded):
            self._place(_make_item(part.line, part.text, _REGION_STYLE, 0))
        elif last is None or last.expects:
            self._place(_make_item(part.line, part.text, _PLAIN, 0))
        elif _ON_ALL.match(part.folded):
            self._add_note(part.text)
        elif _REMARK.match(part.folded):
            last.tail.append(part.text)
        elif self._levels[-1].style != _PLAIN and _CONTENTS.match(part.folded):
            last.tail.append(part.text)
            self._in_contents = True
        elif last.closed is None and _continues_words(last, part.folded):
            last.text = f"{last.text}\n{part.text}"
            last.open_brackets = _count_open(part.folded)
        else:
            self._read_neighbour(last, part)

    def _take_marker(self, part: Part, *, is_last: bool) -> bool:
        """Whether the part is a marker for a list that is there already, or for the whole block."""
        marker = find_marker(part.folded)
        if marker is None or part.folded[marker.end :].strip(" 。;"):
            return False
        label, shown = trim_label(part.text[: marker.start]), part.text[marker.start : marker.stop]
        if _BACK.fullmatch(fold_characters(label)):  # 「以上二选一」
            label, shown = "", part.text[: marker.stop]
        last, root = self._last, self.root
        if last is None and root.marker is None and "》" not in label:
            root.marker, root.shown, root.line, root.text = marker, shown, part.line, label
            return True
        if not label and last is not None and last.expects and last.marker is None:
            last.marker, last.shown = marker, shown
            return True
        closes = _LOOKS_BACK.match(part.folded) is not None or marker.of == len(root.children)
        closes = closes or (is_last and part.folded.startswith("(") and len(root.children) > 1)  # 「(同时提供)」
        if not label and root.marker is None and last is not None and closes:
            root.marker, root.shown, root.line = marker, shown, part.line
            return True
        return False

    def _read_neighbour(self, last: Item, part: Part) -> None:
        """Take words without an enumerator behind a finished item: they stand beside the innermost list's items.

        A condition beside the items of a choice is no option of its own: it belongs to the item above it.
        """
        level = self._levels[-1]
        condition = begins_condition(part.folded)
        item = _make_item(part.line, part.text, _PLAIN, 0)
        if level.style == _PLAIN:
            self._place(item)
            return
        marker = level.owner.marker
        if condition and not item.expects and marker is not None and marker.n is not None:
            self.notes.append(part.text)
            last.notes.append(part.text)
            return
        item.unsigned = not condition and not item.expects
        level.owner.children.append(item)
        self._last = item

    def _place(self, item: Item) -> None:
        last = self._last
        for depth in range(len(self._levels) - 1, -1, -1):
            level = self._levels[depth]
            if level.style != item.style:
                continue
            heads = last is not None and last.style == _PLAIN and level.owner.children[-1] is last
            if last is not None and last.expects and (item.number == 1 or heads):
                break
            del self._levels[depth + 1 :]
            level.owner.children.append(item)
            self._last = item
            return
        owner = last if last is not None else self.root
        if len(self._levels) >= MAX_DEPTH:
            owner = self._levels[-1].owner
            if not any(problem.code == "too-deep" for problem in self.problems):
                message = f"the lists nest deeper than {MAX_DEPTH}; from here on they are read as one list"
                self.problems.append(ListProblem(item.line, "too-deep", message))
        else:
            owner.was_leaf = owner is not self.root and not owner.expects
            owner.expects = False
            self._levels.append(_Level(item.style, owner))
        owner.children.append(item)
        self._last = item

    def _close_list(self) -> None:
        """Give the innermost list the marker that its last item ends with: 「3、《…》(三者缺一不可)」."""
        item, owner = self._last, self._levels[-1].owner
        if item is None or owner.marker is not None or "》" not in item.text or not _LOOKS_BACK.search(item.shown):
            return
        if item.closed is None:
            owner.marker, owner.shown = item.marker, item.shown
            item.marker, item.shown, item.expects = None, "", False


def _make_item(line: int, words: str, style: str, number: int) -> Item:
    folded = fold_characters(words)
    marker = find_marker(folded)
    if marker is not None and not folded[marker.end :].strip(" 。;"):
        label, shown = trim_label(words[: marker.start]), words[marker.start : marker.stop]
        closed = parse_closed_list(label, shown, marker.n) if "》" in label else None
        return Item(line, label, style, number, marker, shown, expects=closed is None, closed=closed)
    expects = not words or folded.endswith(":") or _ANNOUNCES.search(folded[-24:]) is not None
    return Item(line, words, style, number, expects=expects, open_brackets=_count_open(folded))


def _count_open(folded: str) -> int:
    return folded.count("(") - folded.count(")") + folded.count("《") - folded.count("》")


def _is_torn(folded: str) -> bool:
    """Whether a sentence was broken off: behind a comma, or in a bracket."""
    return _UNFINISHED.match(folded[-1:]) is not None or _count_open(folded) > 0


def _continues_words(item: Item, folded: str) -> bool:
    """Whether the words go on with those of the item, which were broken off in mid-sentence, or by a bracket.

    So does a line 「或」 between two papers, and 「或《承诺函》」.
    """
    if _UNFINISHED.match(fold_characters(item.text[-1:])) or folded.startswith("(") or _JOINS.match(folded):
        return True
    sign = _BRACKET.search(folded) if item.open_brackets > 0 else None
    return sign is not None and sign[0] in ")》"
