"""Two spellings of one name have one key, and two names two."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from snapshots.folding import fold, fold_characters

HAN = [chr(code) for start, end in ((0x3400, 0x4DC0), (0x4E00, 0xA000)) for code in range(start, end)]
# OpenCC's tables pair these with characters that are words of their own, or with ones that no page has.
APART = {"么", "幺", "顎", "齶", "腭"}


def convert(table: str) -> Iterator[tuple[str, str]]:
    converted = OpenCC(table).convert("\n".join(HAN)).split("\n")
    return (pair for pair in zip(HAN, converted, strict=True) if len(pair[1]) == 1 and not APART & set(pair))


@pytest.mark.parametrize("table", ["t2s", "t2hk", "t2tw", "hk2s", "tw2s", "hk2t", "tw2t"])
def test_a_character_and_its_form_in_another_script_have_one_key(table: str) -> None:
    assert [pair for pair in convert(table) if fold(pair[0]) != fold(pair[1])] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("衞生健康委員會", "卫生健康委员会"),
        ("衛生健康委員會", "衞生健康委員會"),
        ("谘询服务", "諮詢服務"),
        ("馀额查询", "餘額查詢"),
        ("⽂娱-⾳乐", "文娱-音乐"),
        ("医疗\u200c服务\u00ad-\u2060就医\u200e", "医疗服务-就医"),
    ],
)
def test_two_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("什么", "什幺"), ("資訊", "信息"), ("下颚", "下腭")])
def test_two_names_have_two_keys(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_folded_text_is_as_long_as_the_text() -> None:
    assert len(fold_characters("".join(HAN))) == len(HAN)
    assert fold_characters("衞⽂谘") == "卫文咨"


@settings(max_examples=500)
@example("U¯")
@given(st.text() | st.text(alphabet='醫医療疗-–—--−（(【]「」“" \u3000\u200bＡaＡ４4（diào）調', max_size=30))
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
