"""References 【…】 held against the categories that are there: names that lead nowhere, or to what is gone.

A page names a category as people do: 【金融-保险】 for 金融業 › 保險, 【医疗机构】 for three of them,
【餐饮服务-点餐平台或外卖平台】 for two. Only a name that nothing resembles leads nowhere.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from differ.changes import Evidence, Finding, Severity
from differ.findings.findings import build_finding, cite_claim, name_path
from snapshots.category import Category, CategoryPath, Reference, category_key
from snapshots.folding import fold
from snapshots.snapshot import Snapshot

_SEVERAL = re.compile(r"或者|或|、|/|以及|及|和|与")
_SIGNS = re.compile(r"[\W_]+")
_SPOKEN_OF = 0.3  # the share of a condition's pairs of characters that the other category's words must have
_FORMAL = re.compile(r"若|如|涉及|仅|提供|小程序|还需|需|服务|等|的|请")

Levels = tuple[str, ...]


def find_reference_doubts(snapshot: Snapshot) -> Iterator[Finding]:
    """References to categories that a complete list does not name, that were removed or that were renamed.

    All who point at one name are one finding: the name is what has to be looked at.
    """
    names = _index_names(snapshot)
    pointing: dict[tuple[str, Levels], list[tuple[Category, Reference]]] = defaultdict(list)
    for category in snapshot.categories.values():
        for reference in _list_references(category):
            for target in reference.targets:
                name = category.key.rsplit("|", 1)[0], tuple(map(fold, target))
                pointing[name].append((category, reference))
    whole = {category_key(scope.platform, scope.entity_type, ()).rsplit("|", 1)[0]
             for scope in snapshot.complete if not scope.under}  # fmt: skip
    for (group, levels), found in pointing.items():
        there = names.get(group, _Names())
        ruling = _judge_target(levels, there, is_complete=group in whole)
        if ruling is not None:
            yield _tell(ruling, found, levels, snapshot)


def find_one_sided_pairs(snapshot: Snapshot) -> Iterator[Finding]:
    """Where A sends a case to B (若仅提供咨询,请选择【B】) and B's words have nothing of that case, nor of A.

    That B does not point back is usual, and no finding: it is worth a look only where a program would be sent to a
    category that does not seem to be for it.
    """
    for category in snapshot.categories.values():
        for reference in _list_references(category):
            if reference.role != "choose_instead" or not reference.condition:
                continue
            for target in reference.targets:
                chosen = snapshot.categories.get(category_key(category.platform, category.entity_type, target))
                if chosen is None or chosen.scope is None or chosen.scope.scope is None:
                    continue
                if not _speaks_of(chosen, reference.condition, category.path):
                    message = (
                        f"{name_path(category.path)}: sends “{reference.condition}” to {name_path(chosen.path)}, "
                        "whose scope has nothing of that"
                    )
                    places = [*_cite(category, reference, snapshot), *_cite(chosen, reference, snapshot)]
                    detail = fold(f"{reference.condition}|{name_path(target)}")
                    yield build_finding(category.key, "one-sided-pair", message, places, severity="info", detail=detail)


class _Names(Struct):
    """The paths of one platform and entity type, folded: in force, gone, and given up for another name."""

    open: set[Levels] = set()
    gone: set[Levels] = set()
    renamed: dict[Levels, CategoryPath] = {}


class _Ruling(Struct, frozen=True):
    """What is wrong with a name that categories point at."""

    code: str
    why: str
    severity: Severity


def _index_names(snapshot: Snapshot) -> dict[str, _Names]:
    names: dict[str, _Names] = defaultdict(_Names)
    for key in snapshot.categories:
        names[key.rsplit("|", 1)[0]].open.add(_split_key(key))
    for key in snapshot.removed:
        names[key.rsplit("|", 1)[0]].gone.add(_split_key(key))
    for step in snapshot.successions:
        if step.claim.action == "renamed":
            names[step.from_key.rsplit("|", 1)[0]].renamed[_split_key(step.from_key)] = step.to_path
    return names


def _judge_target(target: Levels, names: _Names, *, is_complete: bool) -> _Ruling | None:
    if any(_contains(path, target) for path in names.open):
        return None
    for path, now in names.renamed.items():
        if _ends_with(path, target):
            return _Ruling("reference-to-renamed", f"is called {name_path(now)} now", "info")
    if any(_ends_with(path, target) for path in names.gone):
        return _Ruling("reference-to-removed", "is not open any more", "warning")
    if not is_complete or _is_loosely_known(target, names.open):
        return None
    return _Ruling("dangling-reference", "is no category that the complete list names", "warning")


def _contains(path: Levels, target: Levels) -> bool:
    """Whether the target's levels stand in the path side by side: a category, a branch, or its last levels."""
    return any(path[start : start + len(target)] == target for start in range(len(path) - len(target) + 1))


