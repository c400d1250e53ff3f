"""Categories that no platform has, made at random for the laws: trees of papers, scopes, notes and references."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hypothesis import strategies as st

from benchmarks.made_requirements import LEAVES, make_trees
from snapshots.category import CategoryPath, EntityType, ReferenceRole
from snapshots.notice import Action, NoticeEntry
from snapshots.requirement import AllOf, Choose, NoneRequired, Paper, Requirement, Text

FormOfPage = Literal["notice", "catalogue"]


@dataclass(frozen=True, slots=True)
class MadeCategory:
    """What a page is to say of a category, and what must be read back from it.

    `remarks` stand in the column 备注 of a catalogue; a notice has none.
    """

    action: Action
    entity_type: EntityType | None
    path: CategoryPath
    requirement: Requirement | None
    scope: str | None
    application: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    references: tuple[tuple[ReferenceRole | None, tuple[CategoryPath, ...]], ...] = ()
    before: Requirement | None = None
    targets: tuple[CategoryPath, ...] = ()
    condition: str | None = None


def list_requirement_notes(requirement: Requirement | None) -> tuple[str, ...]:
    """The notes of a tree, in page order: those of a list stand behind its items."""
    match requirement:
        case AllOf(items=items, notes=notes) | Choose(items=items, notes=notes):
            return (*(note for item in items for note in list_requirement_notes(item)), *notes)
        case Paper(notes=notes) | Text(notes=notes):
            return notes
        case _:
            return ()


def made_from(entry: NoticeEntry) -> MadeCategory:
    """What an entry says, to be rendered again or compared; notes of the remark are notes of the scope."""
    return MadeCategory(
        action=entry.action,
        entity_type=entry.entity_type,
        path=entry.path,
        requirement=entry.requirement,
        scope=entry.scope,
        application=entry.application,
        notes=tuple(note.text for note in entry.notes if note.where == "scope"),
        references=tuple((reference.role, reference.targets) for reference in entry.references),
        before=entry.before.requirement if entry.before else None,
        targets=entry.targets,
        condition=entry.condition,
    )


def categories(form: FormOfPage) -> st.SearchStrategy[list[MadeCategory]]:
    """Up to six categories with names of their own, in the order in which a page lists them."""
    one = st.builds(
        _make_category,
        st.just("listed") if form == "catalogue" else st.sampled_from(("added", "adjusted")),
        st.sampled_from(("non_personal", "personal", "overseas")),
        _paths(form),
        st.one_of(_TREES, _TREES, LEAVES, st.just(None if form == "notice" else NoneRequired())),
        st.sampled_from(_SCOPES),
        st.lists(st.sampled_from(_NOTES), max_size=3, unique=True),
        st.lists(st.sampled_from(_REMARKS), max_size=1) if form == "catalogue" else st.just([]),
        st.sampled_from(((), (), (), _APPLICATION)),
    )
    listed = st.lists(one, min_size=1, max_size=6, unique_by=lambda made: (made.entity_type, made.path))
    return listed.map(_sort)


_TREES = make_trees(st.lists(st.sampled_from(["须加盖公章", "须在有效期内"]), max_size=2, unique=True).map(tuple))
_Noted = tuple[str, tuple[tuple[ReferenceRole, tuple[CategoryPath, ...]], ...]]
_SCOPES: tuple[_Noted, ...] = (
    ("适用于提供潜水装备租赁、保养等服务。", ()),
    ("仅适用于当地主体提供雪场预约服务。", ()),
    (
        "适用于古籍修复。如仅展示信息,请选择【文化-修复信息】类目。",
        (("choose_instead", (("文化", "修复信息"),)),),
    ),
)
_NOTES: tuple[_Noted, ...] = (
    ("暂不支持活体交易服务,建议去除。", ()),
    ("须公示价格;", ()),
    ("如提供代办服务,需补充【生活服务-代办】类目;", (("also_needed", (("生活服务", "代办"),)),)),
    ("若涉及药品、器械,需补充【医疗-药品】类目。", (("also_needed", (("医疗", "药品"),)),)),
)
_REMARKS = ("首次提交需审核,预计审核时长7天左右。", "不得涉及义务教育机构。")
_APPLICATION = (
    "该类目处于内测阶段,暂不支持线上申请",
    "请发送邮件至 beta@example.com,申请邮件必须附上以下资料:",
)
_LEVELS = ("潜水服务", "园艺设计", "冰雪运动", "古籍装裱")


def _paths(form: FormOfPage) -> st.SearchStrategy[CategoryPath]:
    second = st.sampled_from(_LEVELS)
    first = st.sampled_from(("生活服务", "体育"))
    if form == "notice":
        return st.tuples(first, second)
    third = st.one_of(st.just(()), st.tuples(st.sampled_from(("平台", "自营", "其他/代理"))))
    return st.builds(lambda one, two, three: (one, two, *three), first, second, third)


def _make_category(
    action: Action,
    entity_type: EntityType,
    path: CategoryPath,
    requirement: Requirement | None,
    scope: _Noted,
    notes: list[_Noted],
    remarks: list[str],
    application: tuple[str, ...],
) -> MadeCategory:
    asks = requirement is not None and not isinstance(requirement, NoneRequired)
    return MadeCategory(
        action=action,
        entity_type=entity_type,
        path=path,
        requirement=requirement,
        scope=scope[0],
        application=application if asks else (),
        notes=tuple(text for text, _ in notes),
        remarks=tuple(remarks),
        references=tuple(reference for _, found in (scope, *notes) for reference in found),
    )


def _sort(made: list[MadeCategory]) -> list[MadeCategory]:
    """A page names an action once, an entity type once below it, and a branch once below that."""
    return sorted(made, key=lambda one: (one.action, one.entity_type or "", one.path))
