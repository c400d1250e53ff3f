"""docs/problems.md lists every code under which the reader reports a line, and no other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).parents[2]
_CODE = re.compile(r"[a-z]+(?:-[a-z]+)*")
_TELLERS = {"report", "_report", "_note", "_add", "add", "Problem", "ListProblem", "UnreadHeading", "_report_row"}
_ROW = re.compile(r"^\| `(?P<code>[a-z-]+)` \| [^|\n]+ \|[^|\n]* \| [^|\n]+ \|$", re.MULTILINE)


def list_codes() -> set[str]:
    return {
        code for path in (HOUSE / "scraper").rglob("*.py") for code in _find_codes(ast.parse(path.read_text("utf-8")))
    }


def _find_codes(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in _TELLERS:
                given = [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg == "code")]
                yield from filter(_is_code, map(_read_words, given))
            case ast.Return(value=ast.Tuple(elts=[ast.Constant(value=str(code)), ast.Constant(value=str(words))])):
                if _is_code(code) and " " in words:
                    yield code


def _read_words(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _is_code(words: str) -> bool:
    return _CODE.fullmatch(words) is not None


def test_every_code_of_a_problem_is_explained_once() -> None:
    told = [match["code"] for match in _ROW.finditer((HOUSE / "docs" / "problems.md").read_text("utf-8"))]
    assert sorted(told) == sorted(list_codes())


def test_a_code_that_is_not_explained_would_be_found() -> None:
    source = (
        'def tell(self):\n    self._note(line, "torn-page", "it is torn")\n    return "lost-word", "a word is lost"'
    )
    assert set(_find_codes(ast.parse(source))) == {"torn-page", "lost-word"}
