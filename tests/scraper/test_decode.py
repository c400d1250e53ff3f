"""A page is read in the encoding that it really has, whatever its labels say."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from msgspec import structs
from opencc import OpenCC
from page_making import CORPUS, make_page
from test_layouts import NOTICE, as_headings, entries_of

from scraper.page.decode import decode_page
from scraper.parse import parse_page
from snapshots.errors import PageRefusedError
from snapshots.notice import Page

EXAMPLES = Path(__file__).parents[2] / "examples" / "pages"
ENCODINGS = ("utf-8", "utf-8-sig", "gbk", "gb18030", "big5hkscs", "utf-16", "utf-16-le", "utf-16-be", "utf-16-be-sig")
LABELS = (
    None,
    "utf-8",
    "gb2312",
    "gbk",
    "GB18030",
    "big5",
    "big5-hkscs",
    "utf-16",
    "iso-8859-1",
    "windows-1252",
    "x-lies",
)
PAGE = as_headings(NOTICE.split("\n"), "\n")
SHORT = (
    "2025年1-3月小程序類目調整匯總公告\n類目新增\n非個人主體\n"
    "#【金融業-個人征信】\n類目適用范圍\n適用于征信機構提供個人征信業務服務。"
)


def encode(text: str, encoding: str, errors: str = "strict") -> bytes:
    if encoding == "utf-16-be-sig":
        return b"\xfe\xff" + text.encode("utf-16-be", errors)
    return text.encode(encoding, errors)


def write_for(encoding: str, text: str) -> str:
    """The text as an author writes who has that encoding: Big5 has no Simplified characters, GBK lacks some others."""
    if encoding == "big5hkscs":
        text = OpenCC("s2t").convert(text)
    return "".join(character if character.encode(encoding, "ignore") else "某" for character in text)


def served(content: bytes, name: str, header: str | None) -> Page:
    page = make_page(content, name)
    return structs.replace(page, media_type=f"text/html; charset={header}") if header else page


@pytest.fixture(
    params=["notice of the corpus", "short notice", *sorted(path.name for path in EXAMPLES.glob("2*.html"))]
)
def source(request: pytest.FixtureRequest) -> tuple[str, str]:
    """A page's name and its text."""
    name = str(request.param)
    if name == "short notice":
        return "page.txt", SHORT
    path = CORPUS / "wechat-notice-2025Q1-mirror.txt" if name == "notice of the corpus" else EXAMPLES / name
    if not path.exists():
        pytest.skip("the corpus of real pages is not here")
    return path.name, path.read_text(encoding="utf-8")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_no_label_in_the_header_or_the_page_changes_what_is_read(source: tuple[str, str], encoding: str) -> None:
    name, text = source
    text = write_for(encoding.removesuffix("-sig"), text)
    for header, label in product(LABELS, LABELS if name.endswith(".html") else (None,)):
        labelled = text.replace('charset="utf-8"', f'charset="{label}"' if label else "data-none")
        decoded = decode_page(served(encode(labelled, encoding), name, header))
        assert (decoded.text, decoded.warnings) == (labelled, ()), (header, label)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_entries_are_the_same_in_every_encoding(source: tuple[str, str], encoding: str) -> None:
    name, text = source
    text = write_for(encoding.removesuffix("-sig"), text)
    for label in ("gb2312", "utf-8", "big5"):
        reading = parse_page(served(encode(text, encoding), name, label))
        expected = parse_page(make_page(text, name))
        assert entries_of(reading) == entries_of(expected)
        assert reading.documents[0].entries
        assert "decoding" not in {problem.code for problem in reading.problems}


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5hkscs", "utf-16-le"])
@pytest.mark.parametrize("label", [None, "gb2312", "utf-8", "big5"])
def test_one_broken_byte_costs_one_line_and_no_other_encoding_is_guessed(encoding: str, label: str | None) -> None:
    text = write_for(encoding, NOTICE)
    before, after = (encode(part, encoding) for part in text.split("日本"))
    broken = {"utf-16-le": b"\x00\xd8"}.get(encoding, b"\xff")
    reading = parse_page(served(before + broken + after, "page.txt", label))
    damaged = next(number for number, line in enumerate(text.split("\n"), start=1) if "日本" in line)
    losses = [(problem.line, "\ufffd" in problem.text) for problem in reading.problems if problem.code == "decoding"]
    assert (reading.page.encoding, losses) == (encoding, [(damaged, True)])
    assert len(reading.documents[0].entries) == 2


def test_a_page_of_gb2312_with_a_character_outside_of_it_is_read_whole() -> None:
    labelled = PAGE.replace("<html>", '<html><head><meta charset="gb2312"></head>').replace("宠物", "镕物")
    reading = parse_page(make_page(labelled.encode("gbk"), "page.html"))
    assert reading.documents[0].entries == parse_page(make_page(labelled, "page.html")).documents[0].entries
    assert reading.problems == ()


def test_a_mark_of_utf_8_before_a_page_of_gbk_is_not_believed() -> None:
    decoded = decode_page(make_page(b"\xef\xbb\xbf" + NOTICE.encode("gbk")))
    assert (decoded.text, decoded.encoding) == (NOTICE, "gb18030")


def test_a_loss_that_no_line_shows_is_told_at_the_first_line() -> None:
    hidden = PAGE.replace("<body>", "<body><div hidden>某某</div>").encode("gbk").replace("某".encode("gbk"), b"\xff")
    reading = parse_page(make_page(hidden, "page.html"))
    assert [(problem.line, problem.code) for problem in reading.problems] == [(1, "decoding")]


def test_a_character_that_was_lost_before_the_page_was_saved_is_told_at_its_line() -> None:
    reading = parse_page(make_page(NOTICE.replace("托管", "托\ufffd")))
    assert [(problem.code, "托\ufffd" in problem.text) for problem in reading.problems] == [("decoding", True)]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" \n\t",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 4,
        bytes(range(256)) * 8,
        b"\x00" * 400,
    ],
)
def test_an_empty_or_a_binary_file_is_refused(content: bytes) -> None:
    with pytest.raises(PageRefusedError):
        decode_page(make_page(content))


@pytest.mark.parametrize("label", ["rot13", "zip", "hex", "base64", "idna", "undefined", "x" * 300])
def test_a_label_that_is_no_text_encoding_is_passed_over(label: str) -> None:
    markup = f'<!DOCTYPE html><html><meta charset="{label}"><p>小程序类目调整公告</p></html>'
    assert decode_page(make_page(markup.encode("gb18030"), "page.html")).encoding == "gb18030"
