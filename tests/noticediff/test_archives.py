"""Web archives: read page by page, each with its own date, and written from the store."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from pathlib import Path

from program_running import make_html, make_notice, run_program, write_page
from warcio.archiveiterator import ArchiveIterator

FIRST = make_html(make_notice("2025年1-3月", 個人征信="營業執照"))
SECOND = make_html(make_notice("2025年4-6月", 個人征信="!個人征信業務經營許可證"))


def make_record(kind: str, uri: str, date: str, content_type: str, block: bytes) -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nWARC-Date: {date}\r\n"
        f"WARC-Record-ID: <urn:uuid:{abs(hash((uri, date))):032x}>\r\nContent-Type: {content_type}\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def make_response(uri: str, date: str, body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", ""]
    return make_record("response", uri, date, "application/http; msgtype=response", "\r\n".join(lines).encode() + body)


def write_archive(folder: Path) -> Path:
    """An archive of two captures of a notice, the later one first, beside what is no page."""
    records = [
        make_record("warcinfo", "urn:x", "2025-07-02T00:00:00Z", "application/warc-fields", b"software: test\r\n"),
        make_response("http://a.example/2", "2025-07-02T06:00:00Z", gzip.compress(SECOND.encode()),
                      "Content-Type: text/html; charset=utf-8", "Content-Encoding: gzip"),
        make_response("http://a.example/1", "2025-04-02T06:00:00Z", FIRST.encode("gb18030"),
                      "Content-Type: text/html; charset=gb18030"),
        make_response("http://a.example/logo.png", "2025-04-02T06:00:01Z", b"\x89PNG", "Content-Type: image/png"),
        make_response("http://a.example/gone", "2025-04-02T06:00:02Z", b"gone", "Content-Type: text/html",
                      status="404 Not Found"),
    ]  # fmt: skip
    path = folder / "site.warc.gz"
    path.write_bytes(b"".join(map(gzip.compress, records)))
    return path


def test_each_captured_page_is_stored_with_its_own_date(tmp_path: Path) -> None:
    store = tmp_path / "notices.db"
    run = run_program("--store", store, "add", write_archive(tmp_path))
    assert run.exit_code == 0, run.output
    assert len(run.stdout.splitlines()) == 2
    shown = json.loads(run_program("--store", store, "show", "個人征信", "--format", "json").stdout)
    sources = [claim["source"] for claim in shown["categories"][0]["claims"]]
    assert [(source["url"], source["captured"][:10]) for source in sources] == [
        ("http://a.example/1", "2025-04-02"),
        ("http://a.example/2", "2025-07-02"),
    ]
    assert run_program("--store", store, "add", tmp_path / "site.warc.gz").stdout.count("already known") == 2


def test_an_archive_is_printed_as_one_json_a_line(tmp_path: Path) -> None:
    run = run_program("parse", write_archive(tmp_path), "--format", "json")
    assert run.exit_code == 0, run.output
    pages = [json.loads(line)["page"] for line in run.stdout.splitlines()]
    assert [(page["name"], page["captured"], page["encoding"]) for page in pages] == [
        ("http://a.example/1", "2025-04-02", "gb18030"),
        ("http://a.example/2", "2025-07-02", "utf-8"),
    ]


def test_a_page_of_an_archive_that_is_no_notice_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    path = write_archive(tmp_path)
    other = make_response("http://a.example/login", "2025-04-02T00:00:00Z", b"<p>login</p>", "Content-Type: text/html")
    path.write_bytes(gzip.compress(other) + path.read_bytes())
    run = run_program("parse", path, "--format", "json")
    assert run.exit_code == 4
    assert len(run.stdout.splitlines()) == 2
    assert "http://a.example/login: " in run.stderr


def test_what_is_no_archive_or_breaks_off_is_refused_whole(tmp_path: Path) -> None:
    none = write_page(tmp_path, "none.warc.gz", "no archive")
    run = run_program("--store", tmp_path / "a.db", "add", none)
    assert run.exit_code == 4
    assert "none.warc.gz: cannot be read as a web archive" in run.stderr
    assert not (tmp_path / "a.db").exists()
    missing = run_program("parse", tmp_path / "missing.warc")
    assert (missing.exit_code, "no such file" in missing.stderr) == (2, True)
    whole = write_archive(tmp_path).read_bytes()
    plain = make_response("http://a.example/1", "2025-04-02T06:00:00Z", FIRST.encode(), "Content-Type: text/html")
    for name, content in (("cut.warc.gz", whole[:-40]), ("half.warc.gz", whole[:900]), ("cut.warc", plain[:-60])):
        (tmp_path / name).write_bytes(content)
        cut = run_program("--store", tmp_path / "a.db", "add", tmp_path / name)
        assert (cut.exit_code, "cannot be read as a web archive" in cut.stderr) == (4, True), name
    assert not (tmp_path / "a.db").exists()
    (tmp_path / "plain.warc").write_bytes(plain)
    assert run_program("--store", tmp_path / "a.db", "add", tmp_path / "plain.warc").exit_code == 0


def test_the_raw_pages_come_back_as_an_archive(tmp_path: Path) -> None:
    store, again = tmp_path / "notices.db", tmp_path / "again.db"
    run_program("--store", store, "add", write_archive(tmp_path))
    file = write_page(tmp_path, "公告 1.txt", make_notice("2025年7-9月", 銀行="營業執照"))
    run_program("--store", store, "add", file, "--captured", "2025-10-02")
    out = tmp_path / "out.warc.gz"
    run = run_program("--store", store, "export", "--warc", out)
    assert (run.exit_code, run.stderr) == (0, "3 pages written\n")
    with out.open("rb") as opened:
        bodies = [record.content_stream().read() for record in ArchiveIterator(opened)]
    assert bodies == [FIRST.encode("gb18030"), SECOND.encode(), file.read_bytes()]
    assert run_program("--store", again, "add", out).exit_code == 0
    states = [
        json.loads(run_program("--store", name, "snapshots", "--format", "json").stdout) for name in (store, again)
    ]
    assert states[0] == states[1]
    assert dt.date.fromisoformat(states[0]["snapshots"][-1]["documents"][0]["captured"][:10]) == dt.date(2025, 10, 2)
