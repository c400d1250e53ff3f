"""Script: which of the Chinese scripts a text is written in, for the `lang` of what is shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from snapshots.folding import fold_characters

Language = Literal["zh-Hans", "zh-Hant", "zh"]

_MOSTLY = 0.1  # in running Traditional text a third of the characters have another Simplified form


def guess_language(texts: Iterable[str]) -> Language | None:
    """The language tag of the texts together, or None where they hold no Chinese character.

    「類目適用範圍」 is zh-Hant, 「类目适用范围」 zh-Hans; one of a few Traditional characters among others, as machines
    make them, is only zh.
    """
    characters = [character for text in texts for character in text if "\u3400" <= character <= "\u9fff"]
    if not characters:
        return None
    written = "".join(characters)
    traditional = sum(old != new for old, new in zip(written, fold_characters(written), strict=True))
    if not traditional:
        return "zh-Hans"
    return "zh-Hant" if traditional >= _MOSTLY * len(characters) else "zh"
