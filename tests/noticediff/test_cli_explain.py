"""`parse --explain`: the page line by line, with what each line became."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from program_running import make_html, run_program, write_page

from noticediff.widths import measure_width

NOTICE = """\
首頁
2025年1-3月小程序類目調整匯總公告
來源 | 微信公眾平臺運營中心
現對以下類目進行調整,請知悉。
類目新增
非個人主體
#【金融業-個人征信】
現資質要求
同時提供:
1、《營業執照》
2、征信公司(3選1):
①《個人征信業務經營許可證》
②合作說明
注:若無許可信息,需補充截圖
類目適用范圍:適用于提供個人征信業務服務。
注:若涉及企業征信,需補充【金融業-企業征信】類目。
#【金融業-企業征信】
現資質要求
該類目正在內測階段,暫不支持線上申請。如需申請發送至郵箱“a@example.com”
類目適用范圍
適用于提供企業征信業務服務。
相關推薦
"""
EXPECTED = """\
profile: wechat-miniprogram

 1     outside                     首頁
 2     title                       2025年1-3月小程序類目調整匯總公告
 3     publisher                   來源 | 微信公眾平臺運營中心
 4     preamble                    現對以下類目進行調整,請知悉。
 5     section: added              類目新增
 6     entity type: non_personal   非個人主體
 7  1  entry: added                #【金融業-個人征信】
 8  1  heading: requirement        現資質要求
 9  1    all of 同時提供           同時提供:
10  1      1、 paper               1、《營業執照》
11  1      2、 1 of 2 (3選1)       2、征信公司(3選1):
       ! arity: the marker says 3 items, 2 are there
         2、征信公司(3選1):
                    ^^^^^^
12  1        ① paper               ①《個人征信業務經營許可證》
13  1        ② text                ②合作說明
14  1    note                      注:若無許可信息,需補充截圖
15  1  heading: scope              類目適用范圍:
         scope                     適用于提供個人征信業務服務。
16  1    note                      注:若涉及企業征信,需補充【金融業-企業征信】類目。
           reference: also needed  【金融業-企業征信】
17  2  entry: added                #【金融業-企業征信】
18  2  heading: requirement        現資質要求
19  2    to apply                  該類目正在內測階段,暫不支持線上申請。如需申請發送至郵箱
                                   “a@example.com”
20  2  heading: scope              類目適用范圍
21  2    scope                     適用于提供企業征信業務服務。
22     outside                     相關推薦

