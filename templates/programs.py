"""Programs: the rows of a digest that say which programs of a reader a change hits, and what they lack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from differ.changes import Kind
from differ.impact.assess import State
from differ.impact.hits import Hit
from snapshots.category import CategoryPath
from templates.script import Language, guess_language


class ProgramRow(Struct, frozen=True, kw_only=True):
    """A program that a change hits, by its card; `asked` is the smallest set that is missing, open or to be checked.

    `others` is how many other sets would do, None where nobody counted them. `language` is that of path and papers.
    """

    program: str
    path: CategoryPath
    language: Language | None
    anchor: str | None
    kind: Kind
    state: State
    asked: tuple[str, ...]
    others: int | None


def build_program_rows(hits: Sequence[Hit], anchors: Mapping[str, str]) -> tuple[ProgramRow, ...]:
    """The hits in their order, each with the anchor of the card that tells of its change."""
    return tuple(_build_row(hit, anchors) for hit in hits)


def _build_row(hit: Hit, anchors: Mapping[str, str]) -> ProgramRow:
    now = hit.impact.now
    path = now.path or hit.change.path
    return ProgramRow(
        program=hit.program,
        path=path,
        language=guess_language(path),
        anchor=anchors.get(hit.change.key),
        kind=hit.change.kind,
        state=now.state,
        asked=tuple(answer.text for answer in now.ways[0]) if now.ways else (),
        others=None if now.more is None else max(0, len(now.ways) - 1) + now.more,
    )
