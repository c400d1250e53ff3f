"""Pages for tests, and where the corpus of real pages is."""

from __future__ import annotations

import hashlib
from pathlib import Path

from snapshots.notice import Page

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"


def make_page(content: str | bytes, name: str = "page.txt") -> Page:
    data = content.encode() if isinstance(content, str) else content
    return Page(name=name, content=data, sha256=hashlib.sha256(data).hexdigest())
