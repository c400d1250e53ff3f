"""Running the program in a test, and the small pages that it is run on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from click.testing import CliRunner, Result

from noticediff.cli import main


def run_program(
    *arguments: str | Path, stdin: str | bytes | None = None, env: Mapping[str, str] | None = None
) -> Result:
    """One run of the program in this process, with no settings of the machine's user."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=stdin, env=env)


def run_process(
    *arguments: str | Path, cwd: Path, env: Mapping[str, str] | None = None, stdin: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """One run of the program as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "noticediff", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        input=stdin,
        capture_output=True,
        check=False,
        timeout=60,
    )


def make_notice(months: str = "2025年1-3月", **papers: str) -> str:
    """The text of a notice that adds a category under 金融業 for each keyword, asking for the paper that it names.

    A paper that begins with `!` makes it an adjustment.
    """
    added = {name: paper for name, paper in papers.items() if not paper.startswith("!")}
    adjusted = {name: paper[1:] for name, paper in papers.items() if paper.startswith("!")}
    lines = [
        f"{months}小程序類目調整匯總公告",
        "來源 | 微信公眾平臺運營中心",
        "現對以下類目進行調整,請各位開發者知悉。",
    ]
    for heading, entries in (("類目新增", added), ("類目調整", adjusted)):
        if not entries:
            continue
        lines += [heading, "非個人主體"]
        for name, paper in entries.items():
            lines += [f"#【金融業-{name}】", "現資質要求", f"《{paper}》", "類目適用范圍", f"適用于提供{name}的服務。"]
    return "\n\n".join(lines) + "\n"


def make_html(text: str, chrome: str = "") -> str:
    """The text as the article page of a site, with something else around it."""
    paragraphs = "".join(f"<p>{line}</p>" for line in text.splitlines() if line)
    return f"<!DOCTYPE html><html><body><nav>{chrome}</nav><article>{paragraphs}</article></body></html>"


def write_page(folder: Path, name: str, text: str) -> Path:
    """The text as a file in the folder."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
