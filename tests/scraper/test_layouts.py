"""One content in several layouts gives the same entries."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from snapshots.notice import Reading

NOTICE = """2025年4-6月小程序类目调整汇总公告
来源 | 微信公众平台运营中心
各位小程序开发者:
现对以下类目进行调整,请知悉。
类目新增
非个人主体
#【宠物服务-宠物寄养】
现资质要求
(2选1):
1、自营主体,同时提供:
①《动物防疫条件合格证》
②《营业执照》(经营范围含“宠物寄养”)
2、平台主体:与寄养机构签订的《合作协议》及《承诺函》
注:协议须在有效期内。
类目适用范围
适用于提供宠物寄养、托管等服务。
注:
①如提供宠物诊疗服务,需补充【宠物服务-宠物医院】类目;
②暂不支持活体交易服务,建议去除。
类目调整
境外主体
#【本地服务-租车】
类目适用范围
仅适用于日本、泰国企业主体提供当地租车服务。"""

TAIL = ("阅读 1024", "相关推荐", "2024年10-12月小程序类目调整汇总公告")


def as_article(lines: list[str], gap: str) -> str:
    """A platform's article: nested section/span, headings only by style, chrome around."""
    body = gap.join(
        f'<section>{gap}<section style="font-size:16px">{gap}<span><strong>{html.escape(line[:3])}</strong>'
        f"<span>{html.escape(line[3:])}</span></span>{gap}</section>{gap}</section>"
        for line in lines
    )
    tail = gap.join(f"<div>{line}</div>" for line in TAIL)
    return (
        f"<!DOCTYPE html><html><head><title>公告</title><script>var a='【假-类目】';</script></head><body>{gap}"
        f"<nav><a href='/'>首页</a></nav>{gap}<div id='js_content'>{gap}{body}{gap}</div>{gap}{tail}</body></html>"
    )


def as_forum_post(lines: list[str], gap: str) -> str:
    """A forum post: one paragraph for an entry, its lines parted by <br>."""
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if line.startswith("#"):
            paragraphs.append([])
        paragraphs[-1].append(html.escape(line))
    body = gap.join(f"<p>{f'<br>{gap}'.join(paragraph)}</p>" for paragraph in paragraphs)
    tail = gap.join(f"<li>{line}</li>" for line in TAIL)
    return f"<html><body><div class='post'>{body}</div><ul>{tail}</ul></body></html>"


def as_headings(lines: list[str], gap: str) -> str:
    """A page with real headings and one paragraph for each line."""

    def tag(line: str) -> str:
        if "公告" in line:
            return "h1"
        return "h2" if line.startswith("类目") and len(line) == 4 else "h3" if line.startswith("#") else "p"

    body = gap.join(f"<{tag(line)}>{html.escape(line)}</{tag(line)}>" for line in lines)
    tail = gap.join(f"<p>{line}</p>" for line in TAIL)
    return f"<html><body><main>{body}</main><footer>{tail}</footer></body></html>"


def entries_of(reading: Reading) -> list[dict[str, Any]]:
    return [
        {name: value for name, value in msgspec.to_builtins(entry).items() if name != "lines"}
        for entry in reading.documents[0].entries
    ]


LAYOUTS = (as_article, as_forum_post, as_headings)


@pytest.mark.parametrize("gap", ["", "\n    "], ids=["no white space", "white space"])
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
def test_an_html_layout_gives_the_entries_of_the_text(
    read_text: Callable[..., Reading], layout: Callable[[list[str], str], str], gap: str
) -> None:
    expected = read_text(NOTICE)
    reading = read_text(layout(NOTICE.split("\n"), gap), "page.html")
    assert entries_of(reading) == entries_of(expected)
    assert len(reading.documents[0].entries) == 2
    assert reading.documents[0].publisher == "微信公众平台运营中心"
    assert (reading.problems, reading.accounting.unclaimed) == ((), 0)


@pytest.mark.parametrize("gap", ["", "\n    "], ids=["no white space", "white space"])
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
def test_the_real_notice_laid_out_as_html_gives_its_33_entries(
    read_text: Callable[..., Reading],
    real_notice: Reading,
    real_notice_bytes: bytes,
    layout: Callable[[list[str], str], str],
    gap: str,
) -> None:
    lines = [line.strip() for line in real_notice_bytes.decode().split("\n")[15:641] if line.strip()]
    reading = read_text(layout(lines, gap), "page.html")
    assert entries_of(reading) == entries_of(real_notice)
    assert reading.problems == ()


@pytest.mark.parametrize("name", ["【 】", "【---】", "【-乙】"])
def test_a_heading_that_has_lost_its_name_is_a_problem_and_no_category(
    read_text: Callable[..., Reading], name: str
) -> None:
    reading = read_text(NOTICE.replace("#【", f"#{name}\n现资质要求\n《甲》\n#【", 1))
    assert [entry.path for entry in reading.documents[0].entries] == [("宠物服务", "宠物寄养"), ("本地服务", "租车")]
    assert [problem.code for problem in reading.problems] == ["unnamed-entry", "unnamed-block", "unnamed-block"]


def test_an_entry_that_a_copy_has_put_on_one_line_is_a_problem(read_text: Callable[..., Reading]) -> None:
    reading = read_text(NOTICE.replace("#【", "#【甲-乙】现资质要求《甲》类目适用范围适用于甲。\n#【", 1))
    assert [(problem.line, problem.code) for problem in reading.problems] == [(7, "unexpected-line")]
