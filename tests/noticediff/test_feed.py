"""The Atom feed of the digests: read back by real parsers, and the same whenever it is written."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import feedparser
import pytest
import time_machine
from delivery_making import FIRST, SECOND, configure
from lxml import etree
from program_running import make_notice, run_program, write_page

from noticediff.delivery.feed import FeedEntry, build_feed

ATOM = "{http://www.w3.org/2005/Atom}"
DAY = dt.datetime(2025, 7, 2, 6, 0, tzinfo=dt.UTC)


def track(folder: Path, config: Path, text: str, day: dt.datetime) -> str:
    write_page(folder, "notice.txt", text)
    with time_machine.travel(day, tick=False):
        run = run_program("--config", config, "track")
    assert run.exit_code == 0, run.output
    return (folder / "digests" / "feed.atom").read_text(encoding="utf-8")


def check_atom(text: str) -> etree._Element:
    """The feed, after a look at what RFC 4287 requires of it."""
    feed = etree.fromstring(text.encode())
    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            (found,) = element.findall(f"{ATOM}{name}")
            assert found.text
        moment = dt.datetime.fromisoformat(element.findtext(f"{ATOM}updated") or "")
        assert moment.tzinfo is not None
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    ids = [element.text for element in feed.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids))
    assert all(found is not None and found.startswith("urn:uuid:") for found in ids)
    return feed


def test_a_reader_finds_each_digest_newest_first_with_its_html_and_its_page(tmp_path: Path) -> None:
    config = configure(tmp_path)
    track(tmp_path, config, FIRST, DAY)
    text = track(tmp_path, config, SECOND, DAY + dt.timedelta(days=1))
    check_atom(text)
    read = feedparser.parse(text)
    assert not read.bozo
    assert [entry.title for entry in read.entries] == [
        "Category rules: learned since 2025-07-02: 0 new, 1 adjusted, 0 removed",
        "Category rules: everything learned so far: 1 new, 1 adjusted, 0 removed",
    ]
    assert [entry.link for entry in read.entries] == ["digest-2025-07-03.html", "digest-2025-07-02.html"]
    assert [entry.updated for entry in read.entries] == ["2025-07-03T06:00:00+00:00", "2025-07-02T06:00:00+00:00"]
    (content,) = read.entries[0].content
    assert content.type == "text/html"
    assert "個人征信業務經營許可證" in content.value
    assert 'href="#' not in content.value
    assert 'href="digest-2025-07-03.html#' in content.value


def test_an_entry_stays_what_it_was_when_the_feed_is_written_again(tmp_path: Path) -> None:
    config = configure(tmp_path)
    first = check_atom(track(tmp_path, config, FIRST, DAY))
    second = check_atom(track(tmp_path, config, SECOND, DAY + dt.timedelta(days=40)))
    (before,), (_, after) = (feed.findall(f"{ATOM}entry") for feed in (first, second))
    assert etree.tostring(before) == etree.tostring(after)
    assert first.findtext(f"{ATOM}id") == second.findtext(f"{ATOM}id")


def test_two_stores_that_tell_the_same_at_different_moments_share_no_id(tmp_path: Path) -> None:
    ids = set()
    for name in ("one", "other"):
        folder = tmp_path / name
        folder.mkdir()
        day = DAY if name == "one" else DAY + dt.timedelta(microseconds=1)
        feed = check_atom(track(folder, configure(folder), FIRST, day))
        ids |= {element.text for element in feed.iter(f"{ATOM}id")}
    assert len(ids) == 4


def test_the_feed_holds_the_newest_digests_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("noticediff.delivery.files.FEED_LENGTH", 2)
    config = configure(tmp_path)
    feeds = [
        check_atom(track(tmp_path, config, make_notice(f"2025年{month}月", 個人征信=f"執照{month}"), DAY))
        for month in (1, 2, 3)
    ]
    links = [[link.get("href") for link in feed.findall(f"{ATOM}entry/{ATOM}link")] for feed in feeds]
    assert links[2] == ["digest-2025-07-02-3.html", "digest-2025-07-02-2.html"]
    assert len({feed.findtext(f"{ATOM}id") for feed in feeds}) == 1


def test_the_links_are_addresses_where_the_folder_is_published(tmp_path: Path) -> None:
    config = configure(tmp_path, 'output_url = "https://example.org/notices/"')
    feed = check_atom(track(tmp_path, config, FIRST, DAY))
    (link,) = feed.findall(f"{ATOM}entry/{ATOM}link")
    assert link.get("href") == "https://example.org/notices/digest-2025-07-02.html"
    own = [link.get("href") for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert own == ["https://example.org/notices/feed.atom"]


def test_what_xml_has_no_place_for_does_not_break_the_feed() -> None:
    entry = FeedEntry(key="urn:uuid:1", title="a\uffffb", at=DAY, href="x.html", fragment="<p>c\ufffed]]>&amp;</p>")
    feed = etree.fromstring(build_feed([entry], key="urn:uuid:1", href=None))
    assert feed.findtext(f"{ATOM}entry/{ATOM}title") == "a\ufffdb"
    assert feed.findtext(f"{ATOM}entry/{ATOM}content") == "<p>c\ufffdd]]>&amp;</p>"
