"""JSON: the one place where values become bytes and bytes become values again."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

_T = TypeVar("_T")


def encode_json(value: Any, *, indent: bool = True) -> bytes:
    """The value as JSON in UTF-8: keys in the order of the type's fields, text verbatim, the same value the same bytes.

    A dict keeps its own order, which is then the caller's to state.
    """
    encoded = msgspec.json.encode(value)
    return msgspec.json.format(encoded, indent=2) if indent else encoded


def decode_json(content: bytes | str, type_: type[_T]) -> _T:
    """The value of the type that the JSON holds; raises ValueError where it holds none."""
    try:
        return msgspec.json.decode(content, type=type_)
    except msgspec.MsgspecError as error:
        raise ValueError(str(error)) from error
