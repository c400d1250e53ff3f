"""Pages for the benchmark: categories that differ in every line, in the forms in which platforms publish them."""

from __future__ import annotations

import random
from collections.abc import Iterator

_SYLLABLES = (
    "宠物寄养影像修复园艺设计手工陶瓷潜水租赁摄影古籍装裱钟表维护乐器调校气象咨询冰雪露营皮艺茶艺花卉培育船艇停泊"
)
_PAPERS = ("许可证", "备案证明", "登记证书", "合格证", "批准书", "审核意见书")
_STYLE = "margin: 0px; outline: 0px; max-width: 100%; box-sizing: border-box !important; overflow-wrap: break-word;"
_HEAD = '<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title></head><body>'
_TITLE = "2025年1-3月小程序类目调整汇总公告"


def make_article(count: int, seed: int) -> bytes:
    """An article as editors of public accounts make it: each line in nested, styled sections and spans."""
    lines = "".join(
        f'<section style="{_STYLE}"><section style="font-size: 16px;"><span style="color: #333;">{line[:4]}</span>'
        f"<span>{line[4:]}</span></section></section>\n"
        for line in _notice_lines(count, seed)
    )
    return (
        f"{_HEAD.format(title=_TITLE)}<nav><a href='/'>首页</a></nav><div id='js_content'>{lines}</div>"
        "<div>阅读 1024</div></body></html>"
    ).encode()


def make_forum_post(count: int, seed: int) -> bytes:
    """A forum post: one paragraph for an entry, its lines parted by `<br>`."""
    paragraphs: list[list[str]] = [[]]
    for line in _notice_lines(count, seed):
        if line.startswith("#"):
            paragraphs.append([])
        paragraphs[-1].append(line)
    body = "\n".join(f"<p>{'<br>'.join(paragraph)}</p>" for paragraph in paragraphs)
    return (
        f"{_HEAD.format(title=_TITLE)}<div class='post'>{body}</div><ul><li>阅读 1024</li></ul></body></html>".encode()
    )


def make_catalogue(count: int, seed: int) -> bytes:
    """A catalogue of open categories: a table for each branch of some twenty rows, `<br>` and notes in its cells."""
    maker = random.Random(seed)  # noqa: S311 - a repeatable page, no secret
    title = "非个人主体小程序开放的服务类目"
    parts = [
        _HEAD.format(title=title),
        "<h1>小程序开放的服务类目</h1><p>以提交时所要求的材料为准。</p>",
        f"<h2>{title}</h2>",
    ]
    columns = "".join(f"<th>{name}</th>" for name in ("二级分类", "三级分类", "资质要求", "类目适用范围", "备注"))
    for start in range(0, count, 20):
        rows = []
        for number in range(start, min(start + 20, count)):
            name = _make_name(maker, number)
            requirement, scope = "<br>".join(_requirement(name, number)), "<br>".join(_scope(name, number))
            rows.append(f"<tr><td>{name}</td><td>/</td><td>{requirement}</td><td>{scope}</td><td>/</td></tr>")
        table = f"<table><thead><tr>{columns}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
        parts.append(f"<h3>{_make_name(maker, start)}业</h3>{table}\n")
    return "".join([*parts, "</body></html>"]).encode()


def make_months(content: bytes, count: int) -> Iterator[bytes]:
    """The catalogue as it stands in so many months: each month one scope in a hundred gets other words."""
    rows = content.decode().split("<tr")
    stated = [place for place, row in enumerate(rows) if "适用于" in row]
    for month in range(count):
        for place in stated[month::100] if month else ():
            rows[place] = rows[place].replace("适用于", f"适用于{month}月起的", 1)
        yield "<tr".join(rows).encode()


def _notice_lines(count: int, seed: int) -> Iterator[str]:
    maker = random.Random(seed)  # noqa: S311 - a repeatable page, no secret
    yield from (_TITLE, "来源 | 示例平台运营中心", "各位开发者:", "类目新增", "非个人主体")
    for number in range(count):
        name = _make_name(maker, number)
        yield f"#【{name[:3]}服务-{name}】"
        yield "现资质要求"
        yield from _requirement(name, number)
        yield "类目适用范围"
        yield from _scope(name, number)


def _requirement(name: str, number: int) -> list[str]:
    papers = [f"《{name}{paper}》" for paper in _PAPERS]
    return (
        [f"{papers[0]}(经营范围含“{name}”)"],
        ["同时提供:", f"1、{papers[0]}", f"2、{papers[1]}或{papers[2]}"],
        ["(2选1):", f"1、{name}机构,提供:{papers[0]}", f"2、{name}平台,同时提供:", f"①与{name}机构的{papers[3]}",
         f"②该{name}机构的{papers[0]}"],
        [f"{name}主管部门的批文或{papers[4]}"],
    )[number % 4]  # fmt: skip


def _scope(name: str, number: int) -> list[str]:
    scope = f"适用于{name}主体提供{name}信息展示、预约、管理等服务。"
    notes = [
        "注:",
        f"①如提供{name}代办服务,需补充【{name[:2]}服务-{name}代办】类目;",
        f"②暂不支持{name}交易服务,建议去除。",
    ]
    return [scope, *notes] if number % 3 == 0 else [scope]


def _make_name(maker: random.Random, number: int) -> str:
    """A name that no other category of any page of the run has."""
    return "".join(maker.choices(_SYLLABLES, k=4)) + "".join(chr(0x4E00 + int(digit) * 97) for digit in str(number))
