"""Pages from files and from standard input."""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path

import pytest

from scraper.fetching.read import read_page
from snapshots.errors import UsageError


def test_a_file_is_read_byte_for_byte(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf<p>\r\n\xff</p>"
    path = tmp_path / "page.html"
    path.write_bytes(content)
    page = read_page(str(path), None)
    assert page.content == content
    assert page.sha256 == hashlib.sha256(content).hexdigest()
    assert page.name == str(path)


def test_the_time_of_a_file_is_no_capture(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(b"x")
    os.utime(path, (0, 0))
    assert read_page(str(path), None).captured is None


def test_a_dash_is_standard_input() -> None:
    page = read_page("-", io.BytesIO(b"text"))
    assert (page.content, page.name) == (b"text", "standard input")


def test_a_missing_file_is_named() -> None:
    with pytest.raises(UsageError, match=r"nowhere\.html: no such file"):
        read_page("nowhere.html", None)


def test_a_directory_is_no_page(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a directory"):
        read_page(str(tmp_path), None)


def test_a_file_name_that_is_no_text_becomes_one(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xff.html"
    Path(os.fsdecode(path)).write_bytes(b"x")
    page = read_page(os.fsdecode(path), None)
    assert page.name.encode("utf-8").endswith("\ufffd.html".encode())
