"""The body of an answer, whole and within bounds, on the wire and unpacked."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

_GZIP = 31
_PIECE = 1 << 20


class BodyError(Exception):
    """A body that cannot be unpacked; `breaks_off` where it is only too short."""

    def __init__(self, reason: str, *, breaks_off: bool = False) -> None:
        """Keep the reason."""
        super().__init__(reason)
        self.reason = reason
        self.breaks_off = breaks_off


class BodyTooLargeError(Exception):
    """A body above the limit."""


def read_body(pieces: Iterable[bytes], *, encoding: str, size: int) -> bytes:
    """The body, unpacked: at most `size` bytes on the wire, and as many unpacked.

    Both are counted as they come: a few kilobytes can hold gigabytes. Raises BodyTooLargeError, and BodyError for a
    packed body that is damaged, ends early, or is packed in a way that nobody asked for (only gzip is).
    """
    bounded = _bound(pieces, size)
    if encoding not in {"", "identity"}:
        if encoding not in {"gzip", "x-gzip"}:
            raise BodyError(f"the body is packed as '{encoding}', which was not asked for")
        bounded = _bound(_unpack(bounded), size)
    return b"".join(bounded)


def _bound(pieces: Iterable[bytes], size: int) -> Iterator[bytes]:
    seen = 0
    for piece in pieces:
        seen += len(piece)
        if seen > size:
            raise BodyTooLargeError
        yield piece


def _unpack(pieces: Iterable[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(_GZIP)
    try:
        for piece in pieces:
            rest = piece
            while rest:
                if unpacker.eof:  # gzip files may be joined
                    unpacker = zlib.decompressobj(_GZIP)
                yield unpacker.decompress(rest, _PIECE)
                rest = unpacker.unconsumed_tail or unpacker.unused_data
    except zlib.error as error:
        raise BodyError(f"the body cannot be decompressed: {error}") from error
    yield unpacker.flush()
    if not unpacker.eof:
        raise BodyError("the packed body breaks off", breaks_off=True)
