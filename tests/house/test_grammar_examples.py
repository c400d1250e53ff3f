"""Each example of docs/requirement-grammar.md is read as the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from outline import outline

from scraper.page.lines import Line, make_line
from scraper.requirement.limits import find_unsupported
from scraper.requirement.references import find_references
from scraper.requirement.requirements import parse_requirement
from scraper.requirement.scopes import parse_scope
from snapshots.notice import Problem

GRAMMAR = (Path(__file__).parents[2] / "docs" / "requirement-grammar.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(
    r"^```(?P<block>requirement|scope)\n(?P<page>.+?)\n```\n\n```outline\n(?P<read>.+?)\n```$", re.DOTALL | re.MULTILINE
)
EXAMPLES = [(match["block"], match["page"], match["read"]) for match in EXAMPLE.finditer(GRAMMAR)]


def make_lines(text: str) -> list[Line]:
    return [make_line(number, words) for number, words in enumerate(text.split("\n"), start=1)]


def show_problems(problems: tuple[Problem, ...]) -> list[str]:
    return [f"problem {problem.line} {problem.code}" for problem in problems]


def read_requirement(page: str) -> list[str]:
    reading = parse_requirement(make_lines(page))
    return [
        *outline(reading.requirement),
        *(f"apply {words}" for words in reading.application),
        *(["closed beta"] if reading.closed_beta else []),
        *(f"email {address}" for address in reading.emails),
        *show_problems(reading.problems),
    ]


def read_scope(page: str) -> list[str]:
    reading = parse_scope(make_lines(page))
    texts = [text for text in (reading.scope, *reading.notes) if text]
    shown = [
        *(f"scope {line}" for line in (reading.scope or "").split("\n")),
        *(f"note {note}" for note in reading.notes),
    ]
    for reference in (reference for text in texts for reference in find_references(text, "scope")):
        targets = ", ".join(" › ".join(path) for path in reference.targets)
        shown.append(" | ".join(word for word in (f"{reference.role} {targets}", reference.condition) if word))
    shown += [f"unsupported {service}" for service in find_unsupported(texts)]
    shown += [f"stranger {line.text}" for line in reading.strangers]
    return [*shown, *show_problems(reading.problems)]


def test_every_block_of_the_grammar_is_an_example() -> None:
    assert {block for block, _, _ in EXAMPLES} == {"requirement", "scope"}
    assert GRAMMAR.count("```") == 4 * len(EXAMPLES)


@pytest.mark.parametrize(("block", "page", "read"), EXAMPLES, ids=[page.split("\n")[0] for _, page, _ in EXAMPLES])
def test_an_example_is_read_as_the_grammar_shows(block: str, page: str, read: str) -> None:
    found = read_requirement(page) if block == "requirement" else read_scope(page)
    assert found == read.split("\n")
