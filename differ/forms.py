"""The comparable form of a category: what it says, with everything gone that is only form.

Another script, `（2选1）` for `(二選一)`, another enumerator, a re-wrapped line, full stops at the end, a list in another
order where order says nothing: two mirrors of one notice have one form.
"""

from __future__ import annotations

import json
import re
from typing import Any, assert_never

from snapshots.category import Category, Note, Reference
from snapshots.folding import fold
from snapshots.requirement import AllOf, Choose, NoneRequired, Paper, Requirement, Text

_NEW_MARK = re.compile(r"\(?(?:此项为)?新增项\)?")
_END = ";。,.、:"


def build_form(category: Category) -> dict[str, Any]:
    """Each field that the category states, by the name that it has in the JSON, in comparable form.

    The fields of a block that nothing has stated are left out: to learn them later is no change.
    """
    form: dict[str, Any] = {}
    if (block := category.requirement) is not None:
        form |= {
            "requirement": _fold_requirement(block.requirement),
            "application": [fold_words(line) for line in block.application],
            "closed_beta": block.closed_beta,
            "emails": sorted(fold(address) for address in block.emails),
        }
    if (scope := category.scope) is not None:
        form |= {
            "scope": fold_words(scope.scope or ""),
            "unsupported": sorted(fold_words(service) for service in scope.unsupported),
            "regions": sorted(fold(region) for region in scope.regions),
        }
    for name, where in (("notes", "requirement"), ("notes", "scope")):
        stated = category.requirement if where == "requirement" else category.scope
        if stated is not None:
            form[f"{name} ({where})"] = sorted(_fold_note(note) for note in stated.notes)
            form[f"references ({where})"] = sorted(_fold_reference(reference) for reference in stated.references)
    if category.attributes is not None:
        form["attributes"] = {fold(attribute.name): fold_words(attribute.value) for attribute in category.attributes}
    return form


def fold_words(text: str) -> str:
    """The text folded, without the signs at its end."""
    return fold(text).rstrip(_END)


def _fold_note(note: Note) -> str:
    return fold_words(note.text)


def _fold_reference(reference: Reference) -> str:
    targets = sorted("-".join(fold(level) for level in target) for target in reference.targets)
    return f"{reference.role}|{'/'.join(targets)}"


def _fold_requirement(requirement: Requirement | None) -> Any:
    match requirement:
        case None:
            return None
        case NoneRequired():
            return {"none": True}
        case Paper(text=text) | Text(text=text):
            return fold_words(_NEW_MARK.sub("", fold(text)))
        case AllOf():
            items = _fold_items(requirement)
            return items[0] if _is_bare(requirement, items) else _node("all_of", None, requirement.label, items)
        case Choose():
            items = _fold_items(requirement)
            if requirement.n == 1 and _is_bare(requirement, items):
                return items[0]
            return _node("choose", requirement.n, requirement.label, items)
        case _:
            assert_never(requirement)


def _is_bare(node: AllOf | Choose, items: list[Any]) -> bool:
    return len(items) == 1 and node.label is None


def _fold_items(node: AllOf | Choose) -> list[Any]:
    """The items' forms in an order of their own; unlabelled lists of the same kind are taken in."""
    items: list[Any] = []
    for item in node.items:
        same = (
            item.label is None
            and (
                (isinstance(node, AllOf) and isinstance(item, AllOf))
                or (isinstance(node, Choose) and isinstance(item, Choose) and node.n == item.n == 1)
            )
            if isinstance(item, AllOf | Choose)
            else False
        )
        if same and isinstance(item, AllOf | Choose):
            items += _fold_items(item)
        else:
            items.append(_fold_requirement(item))
    return sorted(items, key=lambda item: json.dumps(item, ensure_ascii=False, sort_keys=True))


def _node(kind: str, n: int | None, label: str | None, items: list[Any]) -> dict[str, Any]:
    return {"kind": kind, "n": n, "label": fold_words(label or ""), "items": items}
