"""What the configuration corrects: entries that were misread, and renames that a person has reviewed.

Corrections are applied to the documents after the store has given them, and never stored: take one out of the
configuration, and all is as the pages say.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from snapshots.category import CategoryPath, EntityType, PaperMention, category_key, fold_level
from snapshots.errors import UsageError
from snapshots.notice import Document, NoticeEntry
from snapshots.order import entry_in_force
from snapshots.period import InForce
from snapshots.requirement import Paper, iterate_leaves
from snapshots.snapshot import Correction, StoredDocument

_LEVELS = re.compile(r"\s*[>›]\s*")
_STATES = frozenset({"listed", "added", "adjusted"})
CORRECTED_FIELDS = (
    "action", "entity_type", "path", "targets", "requirement", "application", "scope", "notes", "references",
    "unsupported", "closed_beta", "emails", "regions", "dates",
)  # fmt: skip
"""The fields of an entry that an override may state, in the form of the JSON of `parse`."""


class Override(Struct, frozen=True, kw_only=True):
    """A value that the page states and that was misread: of which page, on which line, and why it is known better."""

    page: str
    line: int
    field: str
    value: Any
    because: str


class ReviewedMove(Struct, frozen=True, kw_only=True):
    """A rename that no notice stated and a person has reviewed; `since` None: since `to_path` was first listed."""

    from_path: CategoryPath
    to_path: CategoryPath
    because: str
    platform: str | None = None
    entity_type: EntityType | None = None
    since: dt.date | None = None
    line: int | None = None


class Corrections(Struct, frozen=True, kw_only=True):
    """All corrections of a configuration, and its name for those who ask where they come from."""

    name: str = ""
    overrides: tuple[Override, ...] = ()
    moves: tuple[ReviewedMove, ...] = ()

    def apply(self, documents: Iterable[StoredDocument]) -> tuple[StoredDocument, ...]:
        """The documents as corrected, and one more for each reviewed rename that they show."""
        corrected = tuple(documents)
        for override in self.overrides:
            corrected = tuple(_override(stored, override) for stored in corrected)
        known = {stored.id for stored in corrected}
        moves = (_find_move(move, corrected, self.name) for move in self.moves)
        return corrected + tuple(found for found in moves if found is not None and found.id not in known)

    def list_idle(self, documents: Sequence[StoredDocument]) -> tuple[str, ...]:
        """What finds nothing to correct: the page is not stored, or no entry has that line or that name."""
        overrides = [
            f"the override of {override.page}, line {override.line}"
            for override in self.overrides
            if not any(_find_entry(stored, override) for stored in documents)
        ]
        moves = [
            f"the move of {' › '.join(move.from_path)}"
            for move in self.moves
            if _find_move(move, documents, self.name) is None
        ]
        return (*overrides, *moves)


def split_path(text: str) -> CategoryPath:
    """The levels of 「教育服务 > 素质教育」: a name may hold - and /, so > or › part them."""
    return tuple(level for level in _LEVELS.split(text.strip()) if level)


def _override(stored: StoredDocument, override: Override) -> StoredDocument:
    entry = _find_entry(stored, override)
    if entry is None:
        return stored
    entries = stored.document.entries
    corrected = _correct_entry(entry, override, stored.document.platform)
    correction = Correction(lines=entry.lines, key=corrected.key, field=override.field, because=override.because)
    return msgspec.structs.replace(
        stored,
        document=msgspec.structs.replace(
            stored.document, entries=tuple(corrected if one is entry else one for one in entries)
        ),
        corrections=tuple(dict.fromkeys((*stored.corrections, correction))),
    )


def _find_entry(stored: StoredDocument, override: Override) -> NoticeEntry | None:
    """The entry that has the line: the last one that begins there or before, where rows share cells."""
    is_page = stored.page_name == override.page or stored.page_sha256.startswith(override.page.lower())
    if not is_page:
        return None
    held = [entry for entry in stored.document.entries if entry.lines[0] <= override.line <= entry.lines[1]]
    return max(held, key=lambda entry: entry.lines[0], default=None)


def _correct_entry(entry: NoticeEntry, override: Override, platform: str) -> NoticeEntry:
    """The entry with the value, and with what follows from it; its list is now as a person has read it."""
    stated = msgspec.to_builtins(entry) | {override.field: override.value}
    try:
        corrected = msgspec.convert(stated, NoticeEntry)
    except msgspec.ValidationError as error:
        where = f"override of {override.page}, line {override.line}"
        raise UsageError(f"{where}: '{override.field}' cannot be that: {error}") from error
    key = category_key(platform, corrected.entity_type, corrected.path)
    if override.field != "requirement":
        return msgspec.structs.replace(corrected, key=key)
    papers = tuple(
        PaperMention(leaf.title, leaf.text) for leaf in iterate_leaves(corrected.requirement) if isinstance(leaf, Paper)
    )
    return msgspec.structs.replace(corrected, key=key, papers=papers, doubts=())


def _find_move(move: ReviewedMove, documents: Sequence[StoredDocument], name: str) -> StoredDocument | None:
    """The rename as a notice of the day on which the new name first stands; None where no page shows it."""
    shown = [
        (entry_in_force(entry, stored).date, stored.sequence, stored, entry)
        for stored in documents
        if move.platform in {None, stored.document.platform}
        for entry in stored.document.entries
        if entry.action in _STATES
        and _is_same(entry.path, move.to_path)
        and move.entity_type in {None, entry.entity_type}
    ]
    if not shown:
        return None
    date, _, first, there = min(shown, key=lambda found: found[:2])
    platform = first.document.platform
    text = "|".join((platform, there.entity_type or "", *move.from_path, "", *there.path))
    line = move.line or 1
    entry = NoticeEntry(
        action="renamed",
        entity_type=there.entity_type,
        path=move.from_path,
        key=category_key(platform, there.entity_type, move.from_path),
        targets=(there.path,),
        lines=(line, line),
    )
    return StoredDocument(
        id=f"moved-{hashlib.sha256(text.encode()).hexdigest()[:12]}",
        sequence=first.sequence,
        known=first.known,
        captured=first.captured,
        page_sha256="",
        page_name=name,
        url=None,
        source=None,
        profile=first.profile,
        in_force=InForce(move.since or date, "effective"),
        document=Document(kind="notice", title=f"reviewed rename: {move.because}", platform=platform, entries=(entry,)),
    )


def _is_same(one: CategoryPath, other: CategoryPath) -> bool:
    return tuple(map(fold_level, one)) == tuple(map(fold_level, other))
