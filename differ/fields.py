"""Which fields of a changed pair differ, and how. The only door to DeepDiff, which is given changed pairs only."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import msgspec

from differ.changes import FieldDifference
from differ.lines import Value, value_text
from differ.text import diff_text
from snapshots.category import Category
from snapshots.form import build_form

if TYPE_CHECKING:
    from deepdiff import DeepDiff

FIELDS = (
    "requirement", "application", "scope", "notes", "references", "unsupported", "attributes", "closed_beta", "emails",
    "regions",
)  # fmt: skip
"""The fields that are compared, in the order of an entry's JSON."""


def diff_fields(old: Category, new: Category) -> tuple[FieldDifference, ...]:
    """The fields that differ after folding, in order of FIELDS.

    A block that one side does not state is not compared: what was not stated cannot be said to differ.
    """
    if old == new:
        return ()
    old, new = _keep_shared_blocks(old, new)
    old_form, new_form = build_form(old), build_form(new)
    if old_form == new_form:
        return ()
    differing = {name.partition(" ")[0] for name in _find_differing(old_form, new_form)}
    return tuple(_build_difference(name, old, new) for name in FIELDS if name in differing)


def list_fields(new: Category) -> tuple[FieldDifference, ...]:
    """What the category states, where nothing is known of what it stated before: `old` is None throughout."""
    differences = [_build_difference(name, None, new) for name in FIELDS]
    return tuple(difference for difference in differences if difference.new)


def is_learned(old: Category, new: Category) -> bool:
    """Whether a block is stated now that nothing had stated before."""
    return (
        (old.requirement is None and new.requirement is not None)
        or (old.scope is None and new.scope is not None)
        or (old.attributes is None and new.attributes is not None)
    )


def _keep_shared_blocks(old: Category, new: Category) -> tuple[Category, Category]:
    blocks = ("requirement", "scope", "attributes")
    unstated = {name: None for name in blocks if getattr(old, name) is None or getattr(new, name) is None}
    return msgspec.structs.replace(old, **unstated), msgspec.structs.replace(new, **unstated)


def export_delta(fields: Iterable[FieldDifference]) -> dict[str, Any]:
    """DeepDiff's delta of the fields, which leads from their old values to the new ones and back.

    The values are those of the JSON, verbatim and by the field's name, so that a script can apply the one to the other.
    """
    from deepdiff import Delta  # noqa: PLC0415 - only for those who ask for it
    from deepdiff.serialization import json_dumps  # noqa: PLC0415 - never a pickle

    pairs = list(fields)
    old, new = ({pair.field: getattr(pair, side) for pair in pairs} for side in ("old", "new"))
    delta = Delta(_compare(old, new), bidirectional=True, serializer=json_dumps)
    exported: dict[str, Any] = json.loads(delta.dumps())  # type: ignore[no-untyped-call]
    return exported


def _find_differing(old: dict[str, Any], new: dict[str, Any]) -> set[str]:
    # It takes a millisecond for a category, so it is given what is not equal already, each field as one value.
    unlike = [name for name in old.keys() | new.keys() if old.get(name) != new.get(name)]
    flat_old, flat_new = ({name: repr(form[name]) for name in unlike if name in form} for form in (old, new))
    return {str(name) for name in _compare(flat_old, flat_new).affected_root_keys}


def _compare(old: dict[str, Any], new: dict[str, Any]) -> DeepDiff:
    from deepdiff import DeepDiff  # noqa: PLC0415 - 100 ms, only when a pair differs

    return DeepDiff(old, new, threshold_to_diff_deeper=0)


def _build_difference(name: str, old: Category | None, new: Category) -> FieldDifference:
    old_value, new_value = None if old is None else read_field(old, name), read_field(new, name)
    return FieldDifference(
        field=name,
        old=msgspec.to_builtins(old_value),
        new=msgspec.to_builtins(new_value),
        runs=diff_text(value_text(old_value), value_text(new_value)),
    )


def read_field(category: Category, name: str) -> Value:
    """The field of a stated block as an entry states it; notes and references are those of both blocks."""
    block, scope = category.requirement, category.scope
    match name:
        case "attributes":
            return category.attributes
        case "notes":
            return (*(block.notes if block else ()), *(scope.notes if scope else ()))
        case "references":
            return (*(block.references if block else ()), *(scope.references if scope else ()))
        case _:
            stated = scope if name in {"scope", "unsupported", "regions"} else block
            value: Value = getattr(stated, name) if stated is not None else None
            return value