20 lines of content: 20 understood or noted, 0 lost; 2 around it; 1 problem
"""


def explain(page: Path, *options: str) -> str:
    run = run_program(*options, "parse", page, "--explain", env={"COLUMNS": "100"})
    assert run.exit_code == 0, run.output
    return run.stdout


def test_each_line_stands_with_what_it_became(tmp_path: Path) -> None:
    shown = explain(write_page(tmp_path, "notice.txt", NOTICE))
    assert shown == EXPECTED


def test_the_words_of_every_line_are_in_the_explanation(tmp_path: Path) -> None:
    shown = explain(write_page(tmp_path, "notice.txt", NOTICE))
    for words in NOTICE.replace("類目適用范圍:適用", "類目適用范圍:\n適用").splitlines():
        assert re.sub(r"\s", "", words) in re.sub(r"\s", "", shown)


@pytest.mark.parametrize(("columns", "widest"), [("40", 80), ("100", 100), ("300", 120)])
def test_rows_fit_the_terminal_between_80_and_120_columns(tmp_path: Path, columns: str, widest: int) -> None:
    long = NOTICE.replace("合作說明", "合作說明" * 40)
    run = run_program("parse", write_page(tmp_path, "a.txt", long), "--explain", env={"COLUMNS": columns})
    widths = [measure_width(row) for row in run.stdout.splitlines()]
    assert widest - 3 < max(widths) <= widest


def test_the_json_and_the_text_are_the_same_with_and_without_an_explanation(tmp_path: Path) -> None:
    page = write_page(tmp_path, "notice.html", make_html(NOTICE))
    before = run_program("parse", page, "--format", "json").stdout
    explain(page)
    assert run_program("parse", page, "--format", "json").stdout == before
    (problem,) = json.loads(before)["problems"]
    assert problem["text"][problem["start"] : problem["end"]] == "(3選1)"
    run = run_program("parse", page, "--explain", "--format", "json")
    assert (run.exit_code, run.stdout) == (2, "")


def test_a_problem_without_a_place_has_no_columns(tmp_path: Path) -> None:
    page = write_page(
        tmp_path, "notice.txt", NOTICE.replace("適用于提供企業征信業務服務。", "/。").replace("非個人主體\n", "")
    )
    problems = json.loads(run_program("parse", page, "--format", "json").stdout)["problems"]
    assert [list(problem) for problem in problems if problem["code"] == "no-entity-type"] == [
        ["line", "text", "code", "message"]
    ] * 2


def test_the_carets_of_the_plain_text_stand_below_the_place(tmp_path: Path) -> None:
    shown = run_program("parse", write_page(tmp_path, "notice.txt", NOTICE)).stdout
    assert "\n  2、征信公司(3選1):\n             ^^^^^^\n" in shown


def test_colours_follow_the_programs_rules(tmp_path: Path) -> None:
    page = write_page(tmp_path, "notice.txt", NOTICE)
    assert "\x1b[" not in explain(page)
    coloured = explain(page, "--color", "always")
    assert "\x1b[31m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == explain(page)


def test_a_page_cannot_steer_the_terminal(tmp_path: Path) -> None:
    hostile = NOTICE.replace("合作說明", "合作\x1b]0;pwned\x07\x1b[2J\x1b[31m\u202e說明")
    shown = explain(write_page(tmp_path, "notice.txt", hostile), "--color", "always")
    assert not any(steering in shown for steering in ("\x1b]", "\x1b[2J", "\x07", "\u202e"))


def test_a_refused_page_is_explained_as_far_as_it_was_read(tmp_path: Path) -> None:
    page = write_page(tmp_path, "notice.txt", NOTICE.replace("【", "〔").replace("】", "〕"))
    run = run_program("parse", page, "--explain")
    assert run.exit_code == 4
    assert re.search(r"^ 5 +section: added +類目新增$", run.stdout, re.MULTILINE)
    assert re.search(r"^ 7 +not understood +#〔金融業-個人征信〕$", run.stdout, re.MULTILINE)
    assert run.stderr.startswith(f"noticediff: {page}: no category is announced on it")


def test_strict_counts_in_an_explanation(tmp_path: Path) -> None:
    page = write_page(tmp_path, "notice.txt", NOTICE)
    assert run_program("parse", page, "--explain", "--strict").exit_code == 4


def test_the_cells_of_a_table_are_explained_and_a_shared_one_names_its_entries(tmp_path: Path) -> None:
    table = """<h1>個人主體小程序開放的服務類目</h1><h2>物流服務</h2><table>
    <tr><th>二級分類</th><th>三級分類</th><th>資質要求</th><th>類目適用范圍</th><th>備注</th></tr>
    <tr><td>查件</td><td>/</td><td rowspan=2>同時提供:<br>1、《甲證》<br>2、《乙證》</td>
    <td>適用于查件。</td><td>/</td></tr>
    <tr><td>郵政</td><td>/</td><td>適用于郵政。</td><td>需補充【物流服務-查件】類目</td></tr></table>"""
    shown = explain(write_page(tmp_path, "list.html", table))
    assert re.findall(r"^ *\d+ +(\S+) +([1、2、]* ?(?:paper|all of 同時提供)) ", shown, re.MULTILINE) == [
        ("1-2", "all of 同時提供"), ("1-2", "1、 paper"), ("1-2", "2、 paper"),
    ]  # fmt: skip
    assert re.search(r"^ *\d+ +2  path +郵政$", shown, re.MULTILINE)
    assert re.search(r"^ *\d+ +column heading +備注$", shown, re.MULTILINE)
    assert "reference: also needed" in shown
