"""What damaged pages are read as: `python -m benchmarks.mutations [FOLDER] [--each N] [--seed N] [--list N]`.

The pages are the examples, the examples in every other layout, and those of the folder. For each way to damage a page
and each page, `N` damages are made by chance of the seed, and each is

- *identical*: the same documents, form and preamble apart;
- *detected*: the page is refused, or a problem that the whole page has not stands near the place;
- *silent*: other documents, and nothing said;
- *no reader's*: silent, but what is gone are whole lines that nothing on the page asks for.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from benchmarks.accounts import list_lines
from benchmarks.corpus_report import print_row
from benchmarks.damages import KINDS, Damage, Source, is_unnoticeable, split_pieces
from benchmarks.layouts import LAYOUTS
from benchmarks.made_categories import made_from
from benchmarks.round_trips import make_page
from scraper.fetching.read import read_page
from scraper.page.decode import decode_page
from scraper.page.lines import Line
from scraper.parse import explain_page, parse_page
from snapshots.category import Category
from snapshots.errors import NoticediffError, PageRefusedError
from snapshots.folding import fold
from snapshots.form import build_form
from snapshots.notice import Document, NoticeEntry, Page, Reading, requirement_block, scope_block

EXAMPLES = Path(__file__).parents[1] / "examples" / "pages"
Outcome = Literal["identical", "detected", "silent", "no reader's"]
OUTCOMES: tuple[Outcome, ...] = ("identical", "detected", "silent", "no reader's")
_NEAR = 12
"""How many lines from the damaged ones a problem may stand, beside the whole entries that these touch."""


@dataclass(frozen=True, slots=True)
class Target:
    """A page that is read without being refused, ready to be damaged."""

    page: Page
    reading: Reading
    source: Source
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """A damage and what became of it; `change` is the first difference of a silent one."""

    page: str
    said: str
    outcome: Outcome
    change: str = ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table and the silent ones."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutations")
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--each", type=int, default=20, help="damages of each kind for each page")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", type=int, default=5, help="silent ones to be shown of each kind")
    asked = parser.parse_args(arguments)
    targets = list(find_targets(asked.folder))
    print_row(("damage", "tried", *OUTCOMES))
    print_row(("---",) * (len(OUTCOMES) + 2))
    silent: dict[str, list[Trial]] = {}
    total: Counter[Outcome] = Counter()
    for kind in KINDS:
        trials = [trial for target in targets for trial in try_damages(target, kind, asked.each, asked.seed)]
        counts = Counter(trial.outcome for trial in trials)
        total += counts
        print_row((kind, str(len(trials)), *(str(counts[outcome]) for outcome in OUTCOMES)))
        silent[kind] = [trial for trial in trials if trial.outcome == "silent"]
    print_row(("all", str(total.total()), *(str(total[outcome]) for outcome in OUTCOMES)))
    for kind, trials in silent.items():
        for trial in trials[: asked.list]:
            print(f"\n{kind}: {trial.page}\n    {trial.said[:160]}\n    {trial.change[:300]}")
    return 0


def find_targets(folder: Path | None) -> Iterator[Target]:
    """The examples, these in the other layouts, and the pages of the folder that are not refused."""
    for path in sorted(EXAMPLES.glob("*.html")):
        target = make_target(read_page(str(path), None))
        if target is not None:
            yield target
            yield from _lay_out(target)
    for path in sorted(folder.iterdir()) if folder else ():
        if path.is_file() and (target := make_target(read_page(str(path), None))) is not None:
            yield target


def _lay_out(target: Target) -> Iterator[Target]:
    """The page's categories in the other layouts of its form, where these can hold them."""
    form = "catalogue" if target.reading.documents[0].kind == "catalogue" else "notice"
    made = [made_from(entry) for document in target.reading.documents for entry in document.entries]
    made = [one for one in made if one.action in ("listed", "added", "adjusted")]
    for layout in LAYOUTS:
        fitting = layout.choose(made) if layout.form == form else []
        page = make_page(layout, fitting) if fitting else None
        name = f"{Path(target.page.name).stem} as {layout.name}"
        if page is not None and (other := make_target(page, name)) is not None:
            yield other


def make_target(page: Page, name: str | None = None) -> Target | None:
    """The page ready to be damaged; None where it is refused."""
    try:
        explanation = explain_page(page)
    except NoticediffError:
        return None
    if isinstance(explanation.outcome, PageRefusedError):
        return None
    decoded = decode_page(page)
    names = {"path", "column heading", "heading", "title"}
    titles: set[str] = set()
    for line in explanation.lines:
        whats = {part.what for part in line.parts}
        text = _fold("".join(part.text for part in line.parts))
        if whats <= names or any(what.startswith(("section", "entity", "entry", "heading")) for what in whats):
            titles.add(text)
    inside_numbers = {
        line.number for line in explanation.lines if any(not part.what.startswith("outside") for part in line.parts)
    }
    words = {_fold(line.text) for line in list_lines(page) if line.number in inside_numbers}
    pieces = split_pieces(decoded.text, is_html=decoded.is_html)
    inside = tuple(piece for piece in pieces if _fold(piece.text) in words or "|" in piece.text or "\t" in piece.text)
    headings = tuple(piece for piece in inside if _fold(piece.text.lstrip("# ")) in titles and piece.text != "/")
    source = Source(decoded.text, decoded.is_html, inside, headings)
    shown = Page(name=name or Path(page.name).name, content=page.content, sha256=page.sha256)
    return Target(shown, explanation.outcome, source, tuple(list_lines(page))) if inside else None


