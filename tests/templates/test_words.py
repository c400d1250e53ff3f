from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from digest_making import make_digest, make_sample

import templates
from templates.render import render_digest
from templates.words import LANGUAGES, Words

FOLDER = Path(templates.__file__).parent
LOCALE = FOLDER / "locale"
CHINESE = LOCALE / "zh_Hans" / "LC_MESSAGES"


def read_catalogue(path: Path, locale: str | None = None) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def extract_messages() -> set[str | tuple[str, ...]]:
    with (LOCALE / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    return {message for _, _, message, _, _ in extract_from_dir(FOLDER, methods, options)}


def test_the_compiled_catalogue_is_the_written_one() -> None:
    compiled = io.BytesIO()
    write_mo(compiled, read_catalogue(CHINESE / "noticediff.po", "zh_Hans"))
    assert compiled.getvalue() == (CHINESE / "noticediff.mo").read_bytes()


def test_every_message_in_use_is_in_the_template_and_translated() -> None:
    used = extract_messages()
    template = {message.id for message in read_catalogue(LOCALE / "noticediff.pot") if message.id}
    translated = {message.id: message for message in read_catalogue(CHINESE / "noticediff.po", "zh_Hans") if message.id}
    assert used == template == set(translated)
    assert {
        message.id for message in translated.values() if message.fuzzy or not all(strings_of(message.string))
    } == set()


def test_a_translation_has_the_same_places_to_fill_in() -> None:
    for message in read_catalogue(CHINESE / "noticediff.po", "zh_Hans"):
        if message.id:
            expected = sorted(set(re.findall(r"%\(\w+\)\w", strings_of(message.id)[-1])))
            for text in strings_of(message.string):
                assert sorted(re.findall(r"%\(\w+\)\w", text)) == expected, text


def strings_of(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ("",))


def test_a_chinese_digest_has_no_english_words_left() -> None:
    text = render_digest(make_digest(make_sample(), all_kinds=True), "text", language="zh-Hans")
    words = set(re.findall(r"[A-Za-z]{3,}", text))
    names = {"wechat", "miniprogram", "tencent", "com", "https", "notices", "example", "html", "Markdown", "HTML"}
    assert words - names == {
        "said", "adjusted", "and", "nothing", "differs",
    }, "the finding speaks in the differ's words; all others are translated"  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_and_many_are_told_apart_where_the_language_does(language: str) -> None:
    words = Words("en" if language == "en" else "zh-Hans")
    one, many = words.age(1), words.age(2)
    assert (one, many) == (("1 day ago", "2 days ago") if language == "en" else ("1 天前", "2 天前"))


def test_a_field_without_words_of_its_own_keeps_its_name() -> None:
    assert Words("en").part("deposit") == "deposit"
