"""Parts: the blocks of a category as a card shows them, one state alone or two side by side."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

import msgspec
from msgspec import Struct

from differ.changes import FieldDifference
from differ.fields import is_learned
from snapshots.category import Category, Reference
from snapshots.form import fold_words, list_asides
from templates.alignment import compare_trees
from templates.mentions import (
    FindAnchor,
    MarkedWord,
    compare_references,
    compare_words,
    list_references,
    list_titles,
)
from templates.rows import ReferenceRow, Row, nest_rows, split_spans
from templates.trees import Tree, build_lines, build_requirement_tree, list_rows

PartName = Literal[
    "requirement", "papers", "application", "scope", "notes", "references", "unsupported", "regions", "attributes"
]
PART_NAMES: tuple[PartName, ...] = (
    "requirement", "papers", "application", "scope", "notes", "references", "unsupported", "regions", "attributes",
)  # fmt: skip
"""The parts in the order of a card."""

_ALWAYS_SHOWN: frozenset[PartName] = frozenset({"requirement", "scope"})
_TOLD_ELSEWHERE: frozenset[str] = frozenset({"closed_beta", "requirement", "notes"})
"""Fields whose difference a sentence on the card tells, or the tree: where it has none, only the form is another."""


class RowsPart(Struct, frozen=True, kw_only=True):
    """A block of one state: a tree or lines; `rows` is None where the state does not state it."""

    form: Literal["rows"] = "rows"
    name: str
    rows: tuple[Row, ...] | None


class PairPart(Struct, frozen=True, kw_only=True):
    """A block that differs, old and new: side by side, and in one list; None where a side does not state it.

    `is_torn`: their lists are built so differently that one list cannot show both.
    """

    form: Literal["pair"] = "pair"
    name: str
    old: tuple[Row, ...] | None
    new: tuple[Row, ...] | None
    unified: tuple[Row, ...]
    is_torn: bool = False


class WordsPart(Struct, frozen=True, kw_only=True):
    """Papers 《…》 or regions, each once; those that only the earlier state named are last, removed."""

    form: Literal["words"] = "words"
    name: str
    words: tuple[MarkedWord, ...]


class ReferencesPart(Struct, frozen=True, kw_only=True):
    """Other categories that are needed too, or are to be chosen instead."""

    form: Literal["references"] = "references"
    name: Literal["references"] = "references"
    references: tuple[ReferenceRow, ...]


Part = RowsPart | PairPart | WordsPart | ReferencesPart


class Parts(Struct, frozen=True):
    """What a card shows of a category: what is news, what is stated now and was not before, and the unchanged rest."""

    shown: tuple[Part, ...]
    learned: tuple[Part, ...] = ()
    folded: tuple[Part, ...] = ()


class _Blocks(Struct, frozen=True):
    """A state by parts: trees of rows (None: not stated), words, and references."""

    trees: dict[PartName, tuple[Tree, ...] | None]
    words: dict[PartName, tuple[str, ...]]
    references: list[Reference]


def list_parts(state: Category, find_anchor: FindAnchor) -> tuple[Part, ...]:
    """The blocks of one state. Requirement and scope are always there: "not stated" is a fact of its own."""
    blocks = _read_blocks(state)
    return tuple(part for name in PART_NAMES if (part := _show_alone(name, blocks, find_anchor)) is not None)


def compare_parts(old: Category, new: Category, fields: Sequence[FieldDifference], find_anchor: FindAnchor) -> Parts:
    """The blocks of two known states: those in which the fields differ are shown as both, the others fold away.

    What no field names is no change, whatever its rows look like: a block that nothing had stated before is learned,
    and notes in the tree of a requirement that is the same stand among the notes.
    """
    changed = {_find_part(difference) for difference in fields}
    changed |= {"papers"} if "requirement" in changed else set()
    in_tree = "requirement" in changed
    old_blocks, new_blocks = _read_blocks(old), _read_blocks(new)
    old_changed = _read_blocks(old, in_tree=in_tree, told=_list_asides(new))
    new_changed = _read_blocks(new, in_tree=in_tree, told=_list_asides(old))
    states_more = is_learned(old, new)
    shown: list[Part] = []
    learned: list[Part] = []
    folded: list[Part] = []
    for name in PART_NAMES:
        both = _show_both(name, old_changed, new_changed, find_anchor) if name in changed else None
        alone = _show_alone(name, new_blocks, find_anchor)
        if both is not None:
            shown.append(both)
        elif alone is not None and alone != RowsPart(name=name, rows=None):
            is_new = states_more and _show_both(name, old_blocks, new_blocks, find_anchor) is not None
            (learned if is_new else folded).append(alone)
    told = {part.name for part in shown} | _TOLD_ELSEWHERE
    shown += list_difference_parts([difference for difference in fields if _find_part(difference) not in told])
    return Parts(tuple(shown), tuple(learned), tuple(folded))


def list_difference_parts(fields: Sequence[FieldDifference]) -> tuple[PairPart, ...]:
    """The differences as the differ words them: for a field that no block shows, or where the states are not there."""
    return tuple(_build_difference_part(difference) for difference in fields)


def _find_part(difference: FieldDifference) -> str:
    """The part that shows the field; addresses stand under how to apply."""
    return "application" if difference.field == "emails" else difference.field


def _show_alone(name: PartName, blocks: _Blocks, find_anchor: FindAnchor) -> Part | None:
    """The part of one state, or None where there is nothing to show. One paper alone stands in the requirement."""
    if name == "references":
        references = compare_references(blocks.references, blocks.references, find_anchor)
        return ReferencesPart(references=references) if references else None
    if name in blocks.words:
        words = blocks.words[name]
        is_told = not words or (name == "papers" and len(words) == 1)
        return None if is_told else WordsPart(name=name, words=compare_words(words, words))
    trees = blocks.trees[name]
    if not trees and name not in _ALWAYS_SHOWN:
        return None
    return RowsPart(name=name, rows=None if trees is None else list_rows(trees))


def _show_both(name: PartName, old: _Blocks, new: _Blocks, find_anchor: FindAnchor) -> Part | None:
    """The part of two states, or None where they do not differ in it."""
    if name == "references":
        references = compare_references(old.references, new.references, find_anchor)
        return ReferencesPart(references=references) if any(row.mark != "same" for row in references) else None
    if name in new.words:
        words = compare_words(old.words[name], new.words[name])
        return WordsPart(name=name, words=words) if any(mark != "same" for _, mark in words) else None
    before, after = old.trees[name], new.trees[name]
    comparison = compare_trees(before or (), after or ())
    if not comparison.differs:
        return None
    return PairPart(
        name=name,
        old=None if before is None else comparison.old,
        new=None if after is None else comparison.new,
        unified=comparison.unified,
        is_torn=comparison.is_torn,
    )


def _list_asides(state: Category) -> set[str]:
    """The notes that a leaf has in its brackets 「(注:点击可查看资质示例)」: another page may set them apart."""
    requirement = state.requirement.requirement if state.requirement else None
    return set(map(fold_words, list_asides(requirement)))


def _read_blocks(state: Category, *, in_tree: bool = True, told: Collection[str] = ()) -> _Blocks:
    """The state by parts. `in_tree`: the notes that the tree of the requirement shows are left to it.

    `told` are notes that are no news, folded.
    """
    block, scope = state.requirement, state.scope
    requirement = block.requirement if block else None
    tree = build_requirement_tree(requirement) if requirement is not None else None
    application = (*block.application, *_list_unsaid(block.emails, block.application)) if block else ()
    elsewhere = {*told, *(map(fold_words, _list_note_texts(tree)) if in_tree else ())}
    notes = {fold_words(note.text): note.text for part in (block, scope) if part for note in part.notes}
    return _Blocks(
        trees={
            "requirement": None if tree is None else (tree,),
            "application": build_lines(application),
            "scope": None if scope is None or scope.scope is None else build_lines(scope.scope.splitlines()),
            "notes": build_lines([text for words, text in notes.items() if words not in elsewhere]),
            "unsupported": build_lines(scope.unsupported if scope else ()),
            "attributes": build_lines([f"{column.name}: {column.value}" for column in state.attributes or ()]),
        },
        words={
            "papers": tuple(f"《{title}》" for title in list_titles(state)),
            "regions": scope.regions if scope else (),
        },
        references=list_references(state),
    )


def _list_unsaid(emails: Sequence[str], lines: Sequence[str]) -> list[str]:
    return [email for email in emails if not any(email in line for line in lines)]


def _list_note_texts(tree: Tree | None) -> list[str]:
    if tree is None:
        return []
    own = [tree.text] if tree.row.kind == "note" else []
    return own + [text for child in tree.children for text in _list_note_texts(child)]


def _build_difference_part(difference: FieldDifference) -> PairPart:
    row = Row(depth=0, kind="line", spans=split_spans(difference.runs), mark="changed")
    old, new = (
        nest_rows([msgspec.structs.replace(row, spans=tuple(span for span in row.spans if span.change != gone))])
        for gone in ("insert", "delete")
    )
    return PairPart(
        name=difference.field,
        old=None if difference.old is None else old,
        new=None if difference.new is None else new,
        unified=nest_rows([row]),
    )
