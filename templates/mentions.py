"""Mentions: the papers, regions and other categories that a category names, and which of them are new or gone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from differ.verdict.papers import find_name, load_names
from snapshots.category import Category, CategoryPath, Reference
from snapshots.folding import fold
from templates.rows import Mark, ReferenceRow, Target

FindAnchor = Callable[[CategoryPath], str | None]
MarkedWord = tuple[str, Mark]


def list_titles(state: Category) -> list[str]:
    """The titles of the papers that the state's requirement names, each once."""
    mentions = state.requirement.papers if state.requirement else ()
    return list({fold(mention.title): mention.title for mention in reversed(mentions)}.values())[::-1]


def compare_words(old: Sequence[str], new: Sequence[str]) -> tuple[MarkedWord, ...]:
    """The words of the new list, added or the same, then those of the old one that are gone.

    A paper by another name that is known for it is the same.
    """
    before, after = set(map(_fold_word, old)), set(map(_fold_word, new))
    return (
        *((word, "same" if _fold_word(word) in before else "added") for word in new),
        *((word, "removed") for word in old if _fold_word(word) not in after),
    )


def _fold_word(word: str) -> str:
    return find_name(word.strip("《》"), load_names())


def list_references(state: Category) -> list[Reference]:
    """The references of both blocks."""
    return [reference for block in (state.requirement, state.scope) if block for reference in block.references]


def compare_references(
    old: Sequence[Reference], new: Sequence[Reference], find_anchor: FindAnchor
) -> tuple[ReferenceRow, ...]:
    """The references of the new list, added or the same, then those of the old one that are gone."""
    before, after = {_fold_reference(one) for one in old}, {_fold_reference(one) for one in new}
    return (
        *(_build_row(one, "same" if _fold_reference(one) in before else "added", find_anchor) for one in new),
        *(_build_row(one, "removed", find_anchor) for one in old if _fold_reference(one) not in after),
    )


def _build_row(reference: Reference, mark: Mark, find_anchor: FindAnchor) -> ReferenceRow:
    targets = reference.targets or ((reference.text,),)
    return ReferenceRow(
        role=reference.role,
        targets=tuple(Target(path, find_anchor(path)) for path in targets),
        condition=reference.condition,
        mark=mark,
    )


def _fold_reference(reference: Reference) -> str:
    """Role and targets; the condition is part of the note that the reference stands in, and compared there."""
    targets = sorted("›".join(map(fold, path)) for path in reference.targets or ((reference.text,),))
    return "|".join([reference.role or "", *targets])
