"""No line and no letter of the content is lost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from page_making import CORPUS, make_page
from test_layouts import NOTICE

from scraper.page.decode import decode_page
from scraper.page.lines import extract_lines
from scraper.parse import parse_page
from snapshots.errors import PageRefusedError
from snapshots.notice import NoticeEntry, Reading

_FRAME = re.compile(r"現?现?(?:資質要求|资质要求)|類目適用范圍|类目适用范围|^注[::]|^[①-⑳]|^\d+、|^[一二]、|類目|类目")
_JOINTS = set("或及和與与、")


def letters(text: str) -> Counter[str]:
    return Counter(character for character in text if character.isalnum() and character not in _JOINTS)


def said_by(entry: NoticeEntry) -> str:
    return msgspec.json.encode(entry).decode()


def lost_letters(content: str, reading: Reading) -> list[str]:
    """Words of an entry's lines that no field of the entry repeats."""
    lines = {number: line.strip() for number, line in enumerate(content.split("\n"), start=1)}
    lost = []
    for entry in reading.documents[0].entries:
        said = letters(said_by(entry))
        first, last = entry.lines
        asked = Counter[str]()
        for number in range(first, last + 1):
            asked += letters(_FRAME.sub("", lines.get(number, "")))
        lost += [f"{entry.path}: {''.join(sorted((asked - said).elements()))}"] if asked - said else []
    return lost


def test_every_letter_of_the_real_notice_stands_in_a_field(real_notice: Reading, real_notice_bytes: bytes) -> None:
    assert lost_letters(real_notice_bytes.decode(), real_notice) == []


def test_every_letter_of_a_notice_stands_in_a_field(read_text: Callable[..., Reading]) -> None:
    assert lost_letters(NOTICE, read_text(NOTICE)) == []


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_every_line_of_a_damaged_notice_is_claimed_or_outside(data: st.DataObject) -> None:
    lines = NOTICE.split("\n")
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(["drop", "double", "swap", "junk"])):
            case "drop":
                del lines[place]
            case "double":
                lines.insert(place, lines[place])
            case "swap":
                other = data.draw(st.integers(0, len(lines) - 1))
                lines[place], lines[other] = lines[other], lines[place]
            case _:
                lines.insert(place, data.draw(st.text(min_size=1, max_size=12)))
    page = make_page("\n".join(lines))
    try:
        reading = parse_page(page)
    except PageRefusedError:
        return
    accounting = reading.accounting
    assert accounting.unclaimed == 0
    assert accounting.claimed == accounting.content_lines
    assert accounting.content_lines + accounting.outside_content == len(extract_lines(decode_page(page)))


@pytest.mark.parametrize(
    ("name", "counts", "most_problems"),
    [
        ("wechat-catalogue-2026-02-21.html", {"non_personal": 379, "personal": 40, "overseas": 107}, 9),
        ("wechat-catalogue-2026-07-29.html", {"non_personal": 386, "personal": 37, "overseas": 110}, 7),
    ],
)
def test_a_real_catalogue_gives_all_its_rows(name: str, counts: dict[str, int], most_problems: int) -> None:
    path = CORPUS / name
    if not path.exists():
        pytest.skip("the corpus of real pages is not here")
    reading = parse_page(make_page(path.read_bytes(), name))
    document = reading.documents[0]
    assert document.kind == "catalogue"
    assert Counter(entry.entity_type for entry in document.entries) == counts
    assert {scope.entity_type for scope in document.complete_for} == set(counts)
    assert reading.accounting.unclaimed == 0
    assert len(reading.problems) <= most_problems
