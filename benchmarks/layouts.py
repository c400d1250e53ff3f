"""Categories to pages, in every layout that the program claims to read.

Another layout is a function from categories to a page and a line in `LAYOUTS`; the laws, the round trips and the fuzz
run then know it.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from benchmarks.blocks import render_requirement, render_scope
from benchmarks.made_categories import FormOfPage, MadeCategory
from benchmarks.notice_tables import (
    adjust,
    move,
    render_before_after,
    render_from_to,
    render_notice_tables,
    render_typed_rows,
)
from snapshots.requirement import AllOf, Choose

_ACTIONS = {"added": "类目新增", "adjusted": "类目调整"}
_ENTITY_TYPES = {"non_personal": "非个人主体", "personal": "个人主体", "overseas": "境外主体"}
_TITLE = "2031年1-3月小程序类目调整汇总公告"
_OPEN = "小程序开放的服务类目"
_HEADER = ("二级分类", "三级分类", "资质要求", "类目适用范围", "备注")


@dataclass(frozen=True, slots=True)
class Layout:
    """A form of page: what it is called, whether it is a notice or a catalogue, and how it is made.

    `loses_rows`: the form is a copy that cannot keep every row; those it loses must be problems. `holds`: what can be
    written on it. `fit`: the category as such a page tells of it.
    """

    name: str
    form: FormOfPage
    suffix: str
    render: Callable[[Sequence[MadeCategory]], str]
    loses_rows: bool = False
    holds: Callable[[MadeCategory], bool] = lambda _: True
    fit: Callable[[MadeCategory], MadeCategory] = lambda made: made

    def choose(self, drawn: Sequence[MadeCategory]) -> list[MadeCategory]:
        """The categories as they stand on the page, each once."""
        fitted = [self.fit(one) for one in drawn if self.holds(one)]
        return list({(one.action, one.entity_type, one.path): one for one in fitted}.values())


def render_text(made: Sequence[MadeCategory]) -> str:
    """A notice as plain text."""
    return "\n".join(_notice_lines(made))


def render_headings(made: Sequence[MadeCategory]) -> str:
    """A page with real headings and one paragraph for each line."""

    def tag(line: str) -> str:
        if line == _TITLE:
            return "h1"
        return "h2" if line in _ACTIONS.values() else "h3" if line.startswith("#") else "p"

    body = "".join(f"<{tag(line)}>{html.escape(line)}</{tag(line)}>\n" for line in _notice_lines(made))
    return _wrap(f"<main>{body}</main><footer><p>阅读 1024</p></footer>")


def render_paragraphs(made: Sequence[MadeCategory]) -> str:
    """A forum post: one paragraph for an entry, its lines parted by `<br>`."""
    paragraphs: list[list[str]] = [[]]
    for line in _notice_lines(made):
        if line.startswith("#"):
            paragraphs.append([])
        paragraphs[-1].append(html.escape(line))
    body = "".join(f"<p>{'<br>'.join(lines)}</p>" for lines in paragraphs)
    return _wrap(f"<div>{body}</div><ul><li>阅读 1024</ul>")


def render_article(made: Sequence[MadeCategory]) -> str:
    """A platform's article: nested section and span, headings only by style."""
    body = "".join(
        f'<section><section style="font-size:16px">\n<span><strong>{html.escape(line[:3])}</strong>'
        f"<span>{html.escape(line[3:])}</span></span></section></section>\n"
        for line in _notice_lines(made)
    )
    return _wrap(f"<nav><a href='/'>首页</a></nav><div id='js_content'>{body}</div><div>阅读 1024</div>")


def render_tables(made: Sequence[MadeCategory]) -> str:
    """A catalogue as tables, in which cells that are equal below one level 2 are one cell."""
    parts = [f"<h1>{_OPEN}</h1><p>以提交时所要求的材料为准。</p>"]
    header = "".join(f"<th>{name}</th>" for name in _HEADER)
    for entity_type, branches in _group_branches(made):
        parts.append(f"<h2>{entity_type}{_OPEN}</h2>")
        for name, rows in branches:
            body = "".join(f"<tr>{''.join(map(_render_cell, row))}</tr>\n" for row in rows)
            parts.append(f"<h3>{name}</h3><table><thead><tr>{header}</tr></thead><tbody>{body}</tbody></table>")
    return _wrap("\n".join(parts))


def render_markdown(made: Sequence[MadeCategory]) -> str:
    """The Markdown copy of a catalogue: a header glued to its first row, covered cells gone, breaks as two spaces."""
    lines = [f"# {_OPEN}"]
    for entity_type, branches in _group_branches(made):
        lines.append(f"## {entity_type}{_OPEN}")
        for name, rows in branches:
            shown = ["| " + "".join(f"{'  '.join(words)} | " for words, height in row if height) for row in rows]
            lines += [f"### {name}", f"{' | '.join(_HEADER)} |{shown[0]}", *shown[1:], "| "]
    return "\n".join(lines)


