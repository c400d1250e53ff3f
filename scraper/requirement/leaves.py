"""One line of a requirement to a leaf, or to the alternatives that it names inside the line.

    line     := [label ":"] [marker ":"] part (joint part)*  |  list-of-papers marker  |  branch ("," branch)*
    branch   := subject (":" | [需] 提供) part (joint part)*
    part     := [count] [holder "的"] 《title》 [qualifier]  |  text

或 and `/` give a choice of one, the other joints (scraper.requirement.joints) all of the parts; where a line has both,
the choice binds tighter: 「《A》或《B》及《C》」 is (A or B) and C.
"""

from __future__ import annotations

import re
from itertools import pairwise

from msgspec import structs

from scraper.requirement.brackets import Spans, find_brackets, is_inside
from scraper.requirement.joints import Joint, find_joints
from scraper.requirement.markers import Marker, find_marker, trim_label
from scraper.requirement.papers import CONDITION, find_label_end, make_leaf, names_paper
from snapshots.folding import fold_characters
from snapshots.remember import remember_words
from snapshots.requirement import AllOf, Choose, Paper, Requirement, Text

_PLAIN_PAPER = re.compile(r"《[^《》]+》")
_NEW = "新增项"
_JOINT_SIGNS = " 、,，"
_END_SIGNS = " 。;；、,，"
_BRANCH = re.compile(
    r"(?!若|如|且|并|但|其中|以上|必须|必选|选填|选择性|可选)[^《》:,;。、]{2,40}?(?::|(?:需要?|须|应|请)?(?:提供|提交|上传)(?![的方商者]):?)\s*(?=\S)"
)
_BRANCH_BORDER = re.compile(r"[,;。]")
_CONDITION_BORDER = re.compile(r"[;。]")
_DOCUMENT = re.compile(r"(?:证|书|函|文件|批文|协议|合同|截图|证明|材料|执照|凭证|牌照|许可)\s*$")
_DANGLING = re.compile(r"(?:以及|或者|[及或和与])$")


@remember_words
def parse_leaf(text: str) -> Requirement:
    """The leaf, or the choice or list of leaves, that a line without its enumerator states; `text` is verbatim."""
    folded = fold_characters(text)
    if _PLAIN_PAPER.fullmatch(folded) and _NEW not in folded:  # as most leaves: no word around the paper says more
        return Paper(text=text, title=text[1:-1].strip())
    return read_leaf(text, folded)


def read_leaf(text: str, folded: str) -> Requirement:
    """The same, of words of any form."""
    brackets = find_brackets(folded)
    head = find_marker(folded)
    if head is not None and head.end < len(folded.rstrip(" 。;")):
        return _marked_line(text, folded, head)
    if "《" not in folded and ":" not in folded:
        return make_leaf(text, folded, brackets)
    branches = _split_branches(folded, brackets)
    if branches:
        return Choose(n=1, items=tuple(_parse_branch(text[start:end].strip()) for start, end in branches))
    return _parse_parts(text, folded, brackets)


def parse_closed_list(text: str, marker: str, n: int | None) -> AllOf | Choose | None:
    """The list that stands in front of its marker, 「《A》、《B》任選其一」; None where the words name no list."""
    inner = parse_leaf(text)
    if not isinstance(inner, AllOf | Choose) or (inner.marker is None and isinstance(inner, Choose)):
        return None
    if inner.marker is not None and find_marker(fold_characters(inner.marker)) is not None:
        return _close_list((inner,), None, marker, n)  # a list with a marker of its own: 「《A》同时提供《B》(2选1)」
    if n is None:
        items = inner.items if isinstance(inner, AllOf) else (inner,)
        return _close_list(items, inner.label if isinstance(inner, AllOf) else None, marker, n)
    return _close_list(inner.items, inner.label, marker, n)


def _close_list(items: tuple[Requirement, ...], label: str | None, marker: str, n: int | None) -> AllOf | Choose:
    if n is None:
        return AllOf(label=label, marker=marker, items=items)
    return Choose(n=n, label=label, marker=marker, items=items)


def is_cut_off(folded: str) -> bool:
    """Whether the words end with a joint behind which nothing stands: 「《A》及《B》及」."""
    return "》" in folded and _DANGLING.search(folded.rstrip(" 。;")) is not None


def _marked_line(text: str, folded: str, head: Marker) -> Requirement:
    label = trim_label(text[: head.start]) or None
    marker = text[head.start : head.stop]
    rest = text[head.end :].strip()
    folded = folded[head.end :].strip()
    inner = _parse_parts(rest, folded, find_brackets(folded))
    items = inner.items if isinstance(inner, AllOf | Choose) and inner.label is None else (inner,)
    if head.n is None:
        if isinstance(inner, Choose):
            items = (inner,)
        return AllOf(label=label, marker=marker, items=items)
    return Choose(n=head.n, label=label, marker=marker, items=items)


