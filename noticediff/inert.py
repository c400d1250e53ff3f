"""Text of a page on its way to a terminal: what might steer it is made visible."""

from __future__ import annotations

import re

_STEERING = re.compile(
    r"(?!\x1b\[[01]m)[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)


def make_inert(text: str) -> str:
    """The text with � for control characters and changes of direction; our own bold is kept, and line ends and tabs."""
    return _STEERING.sub("\ufffd", text)


def make_line(text: str) -> str:
    """The text as one inert line: a file's name, or a server's answer, may hold more."""
    return make_inert(" ".join(text.split()))
