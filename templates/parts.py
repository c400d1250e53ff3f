"""Parts: the blocks of a category as a card shows them, one state alone or two side by side."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Literal

import msgspec
from msgspec import Struct

from differ.changes import FieldDifference
from snapshots.category import Category, CategoryPath, PaperMention, Reference
from snapshots.folding import fold
from templates.rows import Mark, ReferenceRow, Row, Span, Target, nest_rows, split_spans
from templates.trees import Comparison, Tree, build_lines, build_requirement_tree, compare_trees, list_rows

PartName = Literal[
    "requirement", "papers", "application", "scope", "notes", "references", "unsupported", "regions", "attributes"
]

_FIELDS: dict[str, PartName] = {
    "requirement": "requirement", "papers": "papers", "application": "application",
    "emails": "application", "scope": "scope", "notes": "notes", "references": "references",
    "unsupported": "unsupported", "regions": "regions", "attributes": "attributes",
}  # fmt: skip
"""Which part shows a field of a change."""

_TOLD_ELSEWHERE: frozenset[str] = frozenset({"papers", "closed_beta"})
"""What is told in a sentence on the card and needs no part of its own."""


class RowsPart(Struct, frozen=True, kw_only=True):
    """A block of one state: a tree or lines; `rows` is None where the state does not state it."""

    form: Literal["rows"] = "rows"
    name: str
    rows: tuple[Row, ...] | None


class PairPart(Struct, frozen=True, kw_only=True):
    """A block that differs, old and new: side by side, and in one list; None where a side does not state it."""

    form: Literal["pair"] = "pair"
    name: str
    old: tuple[Row, ...] | None
    new: tuple[Row, ...] | None
    unified: tuple[Row, ...]


class PapersPart(Struct, frozen=True, kw_only=True):
    """Each paper 《…》 that the requirement names, once; those that only the earlier one named are last, removed."""

    form: Literal["papers"] = "papers"
    name: Literal["papers"] = "papers"
    papers: tuple[tuple[str, Mark], ...]


class ReferencesPart(Struct, frozen=True, kw_only=True):
    """Other categories that are needed too, or are to be chosen instead."""

    form: Literal["references"] = "references"
    name: Literal["references"] = "references"
    references: tuple[ReferenceRow, ...]


Part = RowsPart | PairPart | PapersPart | ReferencesPart
FindAnchor = Callable[[CategoryPath], str | None]


class Parts(Struct, frozen=True):
    """What a card shows of a category: what is news, and the rest of its state, which is folded away."""

    shown: tuple[Part, ...]
    folded: tuple[Part, ...]


def list_parts(state: Category, find_anchor: FindAnchor) -> tuple[Part, ...]:
    """The blocks of one state. Requirement and scope are always there: "not stated" is a fact of its own."""
    trees = _list_trees(state)
    parts: list[Part] = [
        RowsPart(name=name, rows=None if trees[name] is None else list_rows(trees[name] or ()))
        for name in trees
        if trees[name] or name in {"requirement", "scope"}
    ]
    titles = list_titles(state)
    return _put_papers_and_references(
        parts,
        [(title, "same") for title in titles] if len(titles) > 1 else [],  # one paper stands in the requirement
        _list_references(state, None, find_anchor),
    )


def compare_parts(
    old: Category, new: Category, fields: Sequence[FieldDifference], find_anchor: FindAnchor
) -> Parts:
    """The blocks of two known states: those that differ are shown as pairs, the others fold away."""
    changed = _list_changed_names(fields)
    old_trees, new_trees = _list_trees(old), _list_trees(new)
    shown: list[Part] = []
    folded: list[Part] = []
    for name in new_trees:
        before, after = old_trees[name], new_trees[name]
        comparison = compare_trees(before or (), after or ())
        if name in changed and comparison.differs:
            shown.append(_build_pair(name, before, after, comparison))
        elif after or before:
            folded.append(RowsPart(name=name, rows=list_rows(after or before or ())))
    papers = _compare_titles(list_titles(old), list_titles(new))
    references = _list_references(new, old, find_anchor)
    shown_now = _put_papers_and_references(
        shown,
        papers if any(mark != "same" for _, mark in papers) else [],
        references if any(row.mark != "same" for row in references) else (),
    )
    folded_now = _put_papers_and_references(
        folded,
        [] if any(mark != "same" for _, mark in papers) else papers,
        () if any(row.mark != "same" for row in references) else references,
    )
    told = {part.name for part in shown_now} | _TOLD_ELSEWHERE | _list_told_in_tree(shown_now)
    rest = [difference for difference in fields if _FIELDS.get(difference.field, difference.field) not in told]
    return Parts((*shown_now, *list_difference_parts(rest)), folded_now)


def list_difference_parts(fields: Sequence[FieldDifference]) -> tuple[PairPart, ...]:
    """The differences as the differ words them: for a field that no block shows, or where the states are not there."""
    return tuple(_build_difference_part(difference) for difference in fields)


def list_titles(state: Category) -> list[str]:
    """The titles of the papers that the state's requirement names, each once."""
    mentions: Sequence[PaperMention] = state.requirement.papers if state.requirement else ()
    return list({fold(mention.title): mention.title for mention in reversed(mentions)}.values())[::-1]


def _list_changed_names(fields: Sequence[FieldDifference]) -> set[str]:
    """The parts in which something differs; a note may stand in the tree of the requirement."""
    names: set[str] = {_FIELDS.get(difference.field, difference.field) for difference in fields}
    return names | {"requirement"} if "notes" in names else names


