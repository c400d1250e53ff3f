"""The lists of a requirement block to its tree, and what does not add up in them."""

from __future__ import annotations

import re
from itertools import pairwise

from msgspec import structs

from scraper.requirement.enumerators import OPTION
from scraper.requirement.item_lists import Item, ListProblem
from scraper.requirement.leaves import is_cut_off, parse_leaf
from scraper.requirement.papers import has_second_paper, names_paper
from scraper.requirement.sayings import find_saying, says_none
from snapshots.folding import fold_characters
from snapshots.requirement import AllOf, Choose, NoneRequired, Paper, Requirement, Text, iterate_leaves

_ASKS_ALL = re.compile(r"(?:所需|必须|需要?|须|请|应)[^,。;]{0,20}?(?:以下|下列|如下)")
_ASKS_ABOVE = re.compile(r"(?:提供|提交|上传)[^。;]*[^。;\s][。;](?=.*(?:提供|提交|上传|的|主体|企业|个人))")
"""「经营者为自然人的,提供:身份证明;经营者为企业的,同时提供:」 is more than the label of the list below it."""
_AT_MARKER = frozenset({"arity", "empty-list"})  # problems whose place is the list's marker
_OPTIONAL = re.compile(r"选填|可选|任|之一|其一|[一两二三四五][项种类个]|者|至少|最少")


def asks_for_all(folded: str) -> bool:
    """Whether the words in front of a list say that all of it is asked for: 「邮件必须附上以下资料:」."""
    return "同时" in folded or (_ASKS_ALL.search(folded) is not None and _OPTIONAL.search(folded) is None)


