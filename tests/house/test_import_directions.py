"""The house's directions: who may import whom, and which module is the door of which library."""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ALLOWED = {
    "noticediff": {"noticediff", "templates", "differ", "scraper", "snapshots"},
    "templates": {"templates", "differ", "snapshots"},
    "differ": {"differ", "snapshots"},
    "scraper": {"scraper", "snapshots"},
    "snapshots": {"snapshots"},
}
ONE_DOOR = (
    "lxml", "bs4", "soupsieve", "w3lib", "opencc", "httpx2", "protego", "stamina", "warcio",
    "deepdiff", "rapidfuzz", "jinja2", "filelock", "feedgenerator", "apprise", "css_inline",
)  # fmt: skip
DOOR_PACKAGES = {
    "jinja2": "templates",
    "markupsafe": "templates",
    "sqlalchemy": "snapshots",
    "alembic": "snapshots",
    "httpcore2": "scraper",  # what httpx2 sends its requests with
    "click": "noticediff",
    "platformdirs": "noticediff",
}
EVERYWHERE = {"msgspec"}  # the types are made of it


def imported_names(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


MODULES = [path for package in ALLOWED for path in sorted((ROOT / package).rglob("*.py"))]


@pytest.mark.parametrize("package", ALLOWED)
def test_a_package_imports_only_what_it_may(package: str) -> None:
    modules = sorted((ROOT / package).rglob("*.py"))
    assert modules
    for path in modules:
        ours = imported_names(path) & ALLOWED.keys()
        assert ours <= ALLOWED[package], path


def test_each_library_has_one_door() -> None:
    doors: dict[str, list[str]] = defaultdict(list)
    for path in MODULES:
        for name in imported_names(path) & set(ONE_DOOR):
            doors[name].append(str(path.relative_to(ROOT)))
    assert {name: paths for name, paths in doors.items() if len(paths) != 1} == {}


@pytest.mark.parametrize(("library", "package"), DOOR_PACKAGES.items())
def test_a_library_stays_in_its_package(library: str, package: str) -> None:
    users = {path.relative_to(ROOT).parts[0] for path in MODULES if library in imported_names(path)}
    assert users == {package}


def test_no_library_comes_in_without_a_door() -> None:
    known = {*ONE_DOOR, *DOOR_PACKAGES, *EVERYWHERE, *ALLOWED, *sys.stdlib_module_names}
    strangers = {name: str(path) for path in MODULES for name in imported_names(path) - known}
    assert strangers == {}
