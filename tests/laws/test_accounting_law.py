"""The accounting law over real pages, examples and made pages; and the law sees what it is there to see."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from benchmarks.accounts import find_losses
from benchmarks.layouts import LAYOUTS, Layout
from benchmarks.made_categories import MadeCategory, categories
from scraper import catalogue_rows, notice, parse
from scraper.entries import EntryDraft, build_entry
from scraper.ledger import Ledger
from scraper.lines import Line
from scraper.profile import Profile
from scraper.read import read_page
from snapshots.errors import PageRefusedError
from snapshots.notice import NoticeEntry, Page
from snapshots.requirement import AllOf, Choose

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"
EXAMPLES = sorted((ROOT / "examples" / "pages").glob("*.html"))
REAL = sorted(path for path in CORPUS.glob("*") if path.suffix in (".html", ".md", ".txt"))


@pytest.mark.parametrize("path", EXAMPLES + REAL, ids=lambda path: path.name)
def test_every_line_and_every_letter_of_a_page_has_its_place(path: Path) -> None:
    try:
        losses = find_losses(read_page(str(path), None))
    except PageRefusedError:
        pytest.skip("no profile reads this page yet")
    assert losses == []