class TreeBuilder:
    """Builds the tree of an item; `problems` are in the order of the items."""

    def __init__(self, *, lead_asks_all: bool) -> None:
        self.problems: list[ListProblem] = []
        self._lead_asks_all = lead_asks_all

    def build(self, item: Item) -> Requirement:
        """The node of an item and of all below it."""
        if not item.children:
            return self._build_leaf(item)
        self._check_numbers(item)
        items = tuple(self.build(child) for child in item.children)
        self._check_count(item)
        if _ASKS_ABOVE.search(fold_characters(item.text)):
            self._report(item, "unread-paper", "the words above the list ask for something too, beside the list")
        options = all(child.style == OPTION for child in item.children)
        branches = len(items) > 1 and (options or all(_is_branch(child) for child in items))
        if item.marker is None and not branches and len(items) > 1:
            self._check_marker(item)
        notes, label = tuple(item.notes), "\n".join((item.text, *item.tail)).strip().rstrip(":：").strip() or None
        if item.marker is not None and item.marker.n is not None:
            return Choose(n=item.marker.n, label=label, marker=item.shown, items=items, notes=notes)
        if item.marker is not None:
            return AllOf(label=label, marker=item.shown, items=items, notes=notes)
        if label is None and len(items) == 1 and not notes:
            return items[0]
        if branches:
            return Choose(n=1, label=label, marker=None, items=items, notes=notes)
        return AllOf(label=label, marker=None, items=items, notes=notes)

    def _build_leaf(self, item: Item) -> Requirement:
        notes = tuple(item.notes)
        if item.closed is not None:
            self._check_closed(item)
            return structs.replace(_add_tail(item.closed, item.tail), notes=notes)
        if item.marker is not None:
            self._report(item, "empty-list", f"{item.shown} announces a list here and no item follows")
            label = item.text or None
            if item.marker.n is None:
                return AllOf(label=label, marker=item.shown, items=(), notes=notes)
            return Choose(n=item.marker.n, label=label, marker=item.shown, items=(), notes=notes)
        if item.text == "/" or says_none(fold_characters(item.text)):
            return NoneRequired()
        leaf = parse_leaf(item.text)
        if is_cut_off(fold_characters(item.text)):
            self._report(item, "cut-off", "the line ends with a word that joins papers, and no paper follows")
        self._check_words(item, leaf)
        leaf = _add_tail(leaf, item.tail)
        return structs.replace(leaf, notes=notes) if notes and not isinstance(leaf, NoneRequired) else leaf

    def _check_words(self, item: Item, leaf: Requirement) -> None:
        """What the words of a leaf say beside the paper that it was read as."""
        folded = [fold_characters(one.text) for one in iterate_leaves(leaf)]
        if any(isinstance(one, Paper) and has_second_paper(one.text) for one in iterate_leaves(leaf)):
            self._report(item, "unread-paper", "the line names another paper, and what joins the two is not known")
        for code, message in dict.fromkeys(filter(None, map(find_saying, folded))):
            self._report(item, code, message)

    def _check_numbers(self, item: Item) -> None:
        """A gap in the numbers is a line that the page lost."""
        numbered = [child for child in item.children if child.number]
        gap = next((pair for pair in pairwise(numbered) if pair[1].number != pair[0].number + 1), None)
        if gap is not None:
            before, after = gap
            self._report(item, "missing-item", f"item {after.number} of the list follows item {before.number}")
        elif numbered and numbered[0].number != 1 and item.style != "plain":
            self._report(item, "missing-item", f"the list begins with item {numbered[0].number}")
        if item.was_leaf:
            self._report(item, "unexpected-list", "a list follows words that announce none; a line may be lost")
        count = item.marker.of if item.marker else None
        for child in item.children:
            if child.unsigned and count != len(item.children):
                message = "the line has no number and the list's other items have; it may be torn from the item above"
                self._report(child, "unnumbered-item", message)

    def _check_count(self, item: Item) -> None:
        marker, length = item.marker, len(item.children)
        if marker is None:
            return
        if marker.of is not None and marker.of != length:
            self._report(item, "arity", f"the marker says {marker.of} items, {length} are there")
        elif marker.of is None and length <= (marker.n or 1) and any(child.number for child in item.children):
            self._report(item, "arity", f"the marker {item.shown} asks for a list of several items, {length} is there")
        elif marker.n is not None and marker.n > length:
            self._report(item, "arity", f"the marker {item.shown} asks for {marker.n} items, {length} are there")

    def _check_closed(self, item: Item) -> None:
        of = item.marker.of if item.marker else None
        length = len(item.closed.items) if isinstance(item.closed, AllOf | Choose) else 1
        if of is not None and of != length:
            self._report(item, "arity", f"the marker says {of} items, {length} are there")

    def _check_marker(self, item: Item) -> None:
        lead = item.style == "" and self._lead_asks_all
        if not lead and not asks_for_all(fold_characters(item.text)):
            message = f"nothing says whether all of the {len(item.children)} items are asked for or one; read as all"
            self._report(item, "no-marker", message)

    def _report(self, item: Item, code: str, message: str) -> None:
        words = item.shown if code in _AT_MARKER else ""
        self.problems.append(ListProblem(item.line, code, message, words))


def _add_tail(node: Requirement, tail: list[str]) -> Requirement:
    """The node with lines that go on with it, in the text of its last leaf: 「如:日本地区的《…》」 is an example."""
    match node:
        case _ if not tail:
            return node
        case Paper() | Text():
            return structs.replace(node, text="\n".join((node.text, *tail)))
        case AllOf() | Choose():
            return structs.replace(node, items=(*node.items[:-1], _add_tail(node.items[-1], tail)))
        case _:
            return node


def _is_branch(node: Requirement) -> bool:
    """Whether a branch says by its label for whom or when it holds: 「一、使用自研技术…」.

    A label that names a kind of paper, 「1、平台资质:《…》」, says neither.
    """
    if isinstance(node, NoneRequired) or node.label is None or names_paper(node.label):
        return False
    return find_saying(f"{fold_characters(node.label).rstrip(': ')}:") is None  # 「调整前:」 is for nobody
