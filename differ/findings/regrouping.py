"""Levels that nobody said were drawn together or parted: leaves gone and their branch listed, or the other way round.

学历教育(培训机构) › 课外辅导 and › 职业培训 are listed no more, and 学历教育(培训机构) itself is new. It is told as new
and removed; that the one may go on as the other is proposed, and never applied.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from differ.changes import Change, ChangeSet, Finding
from differ.findings.findings import build_finding, name_path
from snapshots.form import fold_requirement


def propose_regroupings(changes: ChangeSet) -> Iterator[Finding]:
    """A new category whose leaves are gone (`merge-proposal`), and one that is gone whose leaves are new."""
    silent = [change for change in changes.changes if change.kind in {"new", "removed"} and not change.claimed]
    by_key = {change.key: change for change in silent}
    leaves: dict[str, list[Change]] = defaultdict(list)
    for change in silent:
        branch = by_key.get(change.key.rpartition("›")[0])
        if branch is not None and branch.kind != change.kind and branch.in_force.date == change.in_force.date:
            leaves[branch.key].append(change)
    for key, below in leaves.items():
        yield _tell(by_key[key], below)


def _tell(branch: Change, leaves: list[Change]) -> Finding:
    names = ", ".join(leaf.path[-1] for leaf in leaves)
    if branch.kind == "new":
        code, what = "merge-proposal", f"may be what its leaves {names} were drawn together to"
    else:
        code, what = "split-proposal", f"may go on as its leaves {names}"
    same = sum(_ask_the_same(branch, leaf) for leaf in leaves)
    asked = "none of them asks for the same" if not same else f"{same} of {len(leaves)} ask for the same"
    places = (place for change in (branch, *leaves) for place in (*change.evidence_before, *change.evidence))
    message = f"{name_path(branch.path)}: {what}; {asked}"
    return build_finding(branch.key, code, message, places, severity="info", detail=names)


def _ask_the_same(one: Change, other: Change) -> bool:
    forms = []
    for change in (one, other):
        state = change.new if change.kind == "new" else change.old
        block = None if state is None else state.requirement
        forms.append(None if block is None else fold_requirement(block.requirement))
    return forms[0] is not None and forms[0] == forms[1]
