"""The section of a digest that names the reader's programs."""

from __future__ import annotations

import pytest
from digest_making import TODAY, make_digest, make_sample

from differ.changes import Change
from differ.impact.assess import Assessment, State
from differ.impact.hits import Hit
from differ.impact.holdings import Answer
from differ.impact.impact import CategoryImpact
from templates.digest import Digest, build_digest
from templates.programs import ProgramRow
from templates.render import Format, render_digest
from templates.words import Words

FORMATS: tuple[Format, ...] = ("html", "md", "text")


def missing(text: str) -> Answer:
    return Answer(kind="paper", text=text, condition=None, standing="missing", reason="not_held")


def make_hit(change: Change, name: str = "喵喵", state: State = "unsatisfied", *papers: str, more: int = 0) -> Hit:
    now = Assessment(state=state, path=change.path, ways=(tuple(map(missing, papers)),) if papers else (), more=more)
    return Hit(program=name, change=change, impact=CategoryImpact(category="", key=change.key, now=now))


def digest_with(*hits: Hit) -> Digest:
    changes = make_sample()
    return build_digest(
        changes, heading="digest", documents={}, sources=(), today=TODAY, since=None, until=None, hits=hits
    )


CHANGE = next(change for change in make_sample().changes if change.kind == "adjusted")


@pytest.mark.parametrize("format", FORMATS)
def test_the_programs_stand_before_the_changes(format: Format) -> None:  # noqa: A002 - the renderer's own name
    text = render_digest(digest_with(make_hit(CHANGE, "喵喵", "unsatisfied", "《甲证》", "《乙证》")), format)
    main = text[text.index("<main") :] if format == "html" else text
    assert main.index("Your programs") < main.index("喵喵") < main.index("Non-personal entities")
    assert "not satisfied" in main
    asked = "missing or to be checked: 《甲证》 + 《乙证》"
    assert asked in main.replace('<span lang="zh-Hant">', "").replace("</span>", "").replace("\\", "")


def test_a_row_leads_to_the_card_of_its_change() -> None:
    digest = digest_with(make_hit(CHANGE))
    cards = [card for group in digest.groups for section in group.sections for card in section.cards]
    assert digest.programs is not None
    assert digest.programs[0].anchor == next(card.anchor for card in cards if card.id == CHANGE.id)


@pytest.mark.parametrize("format", FORMATS)
def test_a_portfolio_that_nothing_hits_is_told_so_and_none_is_not_spoken_of(format: Format) -> None:  # noqa: A002
    assert "None of your programs is hit." in render_digest(digest_with(), format)
    assert "our programs" not in render_digest(make_digest(make_sample()), format)


HOSTILE = "<script>x</script> [a](javascript:x) \x1b[2J \u202e"


@pytest.mark.parametrize("format", FORMATS)
def test_hostile_names_are_inert(format: Format) -> None:  # noqa: A002
    text = render_digest(digest_with(make_hit(CHANGE, HOSTILE, "unsatisfied", HOSTILE)), format)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert format == "text" or "<script>x" not in text
    assert format != "md" or "[a](javascript" not in text


@pytest.mark.parametrize(
    ("state", "asked", "others", "expected"),
    [
        ("unsatisfied", ("《甲证》",), 0, "missing or to be checked: 《甲证》"),
        ("unsatisfied", ("《甲证》",), 1, "missing or to be checked: 《甲证》 (1 other set would do)"),
        ("check", ("《甲证》",), 2, "the page asks: 《甲证》 (2 other sets would do)"),
        ("undecided", ("批文",), None, "it depends on: 批文"),
        ("undecided", (), 0, ""),
        ("removed", (), 0, ""),
        ("satisfied", (), 0, ""),
    ],
)
def test_what_is_lacking_is_said_with_how_many_other_sets_would_do(
    state: State, asked: tuple[str, ...], others: int | None, expected: str
) -> None:
    row = ProgramRow(
        program="喵喵", path=("甲",), language=None, anchor=None, kind="new", state=state, asked=asked, others=others
    )
    assert Words("en").asked(row) == expected
