"""Text that copying machines damaged is read as it was written, and shown as the page has it."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec
import pytest
from page_making import make_page
from test_layouts import NOTICE

from scraper.parse import explain_page
from scraper.requirement.references import find_references
from snapshots.category import category_key
from snapshots.folding import fold
from snapshots.notice import Reading

Read = Callable[..., Reading]

PINYIN = {"调": "diào", "质": "zhì", "务": "wù", "选": "xuǎn", "证": "zhèng", "续": "xù"}
MARKED = {
    heading: f"?{heading}?"
    for heading in ("类目新增", "类目调整", "非个人主体", "境外主体", "现资质要求", "类目适用范围")
}


def annotate(text: str) -> str:
    """The text with the pinyin that some mirrors put behind characters."""
    return "".join(f"{character}({PINYIN[character]})" if character in PINYIN else character for character in text)


def spread(text: str, sign: str) -> str:
    """The text with a sign between all characters of a line."""
    return "\n".join(sign.join(line) for line in text.split("\n"))


def lose_marks(text: str) -> str:
    """The text as a copy has it whose brackets turned into question marks."""
    lines = [MARKED.get(line, line) for line in text.split("\n")]
    return (
        "\n".join(lines)
        .replace("#【", "#?")
        .replace("】\n", "?\n")
        .replace("补充【", "补充?")
        .replace("】类目", "?类目")
    )


def fold_texts(value: object) -> object:
    """The value with every text in it folded."""
    match value:
        case str():
            return fold(value)
        case dict():
            return {key: fold_texts(one) for key, one in value.items()}
        case list() | tuple():
            return [fold_texts(one) for one in value]
        case _:
            return value


def outline(reading: Reading) -> list[tuple[object, ...]]:
    """What the page says, folded."""
    return [
        (
            entry.action,
            entry.entity_type,
            entry.key,
            fold_texts(msgspec.to_builtins(entry.requirement)),
            fold(entry.scope or ""),
            [re.sub("[?□【】]", "", fold(note.text)) for note in entry.notes],
            [[[fold(level) for level in target] for target in reference.targets] for reference in entry.references],
            [fold(region) for region in entry.regions],
            [fold(service) for service in entry.unsupported],
        )
        for document in reading.documents
        for entry in document.entries
    ]


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(annotate, id="pinyin"),
        pytest.param(lambda text: annotate(text).replace("(diào)", "（diào）"), id="pinyin in full width"),
        pytest.param(lambda text: spread(text, "\u200b"), id="zero-width spaces"),
        pytest.param(lambda text: spread(text, "\u200d\u2060"), id="joiners"),
        pytest.param(lambda text: "\ufeff" + text.replace("\n", "\u200b\n\u200b\n"), id="lines of nothing"),
        pytest.param(lambda text: text.replace("【", "〖").replace("】", "〗"), id="brackets of another form"),
        pytest.param(lambda text: text.replace("-", "－").replace(":", "：").replace("(", "（"), id="full width"),
        pytest.param(lambda text: text.replace("现资质要求", "现资质　要求").replace("#【", "#　【"), id="wide spaces"),
        pytest.param(lambda text: text.replace("务-", "务–"), id="an en dash"),
        pytest.param(lambda text: text.replace("务-", "务−"), id="a minus sign"),
        pytest.param(lambda text: text.replace("务-", "务--"), id="a double dash"),
        pytest.param(lambda text: text.replace("-", "‑"), id="hyphens that do not break"),
        pytest.param(lambda text: text.replace("-", "─"), id="drawn lines"),
        pytest.param(lambda text: text.replace("“", "„").replace("”", '"'), id="wrong quotes"),
        pytest.param(lose_marks, id="lost marks"),
        pytest.param(lambda text: lose_marks(text).replace("?", "□"), id="boxes for lost marks"),
        pytest.param(lambda text: annotate(lose_marks(text)), id="lost marks and pinyin"),
    ],
)
@pytest.mark.parametrize("form", ["text", "html"])
def test_a_damaged_page_says_what_the_whole_one_says(read_text: Read, damage: Callable[[str], str], form: str) -> None:
    damaged = damage(NOTICE)
    assert damaged != NOTICE
    if form == "html":
        damaged = "<!DOCTYPE html><main>" + "".join(f"<p>{line}</p>" for line in damaged.split("\n")) + "</main>"
    reading = read_text(damaged)
    assert outline(reading) == outline(read_text(NOTICE))
    assert reading.problems == ()


def test_damage_stays_in_what_is_shown(read_text: Read) -> None:
    (entry, _) = read_text(annotate(NOTICE)).documents[0].entries
    assert entry.path == ("宠物服务(wù)", "宠物寄养")
    assert [paper.title for paper in entry.papers][:2] == ["动物防疫条件合格证(zhèng)", "营业执照"]
    assert entry.scope == "适用于提供宠物寄养、托管等服务(wù)。"
    assert entry.references[0].text == "【宠物服务(wù)-宠物医院】"
    assert entry.references[0].condition == "如提供宠物诊疗服务(wù)"
    assert read_text(annotate(NOTICE)).documents[0].title == "2025年4-6月小程序类目调(diào)整汇总公告"


@pytest.mark.parametrize("quotes", ["“”", '""', "““", "””", "„‟", "〝〞", "「」"])
def test_names_in_wrong_quotes_are_the_same_names(quotes: str) -> None:
    first, last = tuple(quotes)
    (reference,) = find_references(f"需补充【医疗服务-{first}公立医院{last}或{first}私立医院{last}】类目", "scope")
    assert reference.targets == (("医疗服务", "公立医院"), ("医疗服务", "私立医院"))


def test_pinyin_is_no_part_of_a_name_and_a_word_in_brackets_is() -> None:
    whole, damaged = (category_key("p", None, (name, "甲")) for name in ("医疗服务", "医疗服务(wù)"))
    assert whole == damaged
    for name in ("公证(非中国大陆地区)", "药品(otc)", "银行(app)", "公证（外）"):
        assert fold(name) != fold(name.split("(")[0].split("（")[0])


def test_a_level_that_a_heading_names_is_shown_as_the_heading_has_it(read_text: Read) -> None:
    (entry,) = (
        read_text(
            "<!DOCTYPE html><h1>个人主体小程序开放的服务(wù)类目</h1><h2>物流服务(wù)</h2><table>"
            "<tr><th>二级分类</th><th>三级分类</th><th>资质(zhì)要求</th><th>类目适用范围</th><th>备注</th></tr>"
            "<tr><td>查件</td><td>/</td><td>/</td><td>适用于查件。</td><td>/</td></tr></table>"
        )
        .documents[0]
        .entries
    )
    assert entry.path == ("物流服务(wù)", "查件")
    assert entry.key == "wechat-miniprogram|personal|物流服务›查件"


def test_a_problem_of_a_damaged_line_points_into_the_line_as_it_stands(read_text: Read) -> None:
    text = annotate(NOTICE.replace("(2选1):", "服务(3选1):"))
    (problem,) = read_text(text).problems
    assert (problem.code, problem.text) == ("arity", "服务(wù)(3选(xuǎn)1):")
    assert problem.text[problem.start : problem.end] == "(3选(xuǎn)1)"


def test_an_explanation_shows_a_damaged_line_as_it_stands() -> None:
    lines = explain_page(make_page(annotate(NOTICE))).lines
    assert [part.text for line in lines for part in line.parts if part.what == "entry: added"] == [
        "#【宠物服务(wù)-宠物寄养】"
    ]


@pytest.mark.parametrize(
    ("whole", "damaged"),
    [
        pytest.param("#【宠物服务-宠物寄养】", "#?宠物寄养?", id="a name without levels"),
        pytest.param("类目新增\n", "?类目?增\n", id="a heading that lost a character"),
        pytest.param("需补充【宠物服务-宠物医院】类目", "另见?宠物服务-宠物医院?一栏", id="a name behind no verb"),
    ],
)
def test_a_lost_mark_that_could_be_anything_is_a_problem(read_text: Read, whole: str, damaged: str) -> None:
    assert whole in NOTICE
    problems = read_text(NOTICE.replace(whole, damaged)).problems
    (doubt,) = [problem for problem in problems if problem.code == "lost-mark"]
    assert doubt.text[doubt.start : doubt.end] == "?"


def test_a_question_is_no_lost_mark(read_text: Read) -> None:
    asked = NOTICE.replace("各位小程序开发者:", "什么是类目?见 https://a.example/list?id=3&b=4?").replace(
        "(2选1):", "(2选1): "
    )
    assert read_text(asked).problems == ()


def test_a_lost_mark_outside_the_content_is_nobodys_concern(read_text: Read) -> None:
    assert read_text("?首页?\n" + NOTICE + "\n相关推荐\n?热门?文章?\n").problems == ()
