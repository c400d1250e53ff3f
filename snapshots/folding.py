"""Folding: two spellings of one name become one text. For keys and comparisons only, never for display.

The only door to OpenCC. Script is folded character by character: phrase tables turn 資訊 into 信息 and so merge
two real names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache

from snapshots.remember import remember_words

# Characters that OpenCC's character table leaves alone, yet pages use for one another.
_OVERRIDES = {"着": "着", "著": "着", "戸": "户", "淸": "清", "擧": "举", "臺": "台", "裏": "里", "爲": "为"}
# As Hong Kong and Taiwan write them; 么 and 顎 stay, which are other words on the mainland.
_OVERRIDES |= dict(zip("敍枱潀粧糭衞衹睪痺簷鯰", "叙台潨妆粽卫只睾痹檐鲇", strict=True)) | {"鲶": "鲇"}
# Old characters in a mainland form of their own: 谘询 and 咨询, 馀款 and 余款.
_OVERRIDES |= dict(zip("谘馀迳钜锺讬缐麹麺渖暱镟侭", "咨余径巨钟托线曲面沈昵旋尽", strict=True))
_OVERRIDES |= {"〖": "【", "〗": "】", "„": "“", "‟": "”", "〝": "“", "〞": "”"}
_OVERRIDES |= dict.fromkeys("‐‑‒−﹣", "-") | dict.fromkeys("―─", "—")
_PLANE = 0x10000  # no character above it is folded
_HAN_BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00))
_RADICALS = range(0x2F00, 0x2FD6)  # ⽂ for 文: what a PDF gives for characters that are radicals too
_DASHES = "‐‑‒–—―−－﹣─"
_QUOTES = "“”„‟″‶〝〞＂「」『』‘’‚‛′＇`\"'"
INVISIBLE = (
    "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\ufe0f\ufeff"
)
"""Characters that nobody sees, and that copies are full of."""

_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹ"
NOISE = re.compile(rf"[{INVISIBLE}]+|(?<=[\u3400-\u9fff])(?:[(（](?=[a-zü]*[{_TONED}])[a-zü{_TONED}]{{1,6}}[)）])+")
"""What a copying machine puts into a text: 「調(diào)整」, where the tone tells pinyin from a word in brackets."""
PINYIN = re.compile(rf"[(（][a-zü]*[{_TONED}]")
"""How pinyin in brackets begins."""
_NOISE_SIGNS = (re.compile(f"[{INVISIBLE}]"), PINYIN)

_SPACE = re.compile(r"\s+")
_DASH_RUN = re.compile(r"-{2,}")


@cache
def _character_table() -> tuple[int, ...]:
    """For each character the one that stands for it: Traditional to Simplified, full width to half width.

    Every mapping is one character to one character, so a place in the folded text is the same place in the original.
    Characters that stay have their place too: `translate` takes twice as long over a key that it does not find.
    """
    from opencc import OpenCC  # noqa: PLC0415 - 50 ms, only when something is folded

    characters = [chr(code) for start, end in _HAN_BLOCKS for code in range(start, end)]
    # A line for each character: a phrase rule cannot reach across lines.
    converted = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    pairs = [pair for pair in zip(characters, converted, strict=True) if len(pair[1]) == 1]
    pairs += [(chr(0xFF01 + offset), chr(0x21 + offset)) for offset in range(94)]
    pairs += [(space, " ") for space in "\u3000\u00a0\u2002\u2003\u2009\t\ufeff"]
    pairs += [(chr(code), unicodedata.normalize("NFKC", chr(code))) for code in _RADICALS]
    pairs += _OVERRIDES.items()
    table = list(range(_PLANE))
    for old, new in pairs:
        table[ord(old)] = ord(new)
    return tuple(table)


@remember_words
def fold_characters(text: str) -> str:
    """The text in Simplified script and half width, of the same length: what patterns are matched against."""
    return text.translate(_character_table())


def fold_lines(texts: Sequence[str]) -> list[str]:
    """The texts, none of which has a line break, each as `fold_characters` gives it: in one call, not remembered."""
    return "\n".join(texts).translate(_character_table()).split("\n") if texts else []


def has_noise(text: str) -> bool:
    """Whether there may be noise in the text: a page without any, as nearly all are, is soon told."""
    return any(sign.search(text) for sign in _NOISE_SIGNS)


@lru_cache(maxsize=1 << 16)
def fold(text: str) -> str:
    """The text as it is compared: script, width, letter case, dashes, quotes and white space folded.

    「醫療服務-藥品(非處方藥)銷售」 and 「医疗服务-药品（非处方药）销售」 fold to one text. What a copying machine put
    in is left out (`NOISE`).
    """
    folded = unicodedata.normalize("NFKC", fold_characters(text)).translate(_character_table())
    folded = folded.translate(_FORM_TABLE)
    folded = _DASH_RUN.sub("-", _SPACE.sub("", folded))
    # Signs that a blank kept apart may now stand as one: folding what is folded changes nothing.
    return unicodedata.normalize("NFC", NOISE.sub("", folded.casefold()))


_FORM_TABLE: dict[int, str | None] = {ord(dash): "-" for dash in _DASHES}
_FORM_TABLE |= {ord(quote): '"' for quote in _QUOTES} | dict.fromkeys(map(ord, INVISIBLE))
