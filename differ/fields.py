"""Which fields of a changed pair differ, and how. The only door to DeepDiff, which is given changed pairs only."""

from __future__ import annotations

from typing import Any

import msgspec

from differ.changes import FieldDifference
from differ.forms import build_form
from differ.lines import Value, value_text
from differ.text import diff_text
from snapshots.category import Category

FIELDS = (
    "requirement", "application", "scope", "notes", "references", "unsupported", "regions", "closed_beta", "emails",
    "attributes",
)  # fmt: skip
"""Fields in the order in which differences are told."""


def diff_fields(old: Category, new: Category) -> tuple[FieldDifference, ...]:
    """The fields that differ after folding, in order of FIELDS; a block that one side has not stated is not compared."""
    if old == new:
        return ()
    old_form, new_form = build_form(old), build_form(new)
    shared = old_form.keys() & new_form.keys()
    old_form = {name: old_form[name] for name in sorted(shared)}
    new_form = {name: new_form[name] for name in sorted(shared)}
    if old_form == new_form:
        return ()
    differing = {name.split(" ")[0] for name in _find_differing(old_form, new_form)}
    return tuple(_build_difference(name, old, new) for name in FIELDS if name in differing)


def is_learned(old: Category, new: Category) -> bool:
    """Whether a block is stated now that nothing had stated before."""
    return (old.requirement is None and new.requirement is not None) or (old.scope is None and new.scope is not None)


def _find_differing(old: dict[str, Any], new: dict[str, Any]) -> set[str]:
    from deepdiff import DeepDiff  # noqa: PLC0415 - 100 ms, only when a pair differs

    difference = DeepDiff(old, new, threshold_to_diff_deeper=0, ignore_order=False)
    return {str(key) for key in difference.affected_root_keys}


def _build_difference(name: str, old: Category, new: Category) -> FieldDifference:
    old_value, new_value = _value(old, name), _value(new, name)
    return FieldDifference(
        field=name,
        old=msgspec.to_builtins(old_value),
        new=msgspec.to_builtins(new_value),
        runs=diff_text(value_text(old_value), value_text(new_value)),
    )


def _value(category: Category, name: str) -> Value:
    block, scope = category.requirement, category.scope
    match name:
        case "requirement":
            return block.requirement if block else None
        case "application":
            return block.application if block else ()
        case "closed_beta":
            return block.closed_beta if block else False
        case "emails":
            return block.emails if block else ()
        case "scope":
            return scope.scope if scope else None
        case "unsupported":
            return scope.unsupported if scope else ()
        case "regions":
            return scope.regions if scope else ()
        case "notes":
            return (*(block.notes if block else ()), *(scope.notes if scope else ()))
        case "references":
            return (*(block.references if block else ()), *(scope.references if scope else ()))
        case _:
            return category.attributes
