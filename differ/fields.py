"""Which fields of a changed pair differ, and how. The only door to DeepDiff, which is given changed pairs only."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from differ.changes import FieldDifference
from differ.lines import Value, value_text
from differ.text import diff_text
from snapshots.category import Category
from snapshots.form import find_unlike_forms

if TYPE_CHECKING:
    from deepdiff import DeepDiff

FIELDS = (
    "requirement", "application", "scope", "notes", "references", "unsupported", "attributes", "closed_beta", "emails",
    "regions",
)  # fmt: skip
"""The fields that are compared, in the order of an entry's JSON."""


def diff_fields(old: Category, new: Category) -> tuple[FieldDifference, ...]:
    """The fields of one pair that differ after folding, in order of FIELDS.

    A block that one side does not state is not compared: what was not stated cannot be said to differ.
    """
    return diff_pairs({new.key: (old, new)})[new.key]


def diff_pairs(pairs: Mapping[str, tuple[Category, Category]]) -> dict[str, tuple[FieldDifference, ...]]:
    """The fields of each pair that differ, as `diff_fields` has them, under the pair's own name."""
    differing = _find_differing({name: find_unlike_forms(old, new) for name, (old, new) in pairs.items()})
    return {
        name: tuple(_build_difference(field, *_share_blocks(*pairs[name])) for field in FIELDS if field in fields)
        for name, fields in differing.items()
    }


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


def _share_blocks(old: Category, new: Category) -> tuple[Category, Category]:
    """Both without the blocks that only one of them states."""
    if (old.requirement is None) == (new.requirement is None) and (old.scope is None) == (new.scope is None):
        return old, new
    left_out = {
        name: None for name in ("requirement", "scope") if getattr(old, name) is None or getattr(new, name) is None
    }
    return msgspec.structs.replace(old, **left_out), msgspec.structs.replace(new, **left_out)


def export_delta(fields: Iterable[FieldDifference]) -> dict[str, Any]:
    """DeepDiff's delta of the fields, which leads from their old values to the new ones and back.

    The values are those of the JSON, verbatim and by the field's name, so that a script can apply the one to the other.
    """
    from deepdiff import Delta  # noqa: PLC0415 - only for those who ask for it
    from deepdiff.serialization import json_dumps  # noqa: PLC0415 - never a pickle

    pairs = list(fields)
    old, new = ({pair.field: getattr(pair, side) for pair in pairs} for side in ("old", "new"))
    delta = Delta(_compare(old, new, view="text"), bidirectional=True, serializer=json_dumps)
    exported: dict[str, Any] = json.loads(delta.dumps())  # type: ignore[no-untyped-call]
    return exported


def _find_differing(forms: Mapping[str, Mapping[str, tuple[Any, Any]]]) -> dict[str, set[str]]:
    """The names of the fields in which each pair differs, given those of its forms that are not equal already."""
    # A comparison takes longer to begin than to make: all pairs go into one, each field as one value.
    flat_old: dict[str, str] = {}
    flat_new: dict[str, str] = {}
    for number, unlike in enumerate(forms.values()):
        for name, (old, new) in unlike.items():
            flat_old[f"{number} {name}"], flat_new[f"{number} {name}"] = repr(old), repr(new)
    differing: dict[str, set[str]] = {name: set() for name in forms}
    names = tuple(forms)
    for key in _compare(flat_old, flat_new).affected_root_keys if flat_old else ():
        number, field, *_ = key.split(" ")
        differing[names[int(number)]].add(field)
    return differing


def _compare(old: Mapping[str, Any], new: Mapping[str, Any], view: str = "tree") -> DeepDiff:
    from deepdiff import DeepDiff  # noqa: PLC0415 - 100 ms, only when a pair differs

    return DeepDiff(old, new, threshold_to_diff_deeper=0, view=view)


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
