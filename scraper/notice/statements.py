"""What sentences say of categories, beside what the tables and headings of the same notice say.

A sentence that names a category of a table with the same action says nothing more: 「删除汽车--汽车销售类目对《…》的
类目资质要求」 stands above the table that has the requirement. What only a sentence says is an entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scraper.notice.entries import EntryDraft
from scraper.notice.prose import Statement
from scraper.page.lines import Line
from snapshots.category import CategoryPath, EntityType
from snapshots.folding import fold
from snapshots.notice import Action

SUCCESSIONS: frozenset[Action] = frozenset({"renamed", "moved", "merged", "split"})
"""The actions by which a category goes on as another."""
_STAYING: frozenset[Action] = frozenset({"renamed", "moved"})


@dataclass(frozen=True, slots=True)
class Said:
    """A statement with its line, who applies there, and whether a section's heading says the same."""

    statement: Statement
    line: Line
    entity_type: EntityType | None = None
    in_section: bool = False


def settle_statements(said: Sequence[Said], drafts: Sequence[EntryDraft]) -> Iterator[Said]:
    """The statements that nothing else on the page says, each once; what others say in a table has their dates."""
    told: dict[tuple[Action, tuple[str, ...]], list[EntryDraft]] = {}
    for draft in drafts:
        for called in dict.fromkeys(_list_names(draft)):
            told.setdefault(called, []).append(draft)
    seen: set[tuple[object, ...]] = set()
    for each in said:
        statement = each.statement
        name = (
            statement.action,
            _fold_path(statement.path),
            tuple(map(_fold_path, statement.targets)),
            each.entity_type,
        )
        same = told.get((statement.action, name[1]), []) or _find_partial(statement, told)
        if name not in seen:
            if not same:
                yield each
            for draft in same:
                draft.dates = draft.dates or statement.dates
        seen.add(name)


def is_sure(said: Said, drafts: Sequence[EntryDraft]) -> bool:
    """Whether the sentence is an entry: beside a table, a name of one level (「信用」) is short for something."""
    return not said.statement.is_partial and (len(said.statement.path) > 1 or said.in_section or not drafts)


def build_draft(said: Said) -> EntryDraft:
    """The entry that the sentence states."""
    statement = said.statement
    return EntryDraft(
        action=statement.action,
        entity_type=said.entity_type,
        path=statement.path,
        targets=statement.targets,
        extent=statement.extent,
        condition=statement.condition,
        dates=statement.dates,
        opening=(said.line,),
        first=said.line.number,
        last=said.line.number,
    )


def part_successions(drafts: Sequence[EntryDraft]) -> tuple[list[EntryDraft], list[EntryDraft]]:
    """The drafts that are entries, and those whose category is said to go on as another that is not named.

    Below 「【农历】、【公历】合并至【日历】,合并后资质要求如下:」 the heading 「#【日历】」 names what they become: its
    blocks are stated anew. Of a rename or a move without a target the category stays, so it is an entry all the same.
    """
    targets = {_fold_path(target) for draft in drafts for target in draft.targets}
    kept: list[EntryDraft] = []
    lost: list[EntryDraft] = []
    for draft in drafts:
        is_open = draft.action in SUCCESSIONS and draft.path and not draft.targets
        if is_open and _fold_path(draft.path) in targets:
            draft.action = "adjusted"
        (lost if is_open and draft.action in SUCCESSIONS else kept).append(draft)
    return sorted((*kept, *(draft for draft in lost if draft.action in _STAYING)), key=lambda draft: draft.first), lost


def _find_partial(
    statement: Statement, told: Mapping[tuple[Action, tuple[str, ...]], list[EntryDraft]]
) -> list[EntryDraft]:
    """The entries of which the sentence names the first level and the last: 「【电脑办公】下三级类目【文房四宝】」."""
    path = _fold_path(statement.path)
    if not statement.is_partial or len(path) == 1:
        return []
    last = told.get((statement.action, path[-1:]), [])
    return [draft for draft in last if _fold_path(draft.path[:1]) == path[:1]]


def _list_names(draft: EntryDraft) -> Iterator[tuple[Action, tuple[str, ...]]]:
    """What a sentence may call the entry's category: its path, its last levels, or a branch above it."""
    path = _fold_path(draft.path)
    for length in range(1, len(path) + 1):
        yield draft.action, path[-length:]
        if length > 1:
            yield draft.action, path[:length]


def _fold_path(path: CategoryPath) -> tuple[str, ...]:
    return tuple(map(fold, path))
