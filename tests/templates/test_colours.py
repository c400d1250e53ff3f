from __future__ import annotations

import re
from pathlib import Path

import pytest

import templates

CSS = (Path(templates.__file__).parent / "digest.css").read_text(encoding="utf-8")
THEMES = dict(zip(("light", "dark", "print"), re.findall(r":root \{(.*?)\}", CSS, re.DOTALL), strict=True))
PAIRS = [
    *((ink, ground) for ink in ("ink", "soft", "link") for ground in ("paper", "card", "tint")),
    *((ink, ground) for ink in ("new", "adjusted", "removed", "other", "soon") for ground in ("paper", "card")),
    ("ins-ink", "ins"), ("del-ink", "del"), ("soft", "ins"), ("soft", "del"), ("link", "ins"), ("link", "del"),
    ("ink", "ins"), ("other", "ins"), ("other", "del"),
]  # fmt: skip


def luminance(colour: str) -> float:
    digits = "".join(digit * 2 for digit in colour) if len(colour) == 3 else colour
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_every_text_stands_out_from_its_ground(theme: str) -> None:
    colours = dict(re.findall(r"--([\w-]+): #(\w+)", THEMES[theme]))
    weak = []
    for ink, ground in PAIRS:
        darker, lighter = sorted((luminance(colours[ink]), luminance(colours[ground])))
        ratio = (lighter + 0.05) / (darker + 0.05)
        if ratio < 4.5:
            weak.append((ink, ground, round(ratio, 2)))
    assert weak == []
