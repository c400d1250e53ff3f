"""Which fields of a changed pair differ, and how. The only door to DeepDiff, which is given changed pairs only."""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Iterable, Mapping
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
    """The fields of one pair that differ after folding, in order of FIELDS.

    A block that one side does not state is not compared: what was not stated cannot be said to differ.
    """
    return diff_pairs({new.key: (old, new)})[new.key]


def diff_pairs(pairs: Mapping[str, tuple[Category, Category]]) -> dict[str, tuple[FieldDifference, ...]]:
    """The fields of each pair that differ, as `diff_fields` has them, under the pair's own name."""
    stated = {name: _leave_out_blocks(old, new, _is_half_stated) for name, (old, new) in pairs.items()}
    unlike = {name: _leave_out_blocks(old, new, operator.eq) for name, (old, new) in stated.items()}
    differing = _find_differing({name: (build_form(old), build_form(new)) for name, (old, new) in unlike.items()})
    return {
        name: tuple(_build_difference(field, old, new) for field in FIELDS if field in differing[name])
        for name, (old, new) in stated.items()
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


def _leave_out_blocks(
    old: Category, new: Category, is_left_out: Callable[[object, object], bool]
) -> tuple[Category, Category]:
    names = ("requirement", "scope", "attributes")
    left_out = {name: None for name in names if is_left_out(getattr(old, name), getattr(new, name))}
    return msgspec.structs.replace(old, **left_out), msgspec.structs.replace(new, **left_out)


def _is_half_stated(old: object, new: object) -> bool:
    return old is None or new is None


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


def _find_differing(forms: Mapping[str, tuple[dict[str, Any], dict[str, Any]]]) -> dict[str, set[str]]:
    """The names of the fields in which each pair of forms differs."""
    # A comparison takes longer to begin than to make: all pairs go into one, each field as one value, and of them
    # only what is not equal already.
    flat_old: dict[tuple[int, str], str] = {}
    flat_new: dict[tuple[int, str], str] = {}
    for number, pair in enumerate(forms.values()):
        for flat, form, other in zip((flat_old, flat_new), pair, reversed(pair), strict=True):
            flat |= {(number, name): repr(value) for name, value in form.items() if value != other.get(name)}
    differing: dict[str, set[str]] = {name: set() for name in forms}
    names = tuple(forms)
    for number, field in _compare(flat_old, flat_new).affected_root_keys if flat_old or flat_new else ():
        differing[names[number]].add(field.partition(" ")[0])
    return differing


def _compare(old: Mapping[Any, Any], new: Mapping[Any, Any]) -> DeepDiff:
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
