"""A folder whose profile can be made worse and better: our own change, made as a user makes one."""

from __future__ import annotations

from pathlib import Path

from program_running import run_program, write_page

NAME = "wechat-miniprogram"
SHIPPED = run_program("profile", "show", NAME).stdout
WEAK = SHIPPED.replace('requirement = ["现资质要求", "资质要求", ', "requirement = [")
"""The profile, blind for the heading 現資質要求: what stands below it is a problem."""
assert WEAK != SHIPPED

WORDS = 'store = "notices.db"\nprofiles = ["mine.toml"]\n'


def write_profile(folder: Path, text: str) -> None:
    """The profile as the folder's configuration names it."""
    write_page(folder, "mine.toml", text)


def write_config(folder: Path, *more: str) -> Path:
    """A configuration with the folder's store and profile."""
    return write_page(folder, "noticediff.toml", "\n".join([WORDS, *more]) + "\n")
