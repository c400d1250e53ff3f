"""Where one line names several papers: 「《備案憑證》或《許可證》及《承諾函》」.

    joint := 并提供 | 或 | 或者 | 和/或 | / | 及 | 和 | 与 | 以及 | + | 、 | ; | , | nothing between 》 and 《

A joint counts only outside 《…》, (…) and quotes, and only where it joins papers: 「設立或授權」 joins none. A word
counts beside a paper, and where a document's name stands before it and a paper behind it (「合作协议以及合作公司的
《许可证》」); `/` and + need papers on both sides; 、 a line that is such a list throughout.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise

from scraper.requirement.brackets import Spans, is_inside

# After 、 only 及 and 或 are joints: 「列表、與其中一家醫院簽訂的…」 goes on with a preposition.
_AND_GIVE = (
    r"[、,;]? {0,4}(?:并且?|且|同时|另)(?:还|需|须|应|要|同时|一并|另行|额外)*(?:提供|提交|上传)(?=[^,。;《》]{0,30}《)"
)
_JOINT = re.compile(rf"{_AND_GIVE}|[、,]? {{0,4}}(?:[和及]/或|以及|或者|或|及)|和|与|[/、+;,]")
_OR = frozenset({"或", "或者", "/", "和/或", "及/或"})
_COMMA = frozenset("、")
_STOPS = frozenset(";,")
_SETTLED = _COMMA | _STOPS | {""}  # a candidate of these has been looked at as part of its whole list
_SIGNS = " 、,;"
_END_SIGNS = " 。;、,"
_CLEAR_NOUNS = (
    "证", "书", "函", "文件", "批文", "协议", "合同", "列表", "样本", "截图", "证明", "材料", "名单", "公告", "报告",
    "执照", "凭证", "批复", "牌照", "许可证",
)  # fmt: skip
_NOUNS = (*_CLEAR_NOUNS, "备案", "表", "授权", "许可", "资质")
_COPIES = ("截图", "原件", "复印件", "扫描件", "翻译件", "副本", "备案", "名单")
_COPY = re.compile(r"(?:其|中/?英文?|中文|英文)*\s*(?:翻译件|译文|复印件|扫描件|原件|副本|公证件|截图)")
_GIVE = re.compile(r"(?:需|须|请)?(?:提供|提交|上传)")


@dataclass(frozen=True, slots=True)
class Joint:
    """A word or sign that joins papers, with its place; `word` is folded, of `,或` the 或."""

    start: int
    end: int
    word: str

    @property
    def chooses(self) -> bool:
        """Whether one of what it joins is enough."""
        return self.word in _OR


def find_joints(folded: str, brackets: Spans, begin: int) -> list[Joint]:
    """The joints of the line behind the place `begin`, where its label ends."""
    line = _Line(folded, brackets, begin)
    if not line.papers:
        return []
    candidates = [
        Joint(*match.span(), match[0].strip(_SIGNS) or match[0].strip())
        for match in _JOINT.finditer(folded, begin)
        if match.start() > begin and match.end() < line.stop and not is_inside(brackets, match.start())
    ]
    candidates = sorted([*candidates, *line.find_bare_joints()], key=lambda joint: joint.start)
    for signs, is_list in ((_COMMA, line.is_list), (_STOPS, line.is_strict_list)):
        own = [joint for joint in candidates if joint.word in signs]
        if own and not is_list(own, candidates):
            candidates = [joint for joint in candidates if joint.word not in signs]
    kept: list[Joint] = []
    for index, joint in enumerate(candidates):
        start = kept[-1].end if kept else begin
        stop = candidates[index + 1].start if index + 1 < len(candidates) else line.stop
        if joint.word in _SETTLED or line.joins(joint, start, stop, {other.word for other in kept[-1:]}):
            kept.append(joint)
    return kept


class _Line:
    """A line and the places of its papers."""

    def __init__(self, folded: str, brackets: Spans, begin: int) -> None:
        self.folded = folded
        self.begin = begin
        self.stop = len(folded.rstrip(_END_SIGNS))
        self.papers = [start for start, _ in brackets if folded[start] == "《" and start >= begin]
        self._starts = {end: start for start, end in brackets}

    def find_bare_joints(self) -> list[Joint]:
        """The joints of 「《A》《B》(原件)《C》」, where no word stands between two papers."""
        return [Joint(start, start, "") for last, start in pairwise(self.papers) if self._ends_with_paper(last, start)]

    def joins(self, joint: Joint, start: int, stop: int, words_before: set[str]) -> bool:
        """Whether the joint stands between papers; `start` to `stop` is from the joint before it to the next one."""
        folded = self.folded
        right = self._skip_spaces(joint.end)
        if (
            right >= self.stop
            or self._step_back(start, joint.start, brackets=False) == start
            or _COPY.match(folded, right)
        ):
            return False
        left_paper, right_paper = self._ends_with_paper(start, joint.start), folded.startswith("《", right)
        if joint.word in "/+":
            return left_paper and (right_paper or self._ends_with(_CLEAR_NOUNS, right, stop))
        if left_paper:
            return True
        if right_paper:
            return self._ends_with(_NOUNS, start, joint.start) or self._has_paper(start, joint.start)
        if self._has_paper(right, stop):
            return self._ends_with(_CLEAR_NOUNS, start, joint.start) or (
                self._has_paper(start, joint.start) and _GIVE.match(folded, right) is not None
            )
        return (
            joint.word in words_before
            and self._ends_with(_CLEAR_NOUNS, start, joint.start)
            and self._ends_with(_CLEAR_NOUNS, right, stop)
        )

    def is_list(self, commas: list[Joint], candidates: list[Joint]) -> bool:
        """Whether every part between the commas 、 (and a last 或 or 及) is a paper or ends like a document's name."""
        last = commas[-1]
        closing = [
            joint
            for joint in candidates
            if joint.start > last.start and self.folded.startswith("《", self._skip_spaces(joint.end))
        ]
        places = [(self.begin, self.begin), *((joint.start, joint.end) for joint in (*commas, *closing[-1:]))]
        inner = all(
            self._ends_with_paper(start, end) or self._ends_with(_NOUNS, start, end)
            for (_, start), (end, _) in pairwise(places)
        )
        end = places[-1][1]
        return inner and (self._has_paper(end, self.stop) or self._ends_with(_NOUNS, end, self.stop))

    def is_strict_list(self, signs: list[Joint], _candidates: list[Joint]) -> bool:
        """Whether every part between the signs ; and , begins with a paper: 「《A》;《B》(范围含…)」."""
        places = [self.begin, *(joint.end for joint in signs)]
        return all(self.folded.startswith("《", self._skip_spaces(place)) for place in places)

    def _skip_spaces(self, place: int) -> int:
        while place < self.stop and self.folded[place] in " \n":
            place += 1
        return place

    def _step_back(self, start: int, end: int, *, brackets: bool) -> int:
        """The place before the spaces, and before the brackets (…) if asked for, that stand at the end."""
        while end > start:
            if self.folded[end - 1] in " \n":
                end -= 1
            elif brackets and end in self._starts and self.folded[self._starts[end]] == "(":
                end = self._starts[end]
            else:
                break
        return end

    def _ends_with_paper(self, start: int, end: int) -> bool:
        """Whether 《…》, its brackets, or the few letters that name a copy of it (截图) end there."""
        end = self._step_back(start, end, brackets=True)
        copy = next((noun for noun in _COPIES if self.folded.endswith(noun, start, end)), "")
        end = self._step_back(start, end - len(copy), brackets=True)
        return end > start and end in self._starts and self.folded[end - 1] == "》"

    def _ends_with(self, nouns: tuple[str, ...], start: int, end: int) -> bool:
        return self.folded.endswith(nouns, start, self._step_back(start, end, brackets=True))

    def _has_paper(self, start: int, end: int) -> bool:
        index = bisect_left(self.papers, start)
        return index < len(self.papers) and self.papers[index] < end