def _list_told_in_tree(parts: Sequence[Part]) -> set[str]:
    """The notes, where the tree of the requirement shows how they differ."""
    rows = [row for part in parts if isinstance(part, PairPart) and part.name == "requirement" for row in part.unified]
    return {"notes"} if any(row.kind == "note" and row.mark != "same" for row in rows) else set()


def _list_trees(state: Category) -> dict[PartName, tuple[Tree, ...] | None]:
    """The parts that are made of rows, in the order of a card; None: not stated."""
    block, scope = state.requirement, state.scope
    requirement = block.requirement if block else None
    tree = build_requirement_tree(requirement) if requirement is not None else None
    application = (*block.application, *_list_unsaid(block.emails, block.application)) if block else ()
    in_tree = {fold(text) for text in _list_note_texts(tree)}
    notes = [note.text for part in (block, scope) if part for note in part.notes if fold(note.text) not in in_tree]
    return {
        "requirement": None if tree is None else (tree,),
        "application": build_lines(application),
        "scope": None if scope is None or scope.scope is None else build_lines(scope.scope.splitlines()),
        "notes": build_lines(notes),
        "unsupported": build_lines(scope.unsupported if scope else ()),
        "regions": build_lines(scope.regions if scope else ()),
        "attributes": build_lines([f"{column.name}: {column.value}" for column in state.attributes or ()]),
    }


def _list_unsaid(emails: Sequence[str], lines: Sequence[str]) -> list[str]:
    return [email for email in emails if not any(email in line for line in lines)]


def _list_note_texts(tree: Tree | None) -> list[str]:
    if tree is None:
        return []
    own = [tree.text] if tree.row.kind == "note" else []
    return own + [text for child in tree.children for text in _list_note_texts(child)]


def _put_papers_and_references(
    parts: Sequence[Part], papers: Sequence[tuple[str, Mark]], references: Sequence[ReferenceRow]
) -> tuple[Part, ...]:
    """The parts with the papers after the requirement and the references after the notes."""
    first = [part for part in parts if part.name == "requirement"]
    middle = [part for part in parts if part.name in {"application", "scope", "notes"}]
    last = [part for part in parts if part not in first and part not in middle]
    return (
        *first,
        *([PapersPart(papers=tuple(papers))] if papers else ()),
        *middle,
        *([ReferencesPart(references=tuple(references))] if references else ()),
        *last,
    )


def _build_pair(
    name: str, old: tuple[Tree, ...] | None, new: tuple[Tree, ...] | None, comparison: Comparison
) -> PairPart:
    return PairPart(
        name=name,
        old=None if old is None else comparison.old,
        new=None if new is None else comparison.new,
        unified=comparison.unified,
    )


def _build_difference_part(difference: FieldDifference) -> PairPart:
    row = Row(depth=0, kind="line", spans=split_spans(difference.runs), mark="changed")
    sides = [
        nest_rows([msgspec.structs.replace(row, spans=spans)] if spans else [])
        for spans in (_leave_out(row.spans, "insert"), _leave_out(row.spans, "delete"))
    ]
    return PairPart(
        name=difference.field,
        old=None if difference.old is None else sides[0],
        new=None if difference.new is None else sides[1],
        unified=nest_rows([row]),
    )


def _leave_out(spans: Sequence[Span], change: Literal["insert", "delete"]) -> tuple[Span, ...]:
    return tuple(span for span in spans if span.change != change)


def _compare_titles(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, Mark]]:
    before, after = {fold(title) for title in old}, {fold(title) for title in new}
    now: list[tuple[str, Mark]] = [(title, "same" if fold(title) in before else "added") for title in new]
    return now + [(title, "removed") for title in old if fold(title) not in after]


def _list_references(new: Category, old: Category | None, find_anchor: FindAnchor) -> tuple[ReferenceRow, ...]:
    """The references of the new state, marked against the old one if there is one; those gone are last."""
    now = _collect_references(new)
    if old is None:
        return tuple(_build_reference(reference, "same", find_anchor) for reference in now)
    earlier = _collect_references(old)
    before, after = {_fold_reference(reference) for reference in earlier}, {_fold_reference(one) for one in now}
    return (
        *(_mark_reference(reference, before, "added", find_anchor) for reference in now),
        *(
            _build_reference(reference, "removed", find_anchor)
            for reference in earlier
            if _fold_reference(reference) not in after
        ),
    )


def _collect_references(state: Category) -> list[Reference]:
    return [reference for block in (state.requirement, state.scope) if block for reference in block.references]


def _mark_reference(
    reference: Reference, known: Collection[str], mark: Mark, find_anchor: FindAnchor
) -> ReferenceRow:
    return _build_reference(reference, "same" if _fold_reference(reference) in known else mark, find_anchor)


def _build_reference(reference: Reference, mark: Mark, find_anchor: FindAnchor) -> ReferenceRow:
    targets = reference.targets or ((reference.text,),)
    return ReferenceRow(
        role=reference.role,
        targets=tuple(Target(path, find_anchor(path)) for path in targets),
        condition=reference.condition,
        mark=mark,
    )


def _fold_reference(reference: Reference) -> str:
    levels = [fold(level) for path in reference.targets for level in (*path, "")]
    return "|".join([reference.role or "", fold(reference.condition or ""), *levels])