def _fold(text: str) -> str:
    return fold(text.strip("# "))


def try_damages(target: Target, kind: str, each: int, seed: int) -> Iterator[Trial]:
    """Damages of one kind to one page, each once, with what became of them."""
    chance = random.Random(f"{seed} {kind} {target.page.name}")  # noqa: S311 - repeatable, no secret
    seen: set[tuple[str, str | None]] = set()
    for _ in range(each * 2):
        damage = KINDS[kind](target.source, chance)
        if damage is None or (damage.text, damage.label) in seen or len(seen) == each:
            continue
        seen.add((damage.text, damage.label))
        yield judge(target, damage)


def judge(target: Target, damage: Damage) -> Trial:
    """What became of the damage."""
    content = damage.text.encode()
    suffix = ".html" if target.source.is_html else ".txt"
    page = Page(name=f"page{suffix}", content=content, sha256=hashlib.sha256(content).hexdigest(),
                declared_encoding=damage.label)  # fmt: skip
    name = target.page.name
    try:
        reading = parse_page(page)
    except NoticediffError:
        return Trial(name, damage.said, "detected")
    before, after = list_forms(target.reading), list_forms(reading)
    if before == after:
        return Trial(name, damage.said, "identical")
    if has_news(target, reading, list_lines(page)):
        return Trial(name, damage.said, "detected")
    unseen = is_unnoticeable(target.source, damage) or (after < before and damage.lost is not None)
    return Trial(name, damage.said, "no reader's" if unseen else "silent", _show_change(before, after))


def _show_change(before: Counter[str], after: Counter[str]) -> str:
    """The first difference of two readings, with a few words around it."""
    gone, come = (next(iter(sorted((one - other).elements())), "") for one, other in ((before, after), (after, before)))
    same = next((at for at, (a, b) in enumerate(zip(gone, come, strict=False)) if a != b), 0)
    start = max(same - 30, 0)
    return f"{gone[:60]} … {gone[start : same + 60]} → {come[start : same + 60] or 'nothing'}"


def list_forms(reading: Reading) -> Counter[str]:
    """What the page says, form apart: a text for each document's head and for each entry, equal rows once."""
    return Counter({form: 1 for document in reading.documents for form in _list_document(document)})


def _list_document(document: Document) -> Iterator[str]:
    yield str((document.kind, fold(document.title or ""), fold(document.publisher or ""), document.period,
               document.published, document.effective, sorted(map(str, document.complete_for))))  # fmt: skip
    for entry in document.entries:
        yield f"{entry.action} {entry.key} {[fold('›'.join(target)) for target in entry.targets]} {_form(entry)}"


def _form(entry: NoticeEntry) -> str:
    category = Category(
        platform="",
        entity_type=entry.entity_type,
        path=entry.path,
        key=entry.key,
        requirement=requirement_block(entry),
        scope=scope_block(entry),
        attributes=entry.attributes or None,
    )
    return json.dumps(build_form(category), ensure_ascii=False, sort_keys=True)


def has_news(target: Target, reading: Reading, lines: Sequence[Line]) -> bool:
    """Whether a problem that the whole page has not stands near the lines that the damage has changed."""
    known = Counter((problem.code, problem.text) for problem in target.reading.problems)
    news = Counter((problem.code, problem.text) for problem in reading.problems) - known
    same = min(_count_equal(lines, target.lines), _count_equal(lines, target.lines, _read_cell))
    rest = min(len(lines), len(target.lines)) - same
    tail = min(_count_equal(lines[::-1], target.lines[::-1]), rest)
    first = lines[max(same - 1, 0)].number
    last = lines[max(len(lines) - tail, same) - 1].number
    for document in reading.documents:
        for entry in document.entries:
            if entry.lines[0] <= last and entry.lines[1] >= first:
                first, last = min(first, entry.lines[0]), max(last, entry.lines[1])
    return any(
        (problem.code, problem.text) in news and first - _NEAR <= problem.line <= last + _NEAR
        for problem in reading.problems
    )


def _read_text(line: Line) -> object:
    return line.text


def _read_cell(line: Line) -> object:
    return line.cell


def _count_equal(lines: Sequence[Line], others: Sequence[Line], read: Callable[[Line], object] = _read_text) -> int:
    """How many lines are equal from the beginning on."""
    pairs = zip(lines, others, strict=False)
    return next(
        (place for place, (one, other) in enumerate(pairs) if read(one) != read(other)), min(len(lines), len(others))
    )


if __name__ == "__main__":
    raise SystemExit(main())
