"""The report over a folder of pages says what was read of each, and why a page was refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
NOTICE = """2025年1-3月小程序类目调整汇总公告
一、非个人主体小程序类目新增
【生活服务-宠物寄养】
资质要求:
(3选1):
1、《营业执照》
2、承诺函
类目适用范围:
适用于提供宠物寄养服务。
【生活服务-跑腿】
资质要求:
门店照片
类目适用范围:
适用于提供跑腿服务。
"""


def run_report(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.corpus_report", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, encoding="utf-8")


def test_a_page_is_counted_and_a_refused_one_has_its_reason(tmp_path: Path) -> None:
    (tmp_path / "a-notice.txt").write_text(NOTICE, encoding="utf-8")
    (tmp_path / "b-recipe.txt").write_text("盐 | 糖", encoding="utf-8")
    report = run_report(str(tmp_path))
    assert report.returncode == 0
    rows = report.stdout.splitlines()
    assert rows[2] == "| a-notice.txt | notice | 1 | 2 added non_personal | 3 | 2 | 66.7% | 2 | 1 arity |"
    assert rows[3].startswith("| b-recipe.txt | refused: no profile's marks are on the page")
    assert {row.count("|") for row in rows} == {10}


def test_without_a_folder_it_says_how_to_call_it() -> None:
    report = run_report("no-such-folder")
    assert (report.returncode, report.stderr) == (2, "usage: python -m benchmarks.corpus_report FOLDER\n")
