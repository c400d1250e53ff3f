"""The brief: what a chat shows of a digest, and the HTML that stands inside another page."""

from __future__ import annotations

from digest_making import make_category, make_change, make_change_set, make_digest, make_sample
from msgspec.structs import replace

from templates.brief import build_brief
from templates.render import render_fragment, render_mail


def test_every_change_has_a_line_and_what_hurts_comes_first() -> None:
    digest = make_digest(make_sample())
    brief = build_brief(digest)
    cards = [card for group in digest.groups for section in group.sections for card in section.cards]
    lines = brief.lines[1 + len(digest.summary) :][: len(cards)]
    assert all(line.endswith(")") and line.split(":")[0].split(",")[0].islower() for line in lines)
    grave = [line.startswith("removed") or ", tightened: " in line for line in lines]
    assert any(grave)
    assert not all(grave)
    assert grave == sorted(grave, reverse=True)


def test_the_title_holds_the_counts_and_each_line_is_one() -> None:
    brief = build_brief(make_digest(make_sample()))
    assert brief.title.startswith("Category rules: ")
    assert brief.title.endswith(brief.lines[0])
    assert not any("\n" in line for line in (brief.title, *brief.lines))


def test_a_digest_without_changes_says_so() -> None:
    brief = build_brief(make_digest(make_change_set()))
    assert brief.title == "Category rules: learned from 2025-04-02 to 2025-05-06"
    assert brief.lines[0]


def test_what_came_and_went_has_its_lines_too() -> None:
    gone = make_change("a00000000007", "removed", make_category("社交-陌生人交友"), None, date="2025-04-24")
    brief = build_brief(make_digest(replace(make_change_set(), passing=(gone,))))
    told = "removed: 社交 › 陌生人交友 (2025-04-24, the end of the notice's period)"
    assert brief.lines[-1] == f"Came and went since 2025-04-02 03:00 UTC: {told}"


def test_a_fragment_brings_no_page_and_no_contents_of_its_own() -> None:
    fragment = render_fragment(make_digest(make_sample()))
    assert not any(
        f"<{name}" in fragment for name in ("html", "body", "head>", "nav", "main", "style", "meta", "!doctype")
    )
    assert fragment.count("<article") == fragment.count("</article>")
    assert fragment.count("<section") == fragment.count("</section>")
    assert fragment.count("<div") == fragment.count("</div>")


def test_a_mail_without_a_digest_lists_its_lines_as_text() -> None:
    page = render_mail("<b>alarm</b>", fragment=None, lines=["<script>x</script>"], where="https://example.org/?a=1&b")
    assert "&lt;script&gt;x&lt;/script&gt;" in page
    assert "<h1>&lt;b&gt;alarm&lt;/b&gt;</h1>" in page
    assert 'href="https://example.org/?a=1&amp;b"' in page
