from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any, get_args

import msgspec
import pytest
from digest_making import (
    make_category,
    make_change,
    make_change_set,
    make_digest,
    make_document,
    make_sample,
    make_source,
    paper,
)
from lxml import html
from markdown_it import MarkdownIt
from msgspec import structs

from differ.changes import ChangeSet, Evidence, Finding
from snapshots.category import Category, category_key
from snapshots.requirement import AllOf, Choose, NoneRequired, Requirement, Text
from snapshots.snapshot import StoredDocument
from templates.digest import Digest
from templates.render import Format, render_digest
from templates.words import LANGUAGES, Language

FORMATS: tuple[Format, ...] = get_args(Format)
VOID = {"meta", "br", "hr", "img", "input", "link"}
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><b onmouseover="x">',
    "](javascript:alert(1))",
    "![x](https://evil.example/x.png)",
    "<https://evil.example>",
    "https://evil.example www.evil.example",
    "| a | b |\n| --- | --- |",
    "\n\n# Heading\n\n- item\n\n1. one\n\n> quote",
    "```\ncode\n```",
    "**bold** __bold__ ~~gone~~ `code` &lt; &#35; $x$ @somebody",
    "{{ 7 * 7 }} {% raw %} %(count)d",
    "\u202egnp.exe\u2066 \x1b[31mred\x1b]0;title\x07 \x00\x08\x9b31m \u2028 \ud800",
    "--- *** ===\n===",
)


def make_full_digest(changes: ChangeSet | None = None, *, all_kinds: bool = False) -> Digest:
    sources = [make_source(), make_source("wechat-catalogue", days=31, failed=True)]
    return make_digest(changes or make_sample(), sources=sources, all_kinds=all_kinds)


