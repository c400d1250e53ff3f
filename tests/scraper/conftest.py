from __future__ import annotations

from collections.abc import Callable

import pytest
from page_making import CORPUS, make_page

from scraper.parse import parse_page
from snapshots.notice import Reading


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
