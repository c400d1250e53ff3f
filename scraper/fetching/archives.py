"""Web archives (WARC): the captured pages in one, and one of our own pages. The only door to warcio."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import io
from collections.abc import Iterable, Iterator
from email.message import Message
from typing import BinaryIO
from urllib.parse import quote, unquote

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.warcwriter import WARCWriter

from snapshots.errors import PageRefusedError, UsageError
from snapshots.notice import Page

_PAGES = {"text/html", "application/xhtml+xml", "text/plain", "text/markdown", ""}
_SIZE = 20_000_000
_PIECE = 1 << 20
_GZIP_MARK = b"\x1f\x8b"
_FILE = "file:///"
_BROKEN = (ArchiveLoadFailed, OSError, EOFError, ValueError)


def read_archive(path: str) -> tuple[Page, ...]:
    """The captured pages in the archive, the oldest first, each with its address and the moment of its capture.

    What was answered with another status than 200, and what is no text (pictures, scripts), is no page. Raises
    UsageError where there is no such file, PageRefusedError for one that is no archive, breaks off or holds no page.
    """
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - a name may hold bytes that are no text
            _require_whole(file)
            pages = tuple(_read_records(file))
    except FileNotFoundError as error:
        raise UsageError(f"{path}: no such file") from error
    except _BROKEN as error:
        reason = str(error).strip().partition("\n")[0] or "it breaks off"
        raise PageRefusedError(path, f"cannot be read as a web archive: {reason}") from error
    if not pages:
        raise PageRefusedError(path, "no page is in this web archive")
    return tuple(sorted(pages, key=lambda page: page.captured or dt.datetime.min.replace(tzinfo=dt.UTC)))


def write_archive(pages: Iterable[Page], file: BinaryIO) -> None:
    """Write the pages, as they came, as a gzipped archive of resource records: answers' headers are not kept."""
    writer = WARCWriter(file, gzip=True, warc_version="WARC/1.1")
    for page in pages:
        charset = f"; charset={page.declared_encoding}" if page.declared_encoding else ""
        captured = (page.captured or dt.datetime.now(dt.UTC)).astimezone(dt.UTC)
        record = writer.create_warc_record(
            page.url or _FILE + quote(page.name),
            "resource",
            payload=io.BytesIO(page.content),
            length=len(page.content),
            warc_content_type=(page.media_type or "application/octet-stream") + charset,
            warc_headers_dict={"WARC-Date": captured.replace(tzinfo=None).isoformat() + "Z"},
        )
        writer.write_record(record)


def _require_whole(file: BinaryIO) -> None:
    """Raise EOFError for a packed archive that breaks off: warcio takes what is left of it for all."""
    is_packed = file.read(len(_GZIP_MARK)) == _GZIP_MARK
    file.seek(0)
    if is_packed:
        with gzip.GzipFile(fileobj=file) as unpacked:
            while unpacked.read(_PIECE):
                pass
        file.seek(0)


def _read_records(file: BinaryIO) -> Iterator[Page]:
    for record in ArchiveIterator(file):
        page = _read_record(record)
        if page is not None:
            yield page


def _read_record(record: ArcWarcRecord) -> Page | None:
    """The page of the record, None where it is none."""
    headers = record.rec_headers
    if record.rec_type == "resource":
        stated = headers.get_header("Content-Type") or ""
    elif record.rec_type == "response" and record.http_headers is not None:
        if record.http_headers.get_statuscode() != "200":
            return None
        stated = record.http_headers.get_header("Content-Type") or ""
    else:
        return None
    media_type, charset = _split_type(stated)
    uri = (headers.get_header("WARC-Target-URI") or "").strip("<>")
    is_ours = record.rec_type == "resource" and media_type == "application/octet-stream"
    if media_type not in _PAGES and not is_ours:
        return None
    content = record.content_stream().read(_SIZE + 1)
    record.raw_stream.read()
    if record.raw_stream.limit > 0:
        raise EOFError(f"{uri} breaks off")
    if len(content) > _SIZE:
        raise PageRefusedError(uri, f"is larger than {_SIZE:,} bytes; a notice is not")
    is_file = uri.startswith(_FILE)
    return Page(
        name=unquote(uri.removeprefix(_FILE)) if is_file else uri,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        url=None if is_file else uri,
        media_type=None if is_ours else media_type or None,
        declared_encoding=charset,
        captured=_read_date(headers.get_header("WARC-Date") or ""),
    )


def _split_type(stated: str) -> tuple[str, str | None]:
    message = Message()
    message["Content-Type"] = stated
    charset = message.get_content_charset()
    return stated.partition(";")[0].strip().lower(), charset


def _read_date(stated: str) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromisoformat(stated)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=dt.UTC)