class Checker(HTMLParser):
    """Holds that every element is closed where it was opened."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"<{tag}> says an attribute twice"
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag


def check_html(page: str) -> Any:
    """The page as a tree, well-formed, each id once, each link within it with a target."""
    checker = Checker()
    checker.feed(page)
    checker.close()
    assert checker.open == []
    tree: Any = html.document_fromstring(page)
    ids = [str(found) for found in tree.xpath("//@id")]
    assert len(ids) == len(set(ids))
    inner = {str(link)[1:] for link in tree.xpath("//a/@href") if str(link).startswith("#")}
    labels = {str(found) for found in tree.xpath("//@aria-labelledby")}
    assert inner | labels <= set(ids)
    assert set(ids) <= inner | labels | {"changes"}, "an anchor that nothing leads to"
    return tree


def poison(value: Any, words: str) -> Any:
    """The value with hostile words before and after every text that comes from a page."""
    match value:
        case dict():
            return {
                name: part
                if name in {"type", "platform", "entity_type", "key", "role", "where"}
                else poison(part, words)
                for name, part in value.items()
            }
        case list():
            return [poison(part, words) for part in value]
        case str():
            return f"{words}{value}{words}"
        case _:
            return value


def poison_category(state: Category | None, words: str) -> Category | None:
    if state is None:
        return None
    hostile = msgspec.convert(poison(msgspec.to_builtins(state), words), Category)
    return structs.replace(hostile, key=category_key(hostile.platform, hostile.entity_type, hostile.path))


def poison_changes(changes: ChangeSet, words: str) -> ChangeSet:
    poisoned = []
    for change in changes.changes:
        old, new = poison_category(change.old, words), poison_category(change.new, words)
        state = new or old
        again = make_change(change.id, change.kind, old, new, path="社交-直播")
        poisoned.append(
            structs.replace(
                change,
                old=old,
                new=new,
                path=state.path if state else tuple(poison(list(change.path), words)),
                key=f"{change.key}{change.id}",
                fields=again.fields,
                verdict=again.verdict,
                witness=again.witness,
                witness_gained=again.witness_gained,
                cases=again.cases,
                paths_before=tuple(tuple(poison(list(before), words)) for before in change.paths_before),
            )
        )
    findings = [structs.replace(finding, message=poison(finding.message, words)) for finding in changes.findings]
    return structs.replace(changes, changes=tuple(poisoned), findings=tuple(findings))


def make_hostile_digest(words: str) -> Digest:
    document = make_document(title=f"{words}標題{words}", url=f"https://notices.example/{words}", page_name=words)
    source = structs.replace(make_source(f"{words}name{words}"), url=f"javascript:{words}")
    return make_digest(
        poison_changes(make_sample(), words),
        documents=[document],
        sources=[source, make_source("b", failed=True)],
        all_kinds=True,
    )


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("all_kinds", [False, True])
def test_every_change_and_finding_stands_once_in_each_format_in_the_same_order(
    format_: Format, all_kinds: bool
) -> None:
    digest = make_full_digest(all_kinds=all_kinds)
    expected = [card.id for group in digest.groups for section in group.sections for card in section.cards]
    assert len(expected) == digest.total == (11 if all_kinds else 9)
    expected += [finding.id for finding in digest.findings]
    text = render_digest(digest, format_)
    assert re.findall(r"\b[af]0000000000[0-9a-f]\b", text) == expected


def test_html_markdown_and_text_state_the_same_counts() -> None:
    digest = make_full_digest()
    tree = check_html(render_digest(digest, "html"))
    tiles = [" ".join(tile.text_content().split()) for tile in tree.xpath("//ul[@class='counts']/li")]
    markdown = render_digest(digest, "md")
    assert tiles == ["3 New", "3 Adjusted", "2 Removed", "1 Renamed"]
    assert "**3** New · **3** Adjusted · **2** Removed · **1** Renamed\n" in markdown
    assert "3 new, 3 adjusted, 2 removed, 1 renamed\n" in render_digest(digest, "text")
    headings = [" ".join(heading.text_content().split()) for heading in tree.xpath("//main//h2 | //section/h3")]
    in_markdown = [
        re.sub(r"[()]", "", line.lstrip("# "))
        for line in markdown.splitlines()
        if re.match(r"##+ ", line) and not line.startswith(("####", "## Contents"))
    ]
    assert headings == in_markdown
    summary = [" ".join(line.text_content().split()) for line in tree.xpath("//ul[@class='summary']/li")]
    assert summary[0] == "1 category tightened"
    assert "\n".join([f"- **{summary[0]}**", *(f"- {line}" for line in summary[1:])]) in markdown
    assert "\n".join(f"  {line}" for line in summary) in render_digest(digest, "text")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_well_formed_and_each_of_its_links_has_a_target(language: Language) -> None:
    tree = check_html(render_digest(make_full_digest(all_kinds=True), "html", language=language))
    assert len(tree.xpath("//nav//a[starts-with(@href, '#change-')]")) == 11
    assert len(tree.xpath("//article//footer//a[@href='https://notices.example/2025Q1.html']")) == 11


def test_the_page_needs_nothing_from_elsewhere() -> None:
    page = render_digest(make_full_digest(), "html")
    tree: Any = html.document_fromstring(page)
    assert tree.xpath("//script | //link | //img | //iframe | //object | //form | //@src | //@style") == []
    assert "@import" not in page
    assert "url(" not in page
    assert {str(link).split("/")[2] for link in tree.xpath("//@href") if not str(link).startswith("#")} == {
        "notices.example"
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_declares_its_language_and_the_script_of_what_it_quotes(language: Language) -> None:
    tree = check_html(render_digest(make_full_digest(), "html", language=language))
    assert tree.get("lang") == language
    assert tree.xpath("string(//h4/span[contains(., '國際客運')]/@lang)") == "zh-Hant"
    for element in tree.xpath("//main//*[contains(@class, 'asks') or contains(@class, 'stated')]"):
        [inherited] = element.xpath("ancestor-or-self::*[@lang][1]/@lang")
        assert inherited == language
    if language == "en":
        quoted = tree.xpath("//body//text()[not(ancestor::style)][not(ancestor::*[starts-with(@lang, 'zh')])]")
        assert [text for text in quoted if re.search("[\u4e00-\u9fff]", str(text))] == []


def test_the_old_state_stands_beside_the_new_one_and_their_differences_are_marked() -> None:
    tree = check_html(render_digest(make_full_digest(), "html"))
    [scope] = tree.xpath("//article[.//code='a00000000004']//div[contains(@class, 'part')][dt='Scope']")
    assert [part.text for part in scope.xpath(".//div[@class='old']//del")] == []
    assert [part.text for part in scope.xpath(".//div[@class='new']//ins")] == ["或客運船票銷售等"]
    [regions] = tree.xpath("//article[.//code='a00000000004']//div[contains(@class, 'part')][dt='Regions']")
    assert [(item.get("class"), item.text_content()) for item in regions.xpath(".//li")] == [
        ("same", "中國香港"),
        ("removed", "中國澳門"),
    ]
    assert [part.text for part in regions.xpath(".//del")] == ["中國澳門"]


def test_a_requirement_is_drawn_as_a_tree() -> None:
    digest = make_full_digest()
    tree = check_html(render_digest(digest, "html"))
    [pets] = tree.xpath("//article[.//code='a00000000001']//div[contains(@class, 'part')][dt='Requirement']")
    assert [" ".join(item.text_content().split()) for item in pets.xpath(".//li/ul/li")][:2] == [
        "《動物診療許可證》",
        "《檢驗檢測機構資質認定證書》",
    ]
    assert pets.xpath("string(.//li/*[@class='asks'])") == "2 of 3"
    text = render_digest(digest, "text")
    assert "      2 of 3 (3選2)\n      ├─ 《動物診療許可證》\n" in text
    assert "    +    ├─ 《營業執照》\n" in text
    assert "    Regions\n      中國香港, -中國澳門\n" in text
    assert "- *2 of 3* (3選2)\n  - 《動物診療許可證》\n" in render_digest(digest, "md")


def test_markdown_marks_differences_in_a_way_that_a_code_host_shows() -> None:
    markdown = render_digest(make_full_digest(), "md")
    assert "班車**或客運船票銷售等**服務" in markdown
    assert "暫不支持包 **~~車~~** **船**服務" in markdown
    shown = MarkdownIt("commonmark").enable(["strikethrough", "table"]).render(markdown)
    assert "**" not in shown
    assert "~~" not in shown
    assert "<strong><s>車</s></strong> <strong>船</strong>服務" in shown


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_text_is_inert_in_html(words: str) -> None:
    page = render_digest(make_hostile_digest(words), "html")
    tree = check_html(page)
    clean = check_html(render_digest(make_full_digest(all_kinds=True), "html"))
    assert {element.tag for element in tree.iter()} <= {element.tag for element in clean.iter()}
    assert not [name for element in tree.iter() for name in element.attrib if str(name).startswith("on")]
    links = {str(link) for link in tree.xpath("//@href")}
    assert {link for link in links if not link.startswith(("#", "https://notices.example/"))} == set()
    assert len(tree.xpath("//article")) == 11
    assert unsafe_in(page) == set()


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_text_is_inert_in_markdown(words: str) -> None:
    reader = MarkdownIt("commonmark").enable(["strikethrough", "table"])
    markdown = render_digest(make_hostile_digest(words), "md")
    tokens = [token for block in reader.parse(markdown) for token in (block, *(block.children or ()))]
    kinds = {token.type for token in tokens}
    assert kinds.isdisjoint({"html_block", "html_inline", "image", "fence", "code_block", "blockquote_open", "hr"})
    links = {str(token.attrGet("href")) for token in tokens if token.type == "link_open"}
    assert {link for link in links if not link.startswith("https://notices.example/")} == set()
    assert [token.tag for token in tokens if token.type == "heading_open"].count("h4") == 11
    assert [token.tag for token in tokens if token.type == "heading_open"].count("h1") == 1
    clean = reader.parse(render_digest(make_full_digest(all_kinds=True), "md"))
    assert sum(token.type == "table_open" for token in tokens) == sum(token.type == "table_open" for token in clean)
    assert not re.search(r"https?://evil|www\.evil", re.sub(r"\]\(https://notices[^)]*\)", "", markdown))
    assert "@somebody" not in markdown
    assert unsafe_in(markdown) == set()


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_text_is_inert_on_a_terminal(words: str) -> None:
    digest = make_hostile_digest(words)
    plain = render_digest(digest, "text")
    assert unsafe_in(plain) == set()
    coloured = render_digest(digest, "text", color=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    assert [len(line) - len(line.lstrip()) for line in plain.splitlines() if line.endswith("a00000000004")] == [2]


def unsafe_in(text: str) -> set[str]:
    return set(
        re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text)
    )


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_digest_gives_the_same_bytes(format_: Format, language: Language) -> None:
    first = render_digest(make_full_digest(), format_, language=language)
    assert first == render_digest(make_full_digest(), format_, language=language)
    assert first.endswith("\n")
    assert first.encode().decode() == first


@pytest.mark.parametrize(
    ("heading", "language", "words"),
    [
        ("digest", "en", "Nothing new."),
        ("digest", "zh-Hans", "没有新变化。"),
        ("diff", "en", "No differences."),
        ("diff", "zh-Hans", "没有差异。"),
    ],
)
@pytest.mark.parametrize("format_", FORMATS)
def test_an_empty_change_set_says_that_there_is_nothing(
    format_: Format, heading: Any, language: Language, words: str
) -> None:
    digest = make_digest(make_change_set(), heading=heading, sources=[make_source()])
    text = render_digest(digest, format_, language=language)
    assert words in text
    if format_ == "html":
        assert check_html(text).xpath("//article") == []


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "A baseline: 2 categories seen for the first time."), ("zh-Hans", "首次建立基线：首次见到 2 个类目。")],
)
@pytest.mark.parametrize("format_", FORMATS)
def test_a_first_catalogue_is_told_as_a_baseline(format_: Format, language: Language, words: str) -> None:
    listed = [make_change(f"c{number}", "first_seen", None, make_category(f"公益-{number}")) for number in range(2)]
    assert words in render_digest(make_digest(make_change_set(*listed)), format_, language=language)


@pytest.mark.parametrize("format_", FORMATS)
def test_pages_that_were_compared_were_captured_even_where_nothing_differs(format_: Format) -> None:
    text = render_digest(make_digest(make_change_set(), heading="diff"), format_)
    assert "Nothing was captured yet" not in text
    assert "Nothing was captured yet" in render_digest(make_digest(make_change_set(), documents=[]), "md")


def test_a_source_that_was_read_does_not_speak_of_news() -> None:
    source = structs.replace(make_source(), last_outcome="new")
    for format_ in FORMATS:
        text = render_digest(make_digest(make_change_set(), sources=[source]), format_)
        assert "a new version kept" in text
        assert "brought news" not in text


def make_verdicts() -> ChangeSet:
    """A card for each verdict: tightened, relaxed, mixed, not decided, and other words for the same."""
    one, two = paper("營業執照"), AllOf(items=(paper("營業執照"), Text(text="員工社保證明")))
    other = AllOf(items=(paper("登記證書"), Text(text="承諾書")))
    redundant = Choose(n=1, items=(one, two))
    pairs: dict[str, tuple[Requirement, Requirement]]
    pairs = {"收緊": (one, two), "放寬": (two, one), "兩可": (one, other), "不明": (one, two), "措辭": (redundant, one)}
    changes = []
    for number, (name, (old, new)) in enumerate(pairs.items()):
        states = [make_category(f"公益-{name}", requirement, scope="適用于募捐。") for requirement in (old, new)]
        if name == "措辭":
            states[1] = make_category(f"公益-{name}", new, scope="適用于公開募捐。")
        if name == "不明":
            assert states[1].requirement is not None
            doubtful = structs.replace(states[1].requirement, doubts=("unknown-marker",))
            states[1] = structs.replace(states[1], requirement=doubtful)
        changes.append(make_change(f"c{number}", "adjusted", states[0], states[1]))
    return make_change_set(*changes)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            (
                "tightened",
                "now also asks for: 員工社保證明",
                "enough before, not enough now: 《營業執照》",
                "relaxed",
                "enough now, not before: 《營業執照》",
                "mixed: stricter in part, looser in part",
                "who had enough before may now lack:",
                "承諾書",
                "not decided: a line was not understood",
                "requirement in other words, the same asked",
            ),
        ),
        (
            "zh-Hans",
            (
                "收紧",
                "现另需提供：員工社保證明",
                "此前足够、现已不够：《營業執照》",
                "放宽",
                "现已足够、此前不够：《營業執照》",
                "有紧有松：部分收紧，部分放宽",
                "此前资质足够者，现可能还缺：",
                "承諾書",
                "无法判定：有内容未能理解",
                "资质要求仅措辞调整，所需不变",
            ),
        ),
    ],
)
@pytest.mark.parametrize("format_", FORMATS)
def test_a_card_tells_its_verdict_and_what_shows_it_in_words(
    format_: Format, language: Language, words: tuple[str, ...]
) -> None:
    text = render_digest(make_digest(make_verdicts()), format_, language=language)
    plain = re.sub(r"<[^>]+>", "", text) if format_ == "html" else text
    assert [sentence for sentence in words if sentence not in plain] == []


def test_the_summary_counts_verdicts_and_says_first_and_loudest_what_is_stricter() -> None:
    digest = make_digest(make_verdicts())
    assert [(part.code, part.count) for part in digest.summary][:4] == [
        ("tightened", 1), ("mixed", 1), ("relaxed", 1), ("undecided", 1),
    ]  # fmt: skip
    assert "\n- **1 category tightened**\n" in render_digest(digest, "md")
    assert ".summary .tightened { font-weight: 700;" in render_digest(digest, "html")


def test_the_contents_mark_each_verdict_in_words() -> None:
    digest = make_digest(make_verdicts())
    tree = check_html(render_digest(digest, "html"))
    marks = {link.getparent().text_content().strip() for link in tree.xpath("//nav//ol[@class='cards']//a")}
    assert marks == {
        "公益 › 收緊 tightened",
        "公益 › 放寬 relaxed",
        "公益 › 兩可 mixed",
        "公益 › 不明 not decided",
        "公益 › 措辭 reworded",
    }
    classes = {str(card.get("class")) for card in tree.xpath("//article")}
    assert classes == {f"card {name}" for name in ("tightened", "relaxed", "mixed", "unknown", "equivalent")}
    assert "公益 › 收緊 (*tightened*)" in render_digest(digest, "md")


def test_nothing_required_is_told_as_such() -> None:
    states = [make_category("公益-募捐", requirement) for requirement in (NoneRequired(), paper("營業執照"))]
    strict = render_digest(make_digest(make_change_set(make_change("c1", "adjusted", *states))), "text")
    assert "    nothing was required before, and that is not enough now\n" in strict
    loose = render_digest(make_digest(make_change_set(make_change("c1", "adjusted", *reversed(states)))), "text")
    assert "    nothing is required now, and that was not enough before\n" in loose


def test_the_papers_of_one_kind_of_applicant_are_told_with_it() -> None:
    def make_state(requirement: Requirement) -> Category:
        return make_category("深度合成-AI創作", Choose(n=1, items=(paper("備案"), requirement)))

    old = make_state(Choose(n=1, label="使用第三方技術,提供", items=(paper("在用證明"), paper("許可證"))))
    new = make_state(AllOf(label="使用第三方技術,提供", items=(paper("許可證"), Text(text="協議"))))
    text = render_digest(make_digest(make_change_set(make_change("c1", "adjusted", old, new))), "text")
    assert "    for 使用第三方技術: enough before, not enough now: 《在用證明》\n" in text
    assert "    who had enough before may now lack:\n      - 《許可證》\n      - 協議\n" in text


@pytest.mark.parametrize(
    ("format_", "listed"),
    [
        ("text", "    enough before, not enough now, taken together:\n      - 《乙證》\n      - 《甲證》\n    "),
        ("md", "- enough before, not enough now, taken together:\n  - 《乙證》\n  - 《甲證》\n- "),
        ("html", "<ul><li>《乙證》</li><li>《甲證》</li></ul>"),
    ],
)
def test_a_set_of_papers_that_shows_a_verdict_has_a_line_for_each(format_: Format, listed: str) -> None:
    old, new = (AllOf(items=tuple(map(paper, titles))) for titles in (("甲證", "乙證"), ("乙證", "丙證")))
    states = [make_category("公益-募捐", requirement) for requirement in (old, new)]
    text = render_digest(make_digest(make_change_set(make_change("c1", "adjusted", *states))), format_)
    assert listed in re.sub(r"</?span[^>]*>", "", text)


@pytest.mark.parametrize("format_", FORMATS)
def test_papers_that_are_only_told_apart_by_who_applies_are_no_stricter_and_not_folded_away(format_: Format) -> None:
    old = Choose(n=1, items=(paper("甲證"), paper("乙證")))
    labels = (("甲證", "藥品生產企業"), ("乙證", "藥品零售企業"))
    new = Choose(n=1, items=tuple(structs.replace(paper(title), label=label) for title, label in labels))
    states = [make_category("公益-募捐", requirement) for requirement in (old, new)]
    text = render_digest(make_digest(make_change_set(make_change("c1", "adjusted", *states))), format_)
    plain = re.sub(r"<[^>]+>", "", text)
    assert "the same papers, told apart otherwise by who applies: 藥品生產企業; 藥品零售企業" in plain
    assert "category tightened" not in plain


def make_torn() -> Digest:
    items = (paper("公司註冊證"), paper("代理證"), paper("許可證"))
    old = make_category("房地產-房地產", AllOf(marker="及", items=items))
    new = make_category("房地產-房地產", Choose(n=1, marker="(2選1)", items=(*items[:2], paper("新證"))))
    return make_digest(make_change_set(make_change("c1", "adjusted", old, new)))


def test_lists_that_are_built_otherwise_stand_apart_where_one_list_would_mix_them() -> None:
    text = render_digest(make_torn(), "text")
    assert (
        "      Before\n"
        "    - all of 及\n"
        "      ├─ 《公司註冊證》\n"
        "      ├─ 《代理證》\n"
        "    - └─ 《許可證》\n"
        "      Now\n"
        "    + one of (2選1)\n"
        "      ├─ 《公司註冊證》\n"
        "      ├─ 《代理證》\n"
        "    + └─ 《新證》\n"
    ) in text
    assert (
        "*Before*\n\n"
        "- **−** *all of* 及\n"
        "  - 《公司註冊證》\n"
        "  - 《代理證》\n"
        "  - **~~《許可證》~~**\n\n"
        "*Now*\n\n"
        "- **+** *one of* (2選1)\n"
    ) in render_digest(make_torn(), "md")


def test_a_line_in_another_script_is_shown_as_it_was_and_as_it_is() -> None:
    states = [
        make_category("公益-募捐", scope=scope)
        for scope in ("若涉及機票銷售,需補充類目。", "若涉及机票销售，需选择类目；")
    ]
    digest = make_digest(make_change_set(make_change("c1", "adjusted", *states)))
    assert "    - 若涉及機票銷售,需補充類目。\n    + 若涉及机票销售，需选择类目；\n" in render_digest(digest, "text")
    markdown = render_digest(digest, "md")
    assert "- **−** 若涉及機票銷售,需 **~~補充~~** 類目。\n- **+** 若涉及机票销售，需**选择**类目；\n" in markdown


def test_a_marker_in_the_readers_own_words_is_not_said_twice() -> None:
    digest = make_full_digest()
    for format_ in FORMATS:
        chinese, english = (render_digest(digest, format_, language=language) for language in ("zh-Hans", "en"))
        assert english.count("同時提供") - chinese.count("同時提供") == english.count("all of") > 0
        assert "3選2" not in chinese, "beside 3 选 2"
        assert "(3選1)" in chinese, "beside 任选其一, which does not say of how many"


def test_other_categories_that_came_or_went_bear_a_sign() -> None:
    page = render_digest(make_full_digest(), "html")
    assert check_html(page).xpath("//ul[@class='reference-list']/li[@class='added']/ins")
    for element, sign in (("ins", "+"), ("del", "−")):
        assert f'.reference-list {element}::before {{ content: "{sign} "' in page


def test_a_page_from_a_file_is_cited_by_a_link_to_its_row_among_the_pages() -> None:
    local = make_document(url=None, page_name="/home/somebody/2025Q1.html")
    tree = check_html(render_digest(make_digest(make_sample(), documents=[local]), "html"))
    links = {str(link) for link in tree.xpath("//article//footer//a/@href")}
    assert links == {"#page-3f9a01c2b4de-1"}
    [row] = tree.xpath("//tr[@id='page-3f9a01c2b4de-1']")
    assert "2025Q1.html" in row.text_content()


@pytest.mark.parametrize("format_", FORMATS)
def test_the_earlier_state_cites_what_it_rests_on(format_: Format) -> None:
    [change] = [change for change in make_sample().changes if change.id == "a00000000004"]
    before = structs.replace(change, evidence_before=(Evidence(document="0123456789ab-1", lines=(7, 9)),))
    earlier = make_document("0123456789ab-1", title="小程序開放的服務類目", url=None, page_name="earlier.html")
    text = render_digest(make_digest(make_change_set(before), documents=[make_document(), earlier]), format_)
    words = " ".join(check_html(text).text_content().split()) if format_ == "html" else text
    assert "Source of the earlier state: 小程序開放的服務類目, lines 7–9, captured 2025-04-24" in words
    assert words.count("earlier.html") == 2, "on the card and among the pages"
    alone = render_digest(make_digest(make_change_set(change)), format_)
    assert "Source of the earlier state" not in alone


@pytest.mark.parametrize("format_", FORMATS)
def test_findings_alone_are_no_news_of_a_category_and_still_counted(format_: Format) -> None:
    finding = Finding(id="f1", code="x", severity="error", key=None, message="it does not add up", evidence=())
    text = render_digest(make_digest(make_change_set(findings=[finding])), format_)
    assert "Nothing new" not in text
    assert "No category changed." in text
    assert "1 finding to look at" in text


@pytest.mark.parametrize("format_", FORMATS)
def test_it_is_said_how_lines_are_counted(format_: Format) -> None:
    assert "in HTML the n-th run of text" in render_digest(make_full_digest(), format_)


def test_each_cell_of_a_table_bears_its_heading_for_narrow_screens() -> None:
    tree = check_html(render_digest(make_full_digest(), "html"))
    for table in tree.xpath("//table"):
        headings = [str(cell.text_content()) for cell in table.xpath("./thead//th")][1:]
        assert all(
            [cell.get("data-label") for cell in row.xpath("./td")] == headings for row in table.xpath("./tbody/tr")
        )


def test_what_is_left_out_is_counted() -> None:
    for format_ in FORMATS:
        assert "Not shown here: 1 restated, 1 first seen." in render_digest(make_full_digest(), format_)


def test_a_finding_shows_its_pages() -> None:
    finding = Finding(id="f1", code="x", severity="error", key=None, message="it does not add up", evidence=())
    for format_ in FORMATS:
        text = render_digest(make_digest(make_change_set(findings=[finding])), format_)
        assert "it does not add up" in text
        assert "f1" in text


def test_a_page_behind_the_digest_tells_how_many_of_its_lines_were_not_understood() -> None:
    documents: list[StoredDocument] = [make_document(problems=7)]
    digest = make_digest(make_sample(), documents=documents)
    assert check_html(render_digest(digest, "html")).xpath("string(//table//tr[td]/td[last()])") == "7"
    assert "| 2025-04-24 | 7 |\n" in render_digest(digest, "md")
