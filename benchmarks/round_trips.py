"""Made categories to pages and back, in every layout: `python -m benchmarks.round_trips [--examples N] [--seed N]`.

What is read must equal what was written but for line numbers, enumerators and white space. Where a copy cannot keep
every row, those it lost are problems and the others equal.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from hypothesis import HealthCheck, Phase, given, seed, settings

from benchmarks.corpus_report import print_row
from benchmarks.layouts import LAYOUTS, Layout
from benchmarks.made_categories import MadeCategory, categories, list_requirement_notes, made_from
from scraper.parse import parse_page
from snapshots.category import CategoryPath, EntityType
from snapshots.errors import PageRefusedError
from snapshots.notice import Action, NoticeEntry, Page

EXAMPLES = 2_000
_LOST = frozenset({"short-row", "unnamed-row"})


def make_page(layout: Layout, made: Sequence[MadeCategory]) -> Page:
    """The page that says of the categories what they are to say."""
    content = layout.render(made).encode()
    return Page(name=f"made{layout.suffix}", content=content, sha256=hashlib.sha256(content).hexdigest())


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """How what is read from a page differs from what was written on it, and how many rows it is told to have lost."""

    differences: list[str]
    told: int = 0


def try_round_trip(layout: Layout, made: Sequence[MadeCategory]) -> RoundTrip:
    """What comes back of the categories; no difference where the law holds."""
    try:
        reading = parse_page(make_page(layout, made))
    except PageRefusedError as error:
        return RoundTrip([], len(made)) if layout.loses_rows else RoundTrip([str(error)])
    found = [entry for document in reading.documents for entry in document.entries]
    told = sum(problem.code in _LOST for problem in reading.problems) if layout.loses_rows else 0
    differences = [
        f"{problem.code} at line {problem.line}: {problem.text}"
        for problem in reading.problems
        if not (layout.loses_rows and problem.code in _LOST)
    ]
    read = {(entry.action, entry.entity_type, entry.path): entry for entry in found}
    if len(found) + told < len(made) or len(read) != len(found):
        differences.append(f"{len(made)} categories were written, {len(found)} read, {told} told to be lost")
    return RoundTrip([*differences, *_compare(made, read)], len(made) - len(found))


def _compare(
    made: Sequence[MadeCategory], read: dict[tuple[Action, EntityType | None, CategoryPath], NoticeEntry]
) -> Iterator[str]:
    written = [(one.action, one.entity_type, one.path) for one in made]
    if [key for key in written if key in read] != list(read):
        yield f"read are {list(read)}, written {written}"
    for one, key in zip(made, written, strict=True):
        if key not in read:
            continue
        if (told := made_from(read[key])) != (asked := _expect(one)):
            yield f"written {asked}, read {told}"
        notes = tuple(note.text for note in read[key].notes if note.where == "requirement")
        if sorted(notes) != sorted(list_requirement_notes(one.requirement)):
            yield f"of {key} the notes {list_requirement_notes(one.requirement)} were read as {notes}"


def _expect(made: MadeCategory) -> MadeCategory:
    """What must be read of a category: a remark is a note of its scope."""
    return replace(made, notes=(*made.notes, *made.remarks), remarks=())


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table of the layouts; 1 where one of them is not read back equal."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.round_trips")
    parser.add_argument("--examples", type=int, default=EXAMPLES, help="pages of each layout")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    print_row(("layout", "pages", "categories", "read back", "told to be lost", "seconds"))
    print_row(("---",) * 6)
    failed = False
    for layout in LAYOUTS:
        start = time.process_time()
        counts = [0, 0, 0]
        failure = _try_layout(layout, asked.examples, asked.seed, counts)
        failed = failed or bool(failure)
        seconds = f"{time.process_time() - start:.0f}"
        print_row((layout.name, str(counts[0]), str(counts[1]), failure or "equal", str(counts[2]), seconds))
    return int(failed)


def _try_layout(layout: Layout, examples: int, number: int, counts: list[int]) -> str:
    """The first difference, of the smallest page that has one; `counts`: pages, categories, rows told to be lost."""

    @seed(number)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    @given(drawn=categories(layout.form))
    def law(drawn: list[MadeCategory]) -> None:
        made = layout.choose(drawn)
        if not made:
            return
        counts[0] += 1
        counts[1] += len(made)
        trip = try_round_trip(layout, made)
        counts[2] += trip.told
        if trip.differences:
            raise AssertionError("\n".join([trip.differences[0], layout.render(made)]))

    try:
        law()
    except AssertionError as error:
        return str(error)
    return ""


if __name__ == "__main__":
    raise SystemExit(main())
