"""Portfolio files: what they state, and what is said of what is wrong in them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from program_running import run_program, write_page

from differ.impact.portfolio import HeldPaper, Program
from noticediff.portfolio import load_portfolio
from snapshots.errors import UsageError

WHOLE = """\
[[program]]
name = "康复到家"
platform = "wechat-miniprogram"
entity_type = "non_personal"
categories = ["医疗服务-上门医疗", "医疗服务-就医服务"]
papers = [
    "《营业执照》",
    {title = "合作协议", holder = "小程序主体", qualifier = "含“零售”", count = 2, expires = 2027-03-31},
]
cases = ["公立医院"]

[[program]]
name = "天气簿"
categories = ["工具-天气"]
"""


def load(folder: Path, text: str, name: str = "portfolio.toml") -> tuple[Program, ...]:
    return load_portfolio(write_page(folder, name, text)).programs


def test_every_key_of_a_program_is_read(tmp_path: Path) -> None:
    first, second = load(tmp_path, WHOLE)
    assert first == Program(
        name="康复到家",
        platform="wechat-miniprogram",
        entity_type="non_personal",
        categories=("医疗服务-上门医疗", "医疗服务-就医服务"),
        papers=(
            HeldPaper(title="营业执照"),
            HeldPaper(
                title="合作协议", holder="小程序主体", qualifier="含“零售”", count=2, expires=dt.date(2027, 3, 31)
            ),
        ),
        cases=("公立医院",),
        line=2,
    )
    assert second == Program(name="天气簿", categories=("工具-天气",), line=13)


HEAD = '[[program]]\nname = "甲"\ncategories = ["甲-乙"]\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", ": there is no program in it"),
        ("[program]\nname = 1", ":1: a program begins with [[program]]"),
        ('[[programs]]\nname = "甲"', ":1: a portfolio has no key 'programs'; did you mean 'program'?"),
        ('[[program]]\ncategories = ["甲-乙"]', ':1: a program needs a name: name = "…"'),
        ('[[program]]\nname = "甲"', ":1: program '甲' needs categories: categories = [\"…-…\"]"),
        (HEAD + 'paper = ["乙证"]', ":4: program '甲' has no key 'paper'; did you mean 'papers'?"),
        (HEAD + 'papers = "乙证"', ":4: program '甲': 'papers' is a list of papers"),
        (HEAD + "papers = [5]", ":4: program '甲': a paper is a text or a table, not 5"),
        (HEAD + "papers = [{count = 2}]", ":4: program '甲': a paper needs a title: {title = \"…\"}"),
        (
            HEAD + 'papers = [\n  {title = "乙", expires = 2027-03-31},\n  {title = "丙", expires = "2027"},\n]',
            ":6: program '甲', paper '丙': 'expires' is a day like 2027-03-31, without quotes, not \"2027\"",
        ),
        (
            HEAD + 'papers = [{title = "乙", expire = 2027-03-31}]',
            ":4: program '甲', paper '乙' has no key 'expire'; did you mean 'expires'?",
        ),
        (
            HEAD + 'papers = [{title = "乙", count = 0}]',
            ":4: program '甲', paper '乙': 'count' is a number from 1 to 99",
        ),
        (HEAD + 'cases = "公立医院"', ":4: program '甲': 'cases' is a list of texts, not \"公立医院\""),
        (
            HEAD + HEAD.replace("甲", "丙") + 'entity_type = "nonpersonal"',
            (
                ":7: program '丙': 'entity_type' is one of personal, non_personal, overseas, "
                "not \"nonpersonal\"; did you mean 'non_personal'?"
            ),
        ),
        (HEAD + HEAD, ":5: there is already a program '甲'"),
        ('[[program]]\nname = "甲"\n= 5', ":3: is not TOML: "),
    ],
)
def test_what_is_wrong_is_said_with_file_line_and_key(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load(tmp_path, text)
    assert str(caught.value).startswith(f"{tmp_path / 'portfolio.toml'}{message}")


TABLE = (
    "name,entity_type,categories,papers,cases\r\n"
    "康复到家,non_personal,医疗服务-上门医疗; 医疗服务-就医服务,"
    '"《营业执照》|承诺书 until 2027-03-31",公立医院；私立医院\r\n'
    "\r\n"
    "天气簿,,工具-天气\r\n"
)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_table_has_a_program_a_row(mark: str, tmp_path: Path) -> None:
    first, second = load(tmp_path, mark + TABLE, "portfolio.csv")
    assert first == Program(
        name="康复到家",
        entity_type="non_personal",
        categories=("医疗服务-上门医疗", "医疗服务-就医服务"),
        papers=(HeldPaper(title="营业执照"), HeldPaper(title="承诺书", expires=dt.date(2027, 3, 31))),
        cases=("公立医院", "私立医院"),
        line=2,
    )
    assert second == Program(name="天气簿", categories=("工具-天气",), line=4)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,category\n", ":1: there is no column 'category'; did you mean 'categories'?"),
        ("name,name\n", ":1: the column 'name' is there twice"),
        ("name,papers\n", ":1: the column 'categories' is needed"),
        ("name,categories\n,甲-乙\n", ":2: 'name' is empty; a program needs one"),
        ("name,categories\n甲,甲-乙,丙\n", ":2: 3 cells under 2 columns"),
        ("name,categories,entity_type\n甲,甲-乙,oversea\n", ":2: program '甲': 'entity_type' is one of"),
        ("name,categories,papers\n甲,甲-乙,乙证 until soon\n", ":2: program '甲': 'papers' has '乙证 until soon'"),
        ('name,categories\n"甲,甲-乙\n', ":2: is not CSV"),
        ("", ": there is no program in it"),
    ],
)
def test_what_is_wrong_in_a_table_is_said_with_its_line(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load(tmp_path, text, "portfolio.csv")
    assert str(caught.value).startswith(f"{tmp_path / 'portfolio.csv'}{message}")


def test_a_file_that_is_not_there_or_no_text_is_said_in_one_line(tmp_path: Path) -> None:
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    for path, reason in ((tmp_path / "none.toml", "cannot be read"), (binary, "is not UTF-8 text")):
        run = run_program("impact", "--portfolio", path)
        assert run.exit_code == 2
        assert run.stderr.startswith(f"noticediff: {path}: {reason}")
        assert run.stderr.count("\n") == 1
