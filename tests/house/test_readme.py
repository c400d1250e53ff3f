"""What the README shows is what the program prints."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"<!-- command: noticediff (?P<arguments>.+?) -->\n```\w*\n(?P<shown>.+?)\n```", re.DOTALL)
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = [(match["arguments"], match["shown"]) for match in BLOCK.finditer(README)]


def run(arguments: list[str], folder: Path) -> str:
    environment = {**os.environ, "NOTICEDIFF_STORE": str(folder / "notices.db"), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "noticediff", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout


def test_the_readme_shows_output() -> None:
    assert len(BLOCKS) == README.count("<!-- command:") >= 3


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store of the examples, which the demo tracks."""
    folder = tmp_path_factory.mktemp("readme")
    pages = sorted(path.relative_to(ROOT) for path in (ROOT / "examples" / "pages").glob("2025Q*.html"))
    run(["add", *map(str, pages), "--captured", "2026-01-10"], folder)
    return folder


@pytest.mark.parametrize(("arguments", "shown"), BLOCKS, ids=[arguments for arguments, _ in BLOCKS])
def test_a_block_stands_in_the_output_of_its_command(arguments: str, shown: str, folder: Path) -> None:
    assert f"\n{shown}\n" in run(shlex.split(arguments), folder)