def _ends_with(path: Levels, target: Levels) -> bool:
    return path[-len(target) :] == target


def _is_loosely_known(target: Levels, paths: Iterable[Levels]) -> bool:
    """Whether the name resembles that of a category, or each of several that it lists does."""
    bare = [[_SIGNS.sub("", level) for level in path] for path in paths]
    return all(
        any(_resembles([*target[:-1], part], path) for path in bare)
        for part in ([target[-1]] if _fits_whole(target, bare) else _SEVERAL.split(target[-1]))
        if part
    )


def _fits_whole(target: Levels, bare: Iterable[Sequence[str]]) -> bool:
    return any(_resembles(target, path) for path in bare)


def _resembles(target: Sequence[str], path: Sequence[str]) -> bool:
    """Whether each level is part of a level of the path, in their order: 金融 › 保险 is in 金融業 › 保险."""
    place = 0
    for level in target:
        wanted = _SIGNS.sub("", level)
        place = next((at + 1 for at in range(place, len(path)) if wanted in path[at]), 0)
        if not place:
            return False
    return True


def _speaks_of(chosen: Category, condition: str, sender: CategoryPath) -> bool:
    scope = chosen.scope
    texts = [*chosen.path, *((scope.scope or "", *(note.text for note in scope.notes)) if scope else ())]
    words = fold("".join(texts))
    if fold(sender[-1]) in words:
        return True
    wanted = _pair_characters(_FORMAL.sub(" ", fold(condition)))
    return not wanted or len(wanted & _pair_characters(words)) >= _SPOKEN_OF * len(wanted)


def _pair_characters(text: str) -> set[str]:
    return {first + second for first, second in pairwise(text) if (first + second).isalnum()}


def _tell(ruling: _Ruling, found: Sequence[tuple[Category, Reference]], target: Levels, snapshot: Snapshot) -> Finding:
    first, reference = found[0]
    wanted = next(path for path in reference.targets if tuple(map(fold, path)) == target)
    from_paths = ", ".join(dict.fromkeys(name_path(category.path) for category, _ in found))
    return build_finding(
        category_key(first.platform, first.entity_type, wanted),
        ruling.code,
        f"【{'-'.join(wanted)}】 {ruling.why}; named by {from_paths}",
        (place for category, one in found for place in _cite(category, one, snapshot)),
        severity=ruling.severity,
    )


def _list_references(category: Category) -> tuple[Reference, ...]:
    requirement, scope = category.requirement, category.scope
    return (*(requirement.references if requirement else ()), *(scope.references if scope else ()))


def _cite(category: Category, reference: Reference, snapshot: Snapshot) -> list[Evidence]:
    """The place that states the block in which the reference stands."""
    stated = snapshot.stated.get(category.key, ())
    return [cite_claim(stated[reference.where != "requirement"])] if stated else []


def _split_key(key: str) -> Levels:
    return tuple(key.rpartition("|")[2].split("›"))