def _split_branches(folded: str, brackets: Spans) -> list[tuple[int, int]]:
    """The branches of a line in which each says for whom it holds; empty where the line is no such list.

    「宠物医院提供《动物诊疗许可证》,宠物问诊及兽医提供《兽医执业资格证》」 has two, and so has
    「若为自营,提供《甲证》;若为平台,提供《乙证》」.
    """
    for pattern, border in ((_BRANCH, _BRANCH_BORDER), (CONDITION, _CONDITION_BORDER)):
        borders = [match.start() for match in border.finditer(folded) if not is_inside(brackets, match.start())]
        places = [-1, *borders, len(folded)]
        branches = [(start + 1, end) for start, end in pairwise(places) if folded[start + 1 : end].strip()]
        if len(branches) > 1 and all(_is_branch(folded, start, end, pattern) for start, end in branches):
            return branches
    return []


def _is_branch(folded: str, start: int, end: int, pattern: re.Pattern[str]) -> bool:
    """Whether the clause says for whom or when it holds, and then which paper is asked for."""
    head = pattern.match(folded, end - len(folded[start:end].lstrip()), end)
    return (
        head is not None
        and not names_paper(head[0])
        and (
            folded.find("《", head.end(), end) >= 0
            or _DOCUMENT.search(folded, max(head.end(), end - 8), end) is not None
        )
    )


def _parse_branch(text: str) -> Requirement:
    """The leaf of a branch; of 「末端网点需提供备案证明」 the label is 末端网点需提供."""
    leaf = parse_leaf(text)
    if isinstance(leaf, Text) and leaf.label is None and (head := _BRANCH.match(fold_characters(text))):
        return structs.replace(leaf, label=trim_label(text[: head.end()]))
    return leaf


def _parse_parts(text: str, folded: str, brackets: Spans) -> Requirement:
    joints = find_joints(folded, brackets, find_label_end(folded, brackets))
    if not joints:
        return make_leaf(text, folded, brackets)
    borders = [0, *(place for joint in joints for place in (joint.start, joint.end)), len(text)]
    leaves: list[Requirement] = []
    for start, end in zip(borders[::2], borders[1::2], strict=True):
        words = text[start:end].strip()
        part = fold_characters(words)
        leaves.append(make_leaf(words, part, find_brackets(part)))
    # The first part keeps the words before it; the label is the whole line's.
    label = leaves[0].label if isinstance(leaves[0], Paper | Text) else None
    leaves[0] = structs.replace(leaves[0], label=None)
    strong = [joint for joint in joints if not joint.chooses]
    if not strong or len(strong) == len(joints) or (joints[-1].chooses and all(joint.word == "、" for joint in strong)):
        # 「《A》、《B》或《C》」: the last joint says what the commas mean.
        return _make_list(text, joints, leaves, label)
    outer = set(joints) - set(strong) if _repeats_paper(joints, leaves) else set(strong)
    groups: list[tuple[list[Requirement], list[Joint]]] = [([leaves[0]], [])]
    for joint, leaf in zip(joints, leaves[1:], strict=True):
        if joint in outer:
            groups.append(([leaf], []))
        else:
            groups[-1][0].append(leaf)
            groups[-1][1].append(joint)
    items = [_make_list(text, inner, parts, None) if inner else parts[0] for parts, inner in groups]
    return _make_list(text, [joint for joint in joints if joint in outer], items, label)


def _make_list(text: str, joints: list[Joint], items: list[Requirement], label: str | None) -> AllOf | Choose:
    named = next((joint for joint in joints if joint.word not in "、;,"), joints[0])
    shown = text[named.start : named.end].strip(_JOINT_SIGNS) or text[named.start : named.end].strip() or None
    if any(joint.chooses for joint in joints):
        return Choose(n=1, label=label, marker=shown, items=tuple(items))
    return AllOf(label=label, marker=shown, items=tuple(items))


def _repeats_paper(joints: list[Joint], leaves: list[Requirement]) -> bool:
    """Whether 或 parts whole lists: of 「《A》及《B》或《C》及《B》」 no one would hand in B twice."""
    seen: set[str] = set()
    some: set[str] = set()
    for joint, leaf in zip((None, *joints), leaves, strict=True):
        if joint is not None and not joint.chooses:
            seen, some = seen | some, set()
        title = leaf.title if isinstance(leaf, Paper) else ""
        if title in seen:
            return True
        some |= {title} - {""}
    return False
