from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from scraper.parse import parse_page
from snapshots.notice import Page, Reading

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"


def make_page(content: str | bytes, name: str = "page.txt") -> Page:
    data = content.encode() if isinstance(content, str) else content
    return Page(name=name, content=data, sha256=hashlib.sha256(data).hexdigest())


@pytest.fixture
def read_text() -> Callable[..., Reading]:
    """Parse a text or HTML page that a test has written."""

    def read(content: str | bytes, name: str = "page.txt") -> Reading:
        return parse_page(make_page(content, name))

    return read


@pytest.fixture(scope="session")
def real_notice_bytes() -> bytes:
    path = CORPUS / "wechat-notice-2025Q1-mirror.txt"
    if not path.exists():
        pytest.skip("the corpus of real pages is not here")
    return path.read_bytes()


@pytest.fixture(scope="session")
def real_notice(real_notice_bytes: bytes) -> Reading:
    return parse_page(make_page(real_notice_bytes, "notice.txt"))
