"""A notice held against itself: what its sentences say of a category or a number, and what its table or list shows.

「本次下线【生活服务-跑腿】」 above a table that adjusts 跑腿; 「新增8个类目」 above seven rows. Which of the two is
meant nobody can say, so both stand as they were read, and a person decides.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from differ.changes import Evidence, Finding
from differ.findings.findings import build_finding, name_path
from differ.findings.standing import Documents, Words
from snapshots.category import fold_level
from snapshots.folding import fold_characters
from snapshots.notice import Action, NoticeEntry
from snapshots.order import entry_in_force
from snapshots.snapshot import StoredDocument

PROSE = "prose-against-table"

_ENDS: frozenset[Action] = frozenset({"removed", "renamed", "moved", "merged", "split"})
_STANDS: frozenset[Action] = frozenset({"added", "adjusted"})
_VERBS: dict[str, Action] = {
    "新增": "added", "增加": "added", "调整": "adjusted", "下线": "removed", "关闭": "removed", "删除": "removed",
    "更名": "renamed",
}  # fmt: skip
_COUNT = re.compile(
    rf"(?P<verb>{'|'.join(_VERBS)})(?:了|的)?(?:共|共计|合计)?\s*(?P<number>\d{{1,3}})\s*个"
    r"(?:服务|[一二三]级)*类目(?![的资适])"
)


def find_prose_doubts(words: Words, documents: Documents) -> Iterator[Finding]:
    """Where a notice in force says one thing in its sentences and another in its rows."""
    for document in sorted(words.heard):
        stored = documents[document]
        if stored.document.kind == "notice":
            yield from _check_actions(stored)
            yield from _check_counts(stored)


def _check_actions(stored: StoredDocument) -> Iterator[Finding]:
    """A category that ends and stands by the same notice, on the same day; a part of its goods may move."""
    by_path: dict[tuple[str, ...], list[NoticeEntry]] = defaultdict(list)
    for entry in stored.document.entries:
        by_path[tuple(map(fold_level, entry.path))].append(entry)
    for entries in by_path.values():
        for one, other in combinations(entries, 2):
            if _contradict(one, other) and entry_in_force(one, stored).date == entry_in_force(other, stored).date:
                said = sorted((one, other), key=lambda entry: entry.lines)
                named = next((entry for entry in said if entry.entity_type is not None), said[0])
                message = f"{name_path(one.path)}: the notice says {said[0].action} and {said[1].action}, of one day"
                places = (Evidence(document=stored.id, lines=entry.lines) for entry in said)
                detail = f"{said[0].action} {said[1].action} {entry_in_force(one, stored).date}"
                yield build_finding(named.key, PROSE, message, places, detail=detail)


def _contradict(one: NoticeEntry, other: NoticeEntry) -> bool:
    if one.entity_type is not None and other.entity_type is not None and one.entity_type != other.entity_type:
        return False
    actions = {one.action, other.action}
    if any(entry.action in _ENDS and entry.extent == "part" for entry in (one, other)):
        return False
    if actions <= _ENDS:
        return "removed" in actions and len(actions) > 1
    return bool(actions & _ENDS) and bool(actions & _STANDS)


def _check_counts(stored: StoredDocument) -> Iterator[Finding]:
    """「新增8个类目」 against the entries that are added: each, or those of several kinds of applicant as one."""
    for text in stored.document.preamble:
        for match in _COUNT.finditer(fold_characters(text)):
            action, number = _VERBS[match["verb"]], int(match["number"])
            entries = [entry for entry in stored.document.entries if entry.action == action]
            names = {tuple(map(fold_level, entry.path)) for entry in entries}
            if number not in {len(entries), len(names)}:
                title = stored.document.title or stored.page_name
                message = f"{title}: a sentence says “{match[0]}”, and {len(entries)} are named as {action}"
                places = (Evidence(document=stored.id, lines=None),)
                yield build_finding(None, PROSE, message, places, detail=f"{stored.document.title} {match[0]}")
