"""`parse`: one page printed, nothing stored."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from program_running import make_html, make_notice, run_process, run_program, write_page

from noticediff.formats import ParseOutput

NOTICE = make_notice(個人征信="營業執照", 企業征信="!金融許可證")


def test_a_page_is_described_with_its_entries_and_their_trees(tmp_path: Path) -> None:
    run = run_program("parse", write_page(tmp_path, "notice.txt", NOTICE))
    assert run.exit_code == 0
    assert run.stdout.startswith("2025年1-3月小程序類目調整匯總公告\n")
    assert "added · non_personal · 金融業 › 個人征信 (lines " in run.stdout
    assert "    - 《營業執照》\n" in run.stdout
    assert "in force 2025-03-31 (period end)" in run.stdout
    assert run.stderr == ""


def test_the_json_is_that_of_the_contract(tmp_path: Path) -> None:
    page = write_page(tmp_path, "notice.html", make_html(NOTICE))
    run = run_program("parse", page, "--format", "json", "--captured", "2025-04-02")
    output = json.loads(run.stdout)
    assert list(output) == ["format", "format_version", "page", "documents", "problems", "accounting"]
    assert (output["format"], output["format_version"]) == ("noticediff.parse", "1.0")
    assert output["page"] | {"sha256": ""} == {
        "name": str(page), "sha256": "", "encoding": "utf-8", "captured": "2025-04-02",
    }  # fmt: skip
    assert [entry["path"] for entry in output["documents"][0]["entries"]] == [
        ["金融業", "個人征信"],
        ["金融業", "企業征信"],
    ]
    assert output["accounting"]["unclaimed"] == 0
    assert msgspec.json.decode(run.stdout_bytes, type=ParseOutput).documents[0].period is not None


def test_the_same_page_gives_the_same_bytes(tmp_path: Path) -> None:
    page = write_page(tmp_path, "notice.txt", NOTICE)
    first, second = (run_process("parse", page, "--format", "json", cwd=tmp_path) for _ in range(2))
    assert first.stdout == second.stdout != b""


def test_a_dash_reads_standard_input() -> None:
    run = run_program("parse", "-", "--format", "json", stdin=NOTICE)
    assert run.exit_code == 0
    assert json.loads(run.stdout)["page"]["name"] == "standard input"


def test_nothing_is_stored(tmp_path: Path) -> None:
    page = write_page(tmp_path, "notice.txt", NOTICE)
    assert run_program("--store", tmp_path / "store.db", "parse", page).exit_code == 0
    assert list(tmp_path.iterdir()) == [page]


def test_problems_are_results_and_exit_4_only_under_strict(tmp_path: Path) -> None:
    odd = (
        NOTICE.replace("類目適用范圍", "類目適用范圍說明(無此標題)\n\n類目適用范圍", 1)
        + "\n#【】\n\n現資質要求\n\n《甲》\n"
    )
    page = write_page(tmp_path, "notice.txt", odd)
    run = run_program("parse", page)
    assert run.exit_code == 0
    assert "problem" in run.stdout.splitlines()[-1]
    assert not run.stdout.splitlines()[-1].endswith("0 problems")
    assert run_program("parse", page, "--strict").exit_code == 4
    assert run_program("parse", page, "--strict").stdout == run.stdout
    clean = write_page(tmp_path, "clean.txt", NOTICE)
    assert run_program("parse", clean, "--strict").exit_code == 0


def test_a_page_cannot_steer_the_terminal(tmp_path: Path) -> None:
    hostile = NOTICE.replace("適用于提供個人征信的服務。", "適用于\x1b]0;pwned\x07\x1b[2J\u202e個人征信的服務。")
    run = run_program("--color", "always", "parse", write_page(tmp_path, "notice.txt", hostile))
    assert run.exit_code == 0
    assert "個人征信的服務" in run.stdout
    for steering in ("\x1b]", "\x1b[2J", "\x07", "\u202e"):
        assert steering not in run.stdout
    assert "\x1b[1m" in run.stdout


@pytest.mark.parametrize(
    ("options", "env", "is_colored"),
    [
        ((), {}, False),
        (("--color", "always"), {}, True),
        (("--color", "always"), {"NO_COLOR": "1"}, True),
        ((), {"NOTICEDIFF_COLOR": "always"}, True),
        (("--color", "never"), {"NOTICEDIFF_COLOR": "always"}, False),
    ],
)
def test_colors_follow_the_option_then_the_environment_then_the_terminal(
    tmp_path: Path, options: tuple[str, ...], env: dict[str, str], is_colored: bool
) -> None:
    run = run_program(*options, "parse", write_page(tmp_path, "notice.txt", NOTICE), env=env)
    assert ("\x1b[" in run.stdout) is is_colored


def test_an_option_may_stand_in_the_environment(tmp_path: Path) -> None:
    run = run_program("parse", write_page(tmp_path, "notice.txt", NOTICE), env={"NOTICEDIFF_PARSE_FORMAT": "json"})
    assert json.loads(run.stdout)["format"] == "noticediff.parse"


def test_a_profile_may_be_named(tmp_path: Path) -> None:
    page = write_page(tmp_path, "notice.txt", NOTICE)
    assert run_program("parse", page, "--profile", "wechat-miniprogram").exit_code == 0
    run = run_program("parse", page, "--profile", "wechat")
    assert (run.exit_code, run.stdout) == (2, "")
    assert "no profile is named 'wechat'" in run.stderr


CUT = """2025年10月小程序类目调整公告
新增类目
个人主体
类目
现资质要求
类目适用范围
工具-日历
《营业执照》
适用于日历服务
工具-天气
《营业
"""


def test_of_a_page_that_breaks_off_what_is_whole_is_printed_and_the_code_is_4(tmp_path: Path) -> None:
    page = write_page(tmp_path, "cut.txt", CUT)
    run = run_program("parse", page, "--format", "json")
    output = json.loads(run.stdout)
    assert [entry["path"] for entry in output["documents"][0]["entries"]] == [["工具", "日历"]]
    assert [problem["code"] for problem in output["problems"]] == ["unfinished-entry", "cut"]
    assert run.exit_code == 4
    assert run.stderr == f"noticediff: {page}: it breaks off in the row at line 10; save it again\n"


def test_a_page_that_breaks_off_is_never_stored(tmp_path: Path) -> None:
    run = run_program("--store", tmp_path / "store.db", "add", write_page(tmp_path, "cut.txt", CUT))
    assert (run.exit_code, run.stdout) == (4, "")
    assert "it breaks off" in run.stderr
    assert not (tmp_path / "store.db").exists()


def test_a_category_whose_name_the_page_lost_is_shown_without_one(tmp_path: Path) -> None:
    table = "调整方式 | 二级类目 | 三级类目 | 类目状态 |\n关闭类目 | 锅具 | / | 关闭 |\n| / | 关闭 | |\n"
    branch = "各位微信小店商家,平台将对【厨具】下部分类目进行优化。"
    run = run_program("parse", write_page(tmp_path, "store.txt", f"{branch}\n{table}"))
    assert "removed · 厨具 › 锅具 (line 3)" in run.stdout
    assert "removed · (the page has lost the name) (line 4)" in run.stdout
    assert "line 4: unnamed-row" in run.stdout
