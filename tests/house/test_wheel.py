"""The built wheel works without the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("noticediff", "scraper", "snapshots", "differ", "templates")
NOTICE = """2025年4-6月小程序类目调整汇总公告
现对以下类目进行调整,请知悉。
类目新增
非个人主体
#【宠物服务-宠物寄养】
现资质要求
(2选1):
1、《动物防疫条件合格证》
2、与寄养机构签订的《合作协议》
类目适用范围
适用于提供宠物寄养、托管等服务。
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing but the unpacked wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    target = folder / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


def run(installed: Path, code: str, cwd: Path) -> str:
    """Run code that sees the wheel's packages before any other, from a folder outside the checkout."""
    prelude = (
        f"import sys; sys.path = [p for p in sys.path if p != {str(ROOT)!r}]; sys.path.insert(0, {str(installed)!r})"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "NOTICEDIFF"))}
    done = subprocess.run(
        [sys.executable, "-P", "-c", f"{prelude}\n{code}"],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_every_package_comes_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    code = f"import importlib\nfor name in {PACKAGES!r}: print(importlib.import_module(name).__file__)"
    places = run(installed, code, tmp_path).split()
    assert [Path(place).is_relative_to(installed) for place in places] == [True] * len(PACKAGES)


def test_every_data_file_of_the_packages_is_in_the_wheel(installed: Path) -> None:
    sources = {".po", ".pot", ".cfg", ".pyc"}  # what data is made from
    files = [
        path.relative_to(ROOT)
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix not in sources
    ]
    assert {path.suffix for path in files} >= {".py", ".j2", ".css", ".mo", ".toml"}
    assert [str(path) for path in files if not (installed / path).exists()] == []


def test_the_wheel_knows_its_version_and_its_command(installed: Path, tmp_path: Path) -> None:
    code = (
        "from importlib.metadata import distribution\n"
        "found = distribution('noticediff')\n"
        "(command,) = found.entry_points.select(group='console_scripts', name='noticediff')\n"
        "command.load()(['--version'])"
    )
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert run(installed, code, tmp_path) == f"noticediff {project['version']}\n"


def test_the_wheel_tells_what_two_pages_changed(installed: Path, tmp_path: Path) -> None:
    pages = [str(ROOT / "examples" / "pages" / name) for name in ("2025Q1.html", "2025Q2.html")]
    code = f"from noticediff.cli import main\nmain(['diff', *{pages!r}, '--format', 'html'])"
    assert "<html" in run(installed, code, tmp_path)


def test_the_wheel_reads_a_page_as_a_module_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "notice.txt").write_text(NOTICE, encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "NOTICEDIFF"))}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "noticediff", "parse", "notice.txt", "--format", "json"],
        cwd=tmp_path,
        env={**environment, "PYTHONPATH": str(installed), "PYTHONVERBOSE": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    (entry,) = json.loads(done.stdout)["documents"][0]["entries"]
    assert entry["path"] == ["宠物服务", "宠物寄养"]
    assert [paper["title"] for paper in entry["papers"]] == ["动物防疫条件合格证", "合作协议"]
    # The checkout is on the interpreter's path too, behind the wheel: nothing may come from there.
    assert str(installed / "scraper" / "requirement" / "requirements.py") in done.stderr
    assert [name for name in PACKAGES if f"{ROOT / name}{os.sep}" in done.stderr] == []
