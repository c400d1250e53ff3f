"""Of two readings of the same pages, the documents, entries and fields that differ. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from snapshots.category import CategoryPath, EntityType
from snapshots.notice import Action, Document, NoticeEntry, Problem
from snapshots.snapshot import StoredDocument

_OF_PLACE = frozenset({"lines", "entries", "in_force"})
"""Fields that say where an entry stands, not what it says; and those that are compared by themselves."""
_FOLLOWS = frozenset({"key", "papers", "doubts"})
"""Fields of an entry that follow from others: named only where no other one differs."""


class FieldOurs(Struct, frozen=True, kw_only=True):
    """A field that is read otherwise now; the values are those of the JSON of `parse`."""

    field: str
    old: Any
    new: Any


class EntryLabel(Struct, frozen=True, kw_only=True):
    """An entry by name and place."""

    action: Action
    entity_type: EntityType | None
    path: CategoryPath
    key: str
    lines: tuple[int, int]


class EntryOurs(Struct, frozen=True, kw_only=True):
    """An entry that is read otherwise now."""

    entry: EntryLabel
    fields: tuple[FieldOurs, ...]


class DocumentOurs(Struct, frozen=True, kw_only=True):
    """A document that is read otherwise now; `was` or `is_now` false: it was not there before, or is not any more."""

    document: str
    page: str
    url: str | None
    sha256: str
    title: str | None
    was: bool
    is_now: bool
    profiles: tuple[str | None, str | None]
    fields: tuple[FieldOurs, ...]
    appeared: tuple[EntryLabel, ...]
    gone: tuple[EntryLabel, ...]
    changed: tuple[EntryOurs, ...]
    problems_before: int
    problems_after: int
    problems_appeared: tuple[Problem, ...]
    problems_gone: tuple[Problem, ...]


def list_document_differences(
    before: Sequence[StoredDocument], after: Sequence[StoredDocument]
) -> Iterator[DocumentOurs]:
    """The documents that differ, in the order of the readings; one that only one of the two has is named too."""
    old_by_id, new_by_id = ({stored.id: stored for stored in side} for side in (before, after))
    for name in dict.fromkeys((*old_by_id, *new_by_id)):
        old, new = old_by_id.get(name), new_by_id.get(name)
        there = new or old
        assert there is not None  # noqa: S101 - the name is of one of them
        found = _compare_documents(old, new, there)
        if found is not None:
            yield found


def _compare_documents(
    old: StoredDocument | None, new: StoredDocument | None, there: StoredDocument
) -> DocumentOurs | None:
    entries = [() if side is None else side.document.entries for side in (old, new)]
    appeared, gone, changed = _compare_entries(entries[0], entries[1])
    fields = () if old is None or new is None else tuple(_compare_fields(old, new))
    problems = [() if side is None else side.problems for side in (old, new)]
    more, fewer = _subtract(problems[1], problems[0]), _subtract(problems[0], problems[1])
    if old is not None and new is not None and not (appeared or gone or changed or fields or more or fewer):
        return None
    return DocumentOurs(
        document=there.id,
        page=there.page_name,
        url=there.url,
        sha256=there.page_sha256,
        title=there.document.title,
        was=old is not None,
        is_now=new is not None,
        profiles=(None if old is None else old.profile, None if new is None else new.profile),
        fields=fields,
        appeared=appeared,
        gone=gone,
        changed=changed,
        problems_before=len(problems[0]),
        problems_after=len(problems[1]),
        problems_appeared=more,
        problems_gone=fewer,
    )


def _compare_fields(old: StoredDocument, new: StoredDocument) -> Iterator[FieldOurs]:
    """The fields of the document itself, and since when it is in force."""
    yield from _list_fields(old.document, new.document)
    if old.in_force != new.in_force:
        yield FieldOurs(field="in_force", old=msgspec.to_builtins(old.in_force), new=msgspec.to_builtins(new.in_force))


def _list_fields(old: Document | NoticeEntry, new: Document | NoticeEntry) -> Iterator[FieldOurs]:
    for name in old.__struct_fields__:
        values = getattr(old, name), getattr(new, name)
        if name not in _OF_PLACE and values[0] != values[1]:
            yield FieldOurs(field=name, old=msgspec.to_builtins(values[0]), new=msgspec.to_builtins(values[1]))


def _compare_entries(
    old: Sequence[NoticeEntry], new: Sequence[NoticeEntry]
) -> tuple[tuple[EntryLabel, ...], tuple[EntryLabel, ...], tuple[EntryOurs, ...]]:
    """The entries that only the new reading has, those that only the old one has, and those that differ in fields.

    Entries are one where action, key and number among those of that name agree.
    """
    one, other = _name_entries(old), _name_entries(new)
    changed = []
    for name, entry in other.items():
        if name in one and (fields := tuple(_list_fields(one[name], entry))):
            own = tuple(field for field in fields if field.field not in _FOLLOWS)
            changed.append(EntryOurs(entry=_label_entry(entry), fields=own or fields))
    return (
        tuple(_label_entry(entry) for name, entry in other.items() if name not in one),
        tuple(_label_entry(entry) for name, entry in one.items() if name not in other),
        tuple(changed),
    )


def _name_entries(entries: Iterable[NoticeEntry]) -> dict[tuple[Action, str, int], NoticeEntry]:
    times: Counter[tuple[Action, str]] = Counter()
    named: dict[tuple[Action, str, int], NoticeEntry] = {}
    for entry in entries:
        times[entry.action, entry.key] += 1
        named[entry.action, entry.key, times[entry.action, entry.key]] = entry
    return named


def _label_entry(entry: NoticeEntry) -> EntryLabel:
    return EntryLabel(
        action=entry.action, entity_type=entry.entity_type, path=entry.path, key=entry.key, lines=entry.lines
    )


def _subtract(some: Sequence[Problem], others: Sequence[Problem]) -> tuple[Problem, ...]:
    left = list(others)
    kept = []
    for problem in some:
        if problem in left:
            left.remove(problem)
        else:
            kept.append(problem)
    return tuple(kept)
