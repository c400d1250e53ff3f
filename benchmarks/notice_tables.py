"""Categories to notices whose news stand in tables: one category a row, before and after, from and to."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from benchmarks.blocks import render_requirement, render_scope
from benchmarks.made_categories import MadeCategory
from snapshots.requirement import AllOf, Choose

_TITLE = "2031年1-3月小程序类目调整汇总公告"
_MOVING = "京东箱包类目迁移公告"
_SECTIONS = {"added": "类目新增", "adjusted": "类目调整"}
_WORDS = {"added": "新增", "adjusted": "调整"}
_ENTITY_TYPES = {"non_personal": "非个人主体", "personal": "个人主体", "overseas": "境外主体"}


def render_notice_tables(made: Sequence[MadeCategory]) -> str:
    """A section's heading, and a table for each entity type below it."""
    parts = []
    for action, by_action in groupby(made, lambda one: one.action):
        parts.append(f"<h2>{_SECTIONS[action]}</h2>")
        for entity_type, group in groupby(by_action, lambda one: one.entity_type):
            rows = [[["-".join(one.path)], render_requirement(one), render_scope(one)] for one in group]
            parts.append(f"<h3>{_ENTITY_TYPES[entity_type or 'non_personal']}</h3>")
            parts.append(_draw_table(("类目", "现资质要求", "类目适用范围"), rows))
    return _wrap(_TITLE, parts)


def render_typed_rows(made: Sequence[MadeCategory]) -> str:
    """One table, in which each row says what happens and to whom."""
    header = ("调整类型", "主体类型", "一级类目", "二级类目", "资质要求", "适用范围")
    rows = [
        [
            [_WORDS[one.action]],
            [_ENTITY_TYPES[one.entity_type or "non_personal"]],
            [one.path[0]],
            [one.path[1]],
            render_requirement(one),
            render_scope(one),
        ]
        for one in made
    ]
    return _wrap(_TITLE, [_draw_table(header, rows)])


def adjust(made: MadeCategory) -> MadeCategory:
    """The category, adjusted: the first item of what is asked for was all of it before."""
    node = made.requirement
    before = node.items[0] if isinstance(node, AllOf | Choose) else None
    return replace(made, action="adjusted", before=before, scope=None, notes=(), references=())


def render_before_after(made: Sequence[MadeCategory]) -> str:
    """One table with what was asked for, and what is."""
    header = ("主体类型", "一级类目", "二级类目", "资质要求(变更前)", "资质要求(变更后)")
    rows = [
        [
            [_ENTITY_TYPES[one.entity_type or "non_personal"]],
            [one.path[0]],
            [one.path[1]],
            render_requirement(replace(one, requirement=one.before)),
            render_requirement(one),
        ]
        for one in made
    ]
    return _wrap(_TITLE, [_draw_table(header, rows)])


def move(made: MadeCategory) -> MadeCategory:
    """The category, whose goods move to another one; where it had a scope with notes, only a part of them."""
    return MadeCategory(
        action="moved",
        entity_type=None,
        path=made.path,
        requirement=None,
        scope=None,
        targets=((made.path[0], f"新{made.path[1]}"),),
        condition="材质全部为帆布的商品" if made.notes else None,
    )


def render_from_to(made: Sequence[MadeCategory]) -> str:
    """One table of what moves, from where and to where."""
    groups = '<tr><th rowspan="2">迁移范围</th><th colspan="2">迁出类目</th><th colspan="2">迁入类目</th></tr>'
    levels = f"<tr>{'<th>一级类目</th><th>二级类目</th>' * 2}</tr>"
    rows = "".join(
        _draw_row([[one.condition or "/"], *([name] for path in (one.path, *one.targets) for name in path)])
        for one in made
    )
    return _wrap(_MOVING, [f"<table>{groups}{levels}{rows}</table>"])


def _draw_table(header: Iterable[str], rows: Iterable[Iterable[Sequence[str]]]) -> str:
    names = "".join(f"<th>{name}</th>" for name in header)
    return f"<table><thead><tr>{names}</tr></thead><tbody>{''.join(map(_draw_row, rows))}</tbody></table>"


def _draw_row(cells: Iterable[Sequence[str]]) -> str:
    drawn = "".join(f"<td>{'<br>'.join(map(html.escape, lines))}</td>" for lines in cells)
    return f"<tr>{drawn}</tr>\n"


def _wrap(title: str, parts: Iterable[str]) -> str:
    return f"<!DOCTYPE html><html><body><main><h1>{title}</h1>{''.join(parts)}</main></body></html>"
