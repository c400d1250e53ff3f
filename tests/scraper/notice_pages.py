"""Notices laid out as tables, written for tests: the same rows as HTML, as piped text, as a line for each cell."""

from __future__ import annotations

import html
from collections.abc import Sequence

Cell = tuple[str, int, int]
"""Words (a line break between lines), rows and columns that the cell covers."""


def cell(words: str, rows: int = 1, columns: int = 1) -> Cell:
    return words, rows, columns


def as_html(rows: Sequence[Sequence[Cell]]) -> str:
    drawn = "".join(f"<tr>{''.join(map(_draw, row))}</tr>" for row in rows)
    return f"<table>{drawn}</table>"


def _draw(each: Cell) -> str:
    words, rows, columns = each
    spans = (f' rowspan="{rows}"' if rows > 1 else "") + (f' colspan="{columns}"' if columns > 1 else "")
    return f"<td{spans}>{'<br>'.join(map(html.escape, words.split(chr(10))))}</td>"


def as_piped(rows: Sequence[Sequence[Cell]]) -> str:
    """Cells that a rowspan covers are left out, the row is filled up at its end: 「二手车销售 | ||||」."""
    width = max(sum(columns for _, _, columns in row) for row in rows)
    lines = []
    for row in rows:
        words = "".join(f"{text.replace(chr(10), ' ')} | " for text, _, _ in row).rstrip()
        missing = width - len(row)
        lines.append(words + (" " + "|" * missing if missing else ""))
    return "\n".join(lines)


def as_cell_lines(rows: Sequence[Sequence[Cell]]) -> str:
    return "\n".join(text for row in rows for text, _, _ in row)


def page(title: str, *parts: str) -> str:
    """A page of HTML: a title, tables as they are, and each other part a paragraph."""
    body = "".join(part if part.startswith("<") else f"<p>{html.escape(part)}</p>" for part in parts)
    return f"<html><body><div><h1>{title}</h1>{body}</div></body></html>"


def text(title: str, *parts: str) -> str:
    return "\n".join((title, *parts))


NAMED = [
    [cell("类目"), cell("现资质要求"), cell("类目适用范围")],
    [
        cell("政务民生\n-社保"),
        cell("(2选1):\n1、政府主体:《统一社会信用代码证》\n2、事业单位:《事业单位法人证书》及政府批文"),
        cell("适用于提供社保查询服务\n注:若涉及提供【缴费】服务,需补充【生活服务-缴费】类目"),
    ],
    [cell("IT科技-代理商"), cell("《代理协议》"), cell("适用于代理服务")],
]
BEFORE_AFTER = [
    [
        cell("一级分类"),
        cell("二级分类"),
        cell("三级类目"),
        cell("资质要求(变更前)"),
        cell("资质要求(变更后)"),
    ],
    [cell("汽车", 4), cell("经销商"), cell("-"), cell("《营业执照》与《准入许可》"), cell("《营业执照》")],
    [
        cell("汽车销售", 3),
        cell("新车"),
        cell("(2选1): (1)厂商:《营业执照》; (2)经销商:《授权书》", 3),
        cell("《营业执照》", 3),
    ],
    [cell("二手车")],
    [cell("车展")],
]
TYPED = [
    [cell("调整方式"), cell("二级类目"), cell("三级类目"), cell("四级类目"), cell("保证金"), cell("类目状态")],
    [cell("新增四级类目", 2), cell("水具"), cell("杯"), cell("钛杯"), cell("1000"), cell("开放", 2)],
    [cell("水具"), cell("杯"), cell("锡杯"), cell("2000")],
    [cell("关闭类目", 2), cell("茶具"), cell("壶"), cell("铁壶"), cell("1000"), cell("关闭", 2)],
    [cell("茶具"), cell("壶"), cell("铝壶"), cell("1000")],
]
FROM_TO = [
    [cell("调整范围", 2), cell("迁出类目/旧类目", 1, 3), cell("迁入类目/新类目", 1, 3)],
    [cell(f"{level}级类目") for level in "一二三一二三"],
    [
        cell("包体材质全部为帆布的单肩包、手提包和腰包", 3),
        cell("箱包"),
        cell("女包"),
        cell("单肩包"),
        cell("箱包", 3),
        cell("功能箱包", 3),
        cell("帆布包", 3),
    ],
    [cell("箱包"), cell("女包"), cell("手提包")],
    [cell("箱包"), cell("男包"), cell("腰包")],
]
WECHAT = "2025年10月小程序类目调整公告"
BAIDU = "智能小程序类目调整公告"
STORE = "微信小店类目调整公告"
JD = "京东箱包类目迁移公告"
BRANCH = "平台将对【厨具】下部分类目进行优化。"
