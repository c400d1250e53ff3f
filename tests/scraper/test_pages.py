"""Pages in the forms that platforms, forums and mirrors have, each in a folder with what a person reads on it.

`pages/NAME/page.*` is the page as it would be saved, `expected.txt` what it says. A new page is a new folder.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from page_making import make_page
from page_outline import outline_page

from scraper.parse import parse_page
from snapshots.errors import PageRefusedError
from snapshots.notice import Reading

PAGES = sorted((Path(__file__).parent / "pages").iterdir())


@pytest.mark.parametrize("folder", PAGES, ids=lambda folder: folder.name)
def test_a_page_is_read_as_a_person_reads_it(folder: Path) -> None:
    (file,) = folder.glob("page.*")
    outcome: Reading | PageRefusedError
    try:
        outcome = parse_page(make_page(file.read_bytes(), file.name))
    except PageRefusedError as error:
        outcome = error
    assert outline_page(outcome) == (folder / "expected.txt").read_text(encoding="utf-8")
