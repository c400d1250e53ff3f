"""Dates in a page's words, each with its role."""

from __future__ import annotations

import datetime as dt

import pytest

from scraper.periods import find_dates, resolve_dates


@pytest.mark.parametrize(
    ("words", "stated"),
    [
        ("新调整后的规则于 2020 年 6月 24 日正式生效实施,请注意。", ("effective", "2020-06-24", None)),
        ("自2025年12月15日起,平台将对部分类目进行优化,包括:类目新增、类目关闭。", ("effective", "2025-12-15", None)),
        ("自2025年12月12日起,原调整前的类目将会下线,请选择新类目上架。", ("closes", "2025-12-12", None)),
        ("该类目将于2025/6/1 00:00正式关闭。", ("closes", "2025-06-01", None)),
        ("下线时间:2025-06-01", ("closes", "2025-06-01", None)),
        ("公示期:2025年【03】月【05】日至2025年【03】月【12】日", ("comment", "2025-03-05", "2025-03-12")),
        ("本次调整于2022年10月29日公示。", ("comment", "2022-10-29", None)),
        ("意见反馈时间为2025年3月5日至12日", ("comment", "2025-03-05", "2025-03-12")),
        ("将于2022年11月14日至11月20日统一完成迁移", ("migration", "2022-11-14", "2022-11-20")),
        ("请于2025年6月30日前补充资质。", ("deadline", None, "2025-06-30")),
        ("截止日期:2025年6月30日", ("deadline", None, "2025-06-30")),
        ("生效时间:2025年6月30日", ("effective", "2025-06-30", None)),
    ],
)
def test_a_date_has_the_role_that_its_words_give_it(words: str, stated: tuple[str, str | None, str | None]) -> None:
    (date,) = find_dates(words)
    assert (date.role, date.start and str(date.start), date.end and str(date.end)) == stated
    assert date.text in words


@pytest.mark.parametrize(
    "words", ["2025年6月30日", "编辑于 2025-04-24", "于2025年2月30日正式生效", "营业执照有效期至2025年6月30日"]
)
def test_a_date_without_a_role_and_a_day_that_is_none_are_left_out(words: str) -> None:
    assert find_dates(words) == ()


def test_several_dates_of_one_sentence_are_parted() -> None:
    words = "本次调整于2022年10月29日公示,将于2022年11月5日正式生效。"
    assert [(date.role, str(date.start)) for date in find_dates(words)] == [
        ("comment", "2022-10-29"),
        ("effective", "2022-11-05"),
    ]


@pytest.mark.parametrize("words", ["本公告自发布之日起生效。", "以上调整即日起生效。"])
def test_from_now_on_is_the_day_of_publication_where_that_is_known(words: str) -> None:
    dates = find_dates(words)
    published = dt.date(2025, 4, 3)
    assert [date.start for date in resolve_dates(dates, published)] == [published]
    assert [date.start for date in resolve_dates(dates, None)] == [None]
