"""What the documents beside the code point to exists, and what they promise is kept."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from noticediff.cli import main

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
NAME = re.compile(r"[A-Za-z0-9._-]+")


def fold_name(requirement: str) -> str:
    """The package's name as installers compare it: `lxml-stubs>=0.5` and `lxml_stubs` are one."""
    match = NAME.match(requirement)
    assert match, requirement
    return re.sub(r"[-_.]+", "-", match[0]).lower()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_inside_the_project_leads_to_a_file(path: Path) -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name)
def test_a_decision_says_why_what_and_what_follows(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"# {int(path.name[:4])}. ")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]


def test_every_dependency_is_pinned_without_an_address() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][^@/\s]*", line)] == []
    assert {fold_name(requirement) for requirement in asked} - {fold_name(line) for line in lines} == set()


def test_the_readme_names_every_command_that_works_on_notices() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = set(main.commands) - {"profile"}  # for authors of profiles
    assert {name for name in commands if not re.search(rf"(?:noticediff |`|toml ){name}\b", text)} == set()


def test_the_changelog_has_each_heading_once_a_version_and_whole_lists_below_it() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    for version in text.split("\n## ")[1:]:
        headings = re.findall(r"^### (.+)$", version, re.MULTILINE)
        assert headings == [name for name in ("Added", "Changed", "Fixed") if name in headings]
    assert re.findall(r"\n((?:- |  ).*)\n\n+(- .*)", text) == []
