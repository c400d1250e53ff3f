"""Form: whether two states of a category differ in more than their spelling."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from snapshots.category import Category
from snapshots.folding import fold

_FORM_ONLY = frozenset({"platform", "entity_type", "path", "key", "marker", "marked_new", "papers"})
"""Fields that say nothing of what is in force, or that repeat what another field says."""


def is_same_state(old: Category | None, new: Category | None) -> bool:
    """Whether both state the same: script, width, white space, enumerators and markers left aside.

    Another mirror's 「（二選一）」 for 「(2选1)」 is no change.
    """
    if old is None or new is None:
        return old is new
    return old == new or _fold_value(msgspec.to_builtins(old)) == _fold_value(msgspec.to_builtins(new))


def _fold_value(value: Any) -> Any:
    match value:
        case str():
            return fold(value)
        case Mapping():
            return {name: _fold_value(part) for name, part in value.items() if name not in _FORM_ONLY}
        case list() | tuple():
            return [_fold_value(part) for part in value]
        case _:
            return value