def render_paste(made: Sequence[MadeCategory]) -> str:
    """A catalogue that was pasted as text: one cell below the other, an empty line for each cell that is covered."""
    lines = []
    for entity_type, branches in _group_branches(made):
        lines.append(f"{entity_type}{_OPEN}")
        for name, rows in branches:
            lines += [name, *_HEADER]
            for row in rows:
                for words, height in row:
                    lines += words if height else [""]
    return "\n".join(lines)


def render_sheet(made: Sequence[MadeCategory]) -> str:
    """A catalogue as the rows of a spreadsheet, parted by tabs; a cell of several lines is quoted."""
    lines = []
    for entity_type, branches in _group_branches(made):
        lines.append(f"{entity_type}{_OPEN}")
        for name, rows in branches:
            lines += [name, "\t".join(_HEADER)]
            lines += ["\t".join(_quote("\n".join(words)) if height else "" for words, height in row) for row in rows]
    return "\n".join(lines)


def _asks_for_papers(made: MadeCategory) -> bool:
    """Whether there is a list whose first item can be what was asked for before."""
    return isinstance(made.requirement, AllOf | Choose) and not made.application


def _begins_plainly(made: MadeCategory) -> bool:
    """Whether the first words of the requirement can be no name: a marker, a paper, an enumerator, `/`."""
    return render_requirement(made)[0].startswith(("(", "同时", "《", "/"))


LAYOUTS = (
    Layout("text", "notice", ".txt", render_text),
    Layout("headings", "notice", ".html", render_headings),
    Layout("paragraphs with br", "notice", ".html", render_paragraphs),
    Layout("article", "notice", ".html", render_article),
    Layout("notice tables", "notice", ".html", render_notice_tables),
    Layout("typed rows", "notice", ".html", render_typed_rows),
    Layout("before and after", "notice", ".html", render_before_after, holds=_asks_for_papers, fit=adjust),
    Layout("from and to", "notice", ".html", render_from_to, fit=move),
    Layout("tables with rowspans", "catalogue", ".html", render_tables),
    Layout("Markdown copy", "catalogue", ".md", render_markdown, loses_rows=True),
    # One line a cell: where the requirement begins is told by its first words alone, and a name may stand there.
    Layout("paste", "catalogue", ".txt", render_paste, loses_rows=True, holds=_begins_plainly),
    Layout("spreadsheet lines", "catalogue", ".txt", render_sheet),
)


def _notice_lines(made: Sequence[MadeCategory]) -> Iterator[str]:
    yield from (_TITLE, "来源 | 示例平台运营中心", "各位开发者:")
    for action, by_action in groupby(made, lambda one: one.action):
        yield _ACTIONS[action]
        for entity_type, group in groupby(by_action, lambda one: one.entity_type):
            yield _ENTITY_TYPES[entity_type or "non_personal"]
            for one in group:
                yield f"#【{'-'.join(one.path)}】"
                requirement, scope = render_requirement(one), render_scope(one)
                yield from ("现资质要求", *requirement) if requirement else ()
                yield from ("类目适用范围", *scope) if scope else ()


Row = list[tuple[list[str], int]]
"""The cells of a row, each its lines and how many rows it covers; 0 for one that the row above covers."""


def _group_branches(made: Sequence[MadeCategory]) -> Iterator[tuple[str, list[tuple[str, list[Row]]]]]:
    for entity_type, group in groupby(made, lambda one: one.entity_type):
        branches = [(name, _make_rows(list(rows))) for name, rows in groupby(group, lambda one: one.path[0])]
        yield _ENTITY_TYPES[entity_type or "non_personal"], branches


def _make_rows(made: list[MadeCategory]) -> list[Row]:
    cells = [
        [[one.path[1]], [one.path[2] if one.path[2:] else "/"], render_requirement(one), render_scope(one) or ["/"],
         list(one.remarks) or ["/"]]
        for one in made
    ]  # fmt: skip
    rows: list[Row] = [[] for _ in cells]
    for column in range(len(_HEADER)):
        start = 0
        for place in range(1, len(cells) + 1):
            same = place < len(cells) and cells[place][0] == cells[start][0] and column != 1
            if same and cells[place][column] == cells[start][column]:
                continue
            rows[start].append((cells[start][column], place - start))
            for covered in rows[start + 1 : place]:
                covered.append(([], 0))
            start = place
    return rows


def _render_cell(cell: tuple[list[str], int]) -> str:
    words, height = cell
    return f'<td rowspan="{height}">{"<br>".join(map(html.escape, words))}</td>' if height else ""


def _quote(words: str) -> str:
    doubled = words.replace('"', '""')
    return f'"{doubled}"' if "\n" in words else words


def _wrap(body: str) -> str:
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{_TITLE}</title></head><body>{body}</body></html>'
