"""The bytes of pages as the store keeps them: compressed, and checked when they are unpacked."""

from __future__ import annotations

import gzip
import hashlib
import zlib


def pack_page(content: bytes) -> bytes:
    """The content, compressed; the same content gives the same bytes."""
    return gzip.compress(content, mtime=0)


def unpack_page(packed: bytes, sha256: str) -> bytes:
    """The content that the hash names; raises ValueError where the bytes are damaged."""
    try:
        content = gzip.decompress(packed)
    except (OSError, EOFError, TypeError, zlib.error) as error:  # TypeError: no bytes at all
        raise ValueError(f"page {sha256}: its bytes cannot be unpacked") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ValueError(f"page {sha256}: its bytes are not those that its hash names")
    return content
