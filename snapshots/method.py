"""How a page was read and what that gave: what the store keeps beside the documents, to derive them again."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from snapshots.notice import Reading


class Method(Struct, frozen=True, kw_only=True):
    """How a page was read: with which parser and which profile, by its name and the print of its content.

    `is_named`: the profile was named by an option or a source; False: the page's marks chose it. `libraries` names what
    else took part, with versions. The print and the libraries are empty and `is_named` None where an earlier version
    kept neither.
    """

    parser_version: str
    profile: str
    profile_print: str = ""
    is_named: bool | None = None
    libraries: str = ""


class Origin(Struct, frozen=True, kw_only=True):
    """Where a stored page came from at first, and how it was read.

    `effective` is the user's word for since when it is in force. `method` is None where nothing says so.
    `refused_by` names what could not read it any more (`name_reader`), and `refusal` why.
    """

    page_sha256: str
    name: str
    url: str | None
    source: str | None
    captured_on: dt.date
    method: Method | None
    effective: dt.date | None = None
    refused_by: str | None = None
    refusal: str | None = None


class Derived(Struct, frozen=True, kw_only=True):
    """What a page gave, how it was read, and what dates it where it states no day itself."""

    page_sha256: str
    reading: Reading
    method: Method
    captured_on: dt.date
    effective: dt.date | None


class Refused(Struct, frozen=True, kw_only=True):
    """A stored page that cannot be read any more; its documents, and the method that gave them, stay."""

    page_sha256: str
    method: Method
    effective: dt.date | None
    refused_by: str
    refusal: str


class Reparse(Struct, frozen=True, kw_only=True):
    """A time at which all pages were derived again, and what that changed."""

    at: dt.datetime
    from_versions: str
    to_version: str
    pages: int
    documents_changed: int
    entries_changed: int
    refused: int


def name_reader(parser_version: str, profile_print: str) -> str:
    """What reads a page, in one word: another parser, or another content of the profile, is another reader."""
    return f"{parser_version}+{profile_print}"
