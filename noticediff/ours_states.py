"""Which states of which categories read otherwise on which dates, of two readings of the same pages. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec
from msgspec import Struct

from differ.changes import FieldDifference
from differ.fields import diff_fields, list_fields
from snapshots.category import Category, CategoryPath
from snapshots.form import is_same_state
from snapshots.rebuild import list_change_dates, rebuild_series
from snapshots.snapshot import Snapshot, StoredDocument

StateKind = Literal["appears", "gone", "differs"]
_Pair = tuple[Category | None, Category | None]


class StateDifference(Struct, frozen=True, kw_only=True):
    """A category whose state reads otherwise from a day on, up to and with another one (None: to this day and after).

    `fields` are those of `diff`: old as it was read before, new as it is read now.
    """

    key: str
    path: CategoryPath
    state: StateKind
    since: dt.date
    until: dt.date | None
    fields: tuple[FieldDifference, ...]


def list_state_differences(
    before: Sequence[StoredDocument], after: Sequence[StoredDocument]
) -> tuple[StateDifference, ...]:
    """The differences in order of date and key; what differs in the same way on several dates is one."""
    if before == after:
        return ()
    dates = sorted({*list_change_dates(before), *list_change_dates(after)})
    sides = (rebuild_series(documents, dates=dates) for documents in (before, after))
    running: dict[str, tuple[dt.date, _Pair]] = {}
    found = []
    for date, old, new in zip(dates, *sides, strict=True):
        differing = dict(_list_pairs(old, new))
        for key, (since, pair) in list(running.items()):
            if differing.get(key) != pair:
                found.append(_build_difference(key, pair, since, date - dt.timedelta(days=1)))
                del running[key]
        for key, pair in differing.items():
            running.setdefault(key, (date, pair))
    found += [_build_difference(key, pair, since, None) for key, (since, pair) in running.items()]
    return tuple(sorted(found, key=lambda difference: (difference.since, difference.key)))


def _list_pairs(old: Snapshot, new: Snapshot) -> Iterator[tuple[str, _Pair]]:
    for key in {**old.categories, **new.categories}:
        pair = old.categories.get(key), new.categories.get(key)
        if not is_same_state(*pair):
            yield key, pair


def _build_difference(key: str, pair: _Pair, since: dt.date, until: dt.date | None) -> StateDifference:
    old, new = pair
    there = new or old
    assert there is not None  # noqa: S101 - one of two that differ is there
    state: StateKind = "appears" if old is None else "gone" if new is None else "differs"
    fields = () if old is None or new is None else (*diff_fields(old, new), *_list_learned(old, new))
    return StateDifference(key=key, path=there.path, state=state, since=since, until=until, fields=fields)


def _list_learned(old: Category, new: Category) -> Iterator[FieldDifference]:
    """The fields of each block that only one of the two readings states."""
    blocks = ("requirement", "scope", "attributes")
    for block in blocks:
        others = {name: None for name in blocks if name != block}
        one, other = (msgspec.structs.replace(side, **others) for side in (old, new))
        if getattr(old, block) is None and getattr(new, block) is not None:
            yield from list_fields(other)
        if getattr(old, block) is not None and getattr(new, block) is None:
            for field in list_fields(one):
                runs = tuple(("delete" if run == "insert" else run, text) for run, text in field.runs)
                yield msgspec.structs.replace(field, old=field.new, new=None, runs=runs)
