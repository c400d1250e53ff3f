"""Laws of the requirement language: no letter is lost, a rendered tree is read back, hostile text costs linear time."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from benchmarks.made_requirements import make_trees
from scraper.page.lines import Line, make_line
from scraper.requirement.leaves import parse_leaf, read_leaf
from scraper.requirement.limits import find_unsupported
from scraper.requirement.references import find_references
from scraper.requirement.requirements import parse_requirement
from scraper.requirement.scopes import parse_scope
from snapshots.folding import fold_characters
from snapshots.requirement import AllOf, Choose, Paper, Requirement, Text

# Letters of enumerators, of the words 注 and 资质1, and of the words that join papers; they may stand in no field.
_SIGNS = set("0123456789一二三四五六七八九十①②③abAB第种项资质材料方案情形注备意或者及和与以")
_PIECES = st.sampled_from(
    [
        *(
            "《甲证》",
            "《乙书》",
            "《丙函》",
            "合同",
            "承诺函",
            "(丁戊)",
            "“己”",
            "庚主体",
            "辛公司的",
            "由",
            "的",
            "签订的",
        ),
        *("或", "及", "和", "以及", "、", "/", ",", ";", ":", "。", " ", "(", ")"),
        *("(2选1)", "二选一", "任选其一", "同时提供", "需同时提供:", "缺一不可", "以下资质", "提供"),
        *("(两家或以上)", "(新增项)", "原件及翻译件", "若涉及壬,需提供", "如:", "须包含以下内容:"),
        *("申请邮件必须附上以下资料:", "癸@example.com"),
    ]
)
_STARTS = st.sampled_from(
    [
        *("", "", "1、", "2、", "3、", "1.", "(1)", "(2)", "①", "②", "一、", "二、", "a.", "资质1:", "2.1 "),
        *("注:", "注:1、", "【子】:", "以上"),
    ]
)
_LINES = st.builds(lambda start, pieces: start + "".join(pieces), _STARTS, st.lists(_PIECES, max_size=6))


def letters(text: str) -> Counter[str]:
    return Counter(character for character in text if character.isalnum() and character not in _SIGNS)


def number_lines(texts: list[str]) -> list[Line]:
    return [make_line(number, text.strip()) for number, text in enumerate(texts, start=1) if text.strip()]


@settings(max_examples=250, deadline=None)
@given(st.lists(_LINES, min_size=1, max_size=9))
@example(["《甲证》同时提供《甲证》(2选1)"])
def test_every_letter_of_a_requirement_stands_somewhere(texts: list[str]) -> None:
    lines = number_lines(texts)
    reading = parse_requirement(lines)
    said = letters(msgspec.json.encode(reading).decode())
    asked = letters("".join(line.text for line in lines))
    assert asked - said == Counter()


@settings(max_examples=150, deadline=None)
@given(st.lists(_LINES, min_size=1, max_size=9))
def test_every_letter_of_a_scope_stands_somewhere(texts: list[str]) -> None:
    lines = number_lines(texts)
    reading = parse_scope(lines)
    said = [reading.scope or "", *reading.notes, *(line.text for line in reading.strangers)]
    asked = letters("".join(line.text for line in lines))
    assert asked - letters("".join(said)) == Counter()


_NOTES = st.lists(st.sampled_from(["须加盖公章", "须在有效期内", "若涉及客运,需同时提供对应资质"]), max_size=3).map(
    tuple
)
_STYLES = (
    ("一、", "二、", "三、", "四、"),
    ("1、", "2、", "3、", "4、"),
    ("①", "②", "③", "④"),
    ("(1)", "(2)", "(3)", "(4)"),
)
_TREES = make_trees(_NOTES)


def render(node: Requirement, styles: tuple[tuple[str, ...], ...], sign: str) -> list[str]:
    """The lines of a tree, as the platforms write them; notes count in the style of their list or in none."""
    match node:
        case AllOf() | Choose():
            label = f"{node.label}," if node.label else ""
            lines = [f"{sign}{label}{node.marker}:"]
            for own, item in zip(styles[0], node.items, strict=False):
                lines += render(item, styles[1:], own)
            if len(node.notes) == 1:
                lines.append(f"注:{node.notes[0]}")
            elif isinstance(node, Choose) and node.notes:
                lines += ["注:", *(own + note for own, note in zip(styles[0], node.notes, strict=False))]
            else:
                lines += [f"注:{note}" for note in node.notes]
            return lines
        case Paper() | Text():
            return [sign + node.text]
        case _:
            return []


@settings(max_examples=200, deadline=None)
@given(tree=_TREES, styles=st.permutations(_STYLES))
def test_a_rendered_tree_is_read_back_equal(tree: AllOf | Choose, styles: list[tuple[str, ...]]) -> None:
    reading = parse_requirement(number_lines(render(tree, tuple(styles), "")))
    assert reading.requirement == tree
    assert reading.problems == ()


HOSTILE: dict[str, Callable[[int], list[str]]] = {
    "nested brackets": lambda size: ["(" * size + ")" * size],
    "nested titles": lambda size: ["《" * size + "》" * size],
    "unclosed brackets": lambda size: ["《(【“" * size],
    "items on a line": lambda size: ["".join(f"{index % 90 + 1}、《甲》 " for index in range(size))],
    "alternatives on a line": lambda size: ["《甲》或《乙》及" * size + "《丙》"],
    "joints without papers": lambda size: ["或及" * size + "《丙》"],
    "commas": lambda size: ["《甲》、x" * size],
    "spaces": lambda size: ["《甲》或" + " " * size + "x"],
    "markers on a line": lambda size: ["任选其一x" * size],
    "one long word": lambda size: ["申请邮件" + "a" * size],
    "references": lambda size: ["若x,需补充【甲-乙】," * size],
    "brackets without verbs": lambda size: ["【甲】" * size],
    "services": lambda size: ["不支持甲," * size],
    "services in quotes": lambda size: ["不支持“甲,乙”," * size],
    "services without an end": lambda size: ["注:不支持" + "甲服务," * size],
    "verbs": lambda size: ["不支持" * size],
    "notes": lambda size: ["注:"] * (size // 8),
    "numbered notes": lambda size: ["1、《甲》", "注:", "1、乙", "2、丙"] * (size // 32),
    "nested lists": lambda size: ["1、甲:"] * (size // 8),
    "wrapped lines": lambda size: ["《甲》、"] * (size // 8),
}


PAPER_WORDS = (
    "甲",
    "证",
    " ",
    "\u3000",
    "(",
    ")",
    "（",
    "【",
    "】",
    "“",
    "”",
    ":",
    "、",
    "或",
    "2选1",
    "同时提供",
    "新增项",
    "如",
    "提供",
    ";",
)


@given(st.lists(st.sampled_from(PAPER_WORDS), min_size=1, max_size=8).map("".join))
def test_a_paper_with_nothing_around_it_is_read_as_any_other_line(title: str) -> None:
    text = f"《{title}》"
    assert parse_leaf(text) == read_leaf(text, fold_characters(text))


def measure(make: Callable[[int], list[str]], size: int) -> float:
    lines = number_lines(make(size))
    start = time.process_time()
    parse_requirement(lines)
    scope = parse_scope(lines)
    for text in (scope.scope or "", *scope.notes):
        find_references(text, "scope")
        find_unsupported([text])
    return time.process_time() - start


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_takes_time_in_proportion_to_its_length(make: Callable[[int], list[str]]) -> None:
    small = min(measure(make, 2_000) for _ in range(3))
    assert measure(make, 16_000) < 24 * small + 0.2
