"""Dates in a page's words, each with its role."""

from __future__ import annotations

import datetime as dt

import pytest

from scraper.notice.periods import find_dates, find_own_dates, find_period, resolve_dates


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
        ("现于2025年3月5日至3月12日向社会公开征求意见。", ("comment", "2025-03-05", "2025-03-12")),
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


@pytest.mark.parametrize(
    ("title", "start", "end"),
    [
        ("2025年12月-2026年2月小程序类目调整汇总公告", "2025-12-01", "2026-02-28"),
        ("2025年11月至2026年1月小程序类目调整汇总公告", "2025-11-01", "2026-01-31"),
        ("2025年1月至2025年3月小程序类目调整汇总公告", "2025-01-01", "2025-03-31"),
        ("2025年1月、2月小程序类目调整汇总公告", "2025-01-01", "2025-02-28"),
        ("2024年第四季度至2025年第一季度小程序类目调整汇总公告", "2024-10-01", "2025-03-31"),
        ("2025年一、二季度小程序类目调整汇总公告", "2025-01-01", "2025-06-30"),
        ("2024Q4-2025Q1小程序类目调整汇总公告", "2024-10-01", "2025-03-31"),
        ("2025年第3季度小程序类目调整汇总公告", "2025-07-01", "2025-09-30"),
        ("2025年下半年小程序类目调整汇总公告", "2025-07-01", "2025-12-31"),
        ("2025年7月小程序类目调整汇总公告", "2025-07-01", "2025-07-31"),
    ],
)
def test_a_title_names_the_span_of_its_notice(title: str, start: str, end: str) -> None:
    period = find_period(title)
    assert period is not None
    assert (str(period.start), str(period.end)) == (start, end)


@pytest.mark.parametrize("title", ["关于2025年3月5日起调整类目的公告", "2025年12-2月小程序类目调整汇总公告"])
def test_a_day_and_months_that_run_backwards_are_no_span(title: str) -> None:
    assert find_period(title) is None


@pytest.mark.parametrize(
    "words",
    [
        "根据2021年9月1日起施行的《数据安全法》,现对以下类目进行调整。",
        "《网络食品安全办法》已于2024年7月1日起施行,现调整如下类目。",
        "依照自2024年7月1日起实施的相关规定调整。",
    ],
)
def test_the_date_of_a_law_is_none_of_the_notice(words: str) -> None:
    assert find_dates(words) == ()


def test_the_notices_own_date_beside_that_of_a_law_is_read() -> None:
    words = "根据2021年9月1日起施行的《数据安全法》,以下调整自2025年4月1日起生效。"
    assert [str(date.start) for date in find_dates(words)] == ["2025-04-01"]
    assert [str(date.start) for date in find_dates("《小程序类目规则》自2025年4月1日起施行。")] == ["2025-04-01"]


@pytest.mark.parametrize(
    ("words", "role"),
    [
        ("該類目于2025年5月1日起生效", "effective"),
        ("适用于提供日历服务。该类目将于2025年5月1日正式生效。", "effective"),
        ("适用于提供日历服务(自2025年5月1日起执行)。", "effective"),
        ("以上资质要求自2025年5月1日起,正式施行;", "effective"),
        ("1、本类目2025年5月1日起开放申请。", "effective"),
        ("该类目将于2025年5月1日下线。", "closes"),
    ],
)
def test_a_category_says_since_when_it_holds(words: str, role: str) -> None:
    assert [(date.role, str(date.start)) for date in find_own_dates(words)] == [(role, "2025-05-01")]


@pytest.mark.parametrize(
    "words",
    [
        "适用于2021年9月1日起施行的《数据安全法》规定的处理活动。",
        "《数据安全法》自2021年9月1日起施行。",
        "依据《数据安全法》(2021年9月1日起施行),需提供备案。",
        "依据《数据安全法》,自2021年9月1日起施行。",
        "适用于2025年5月1日起开业的门店。",
        "自2025年5月1日起,新增主体需补充《备案表》。",
        "该规定于2021年9月1日起施行。",
        "演出于2025年5月1日上线的节目。",
    ],
)
def test_a_date_of_something_else_is_not_the_categorys(words: str) -> None:
    assert find_own_dates(words) == ()
