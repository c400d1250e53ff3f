"""What is read from each page of a folder, as a Markdown table: `python -m benchmarks.corpus_report FOLDER`.

A structured leaf names a paper 《…》 or stands in a list (a choice, or all of); the others are words that a person must
read. A page that is refused, or of which a profile must be named, is listed with the reason.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from scraper.fetching.read import read_page
from scraper.parse import parse_page
from snapshots.errors import NoticediffError
from snapshots.notice import Reading
from snapshots.requirement import AllOf, Choose, Paper, Requirement, Text, iterate_leaves

COLUMNS = ("page", "kind", "documents", "entries", "leaves", "structured", "share", "text leaves", "problems")


def main(arguments: list[str]) -> int:
    """Print the table; 2 where no folder is named."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print("usage: python -m benchmarks.corpus_report FOLDER", file=sys.stderr)
        return 2
    print_row(COLUMNS)
    print_row(["---"] * len(COLUMNS))
    for path in sorted(Path(arguments[0]).iterdir()):
        if path.is_file() and not path.name.startswith("."):
            print_page(path)
    return 0


def print_page(path: Path) -> None:
    """Print the row of a page."""
    try:
        reading = parse_page(read_page(str(path), None))
    except NoticediffError as error:
        reason = str(error).removeprefix(f"{path}: ")
        print_row([path.name, f"refused: {reason}", *("" for _ in COLUMNS[2:])])
        return
    print_row([path.name, *describe(reading)])


def describe(reading: Reading) -> Iterator[str]:
    """The cells of a page's row, after its name."""
    entries = [entry for document in reading.documents for entry in document.entries]
    leaves = [leaf for entry in entries for leaf in iterate_leaves(entry.requirement)]
    structured = sum(count_structured(entry.requirement) for entry in entries)
    yield ", ".join(dict.fromkeys(document.kind for document in reading.documents))
    yield str(len(reading.documents))
    yield count(f"{entry.action} {entry.entity_type or ''}".strip() for entry in entries) or "0"
    yield str(len(leaves))
    yield str(structured)
    yield f"{structured / len(leaves):.1%}" if leaves else "–"
    yield str(sum(1 for leaf in leaves if isinstance(leaf, Text)))
    yield count(problem.code for problem in reading.problems) or "0"


def count_structured(requirement: Requirement | None) -> int:
    """How many leaves name a paper or stand in a list."""
    match requirement:
        case AllOf() | Choose() | Paper():
            return sum(1 for _ in iterate_leaves(requirement))
        case _:
            return 0


def count(words: Iterator[str]) -> str:
    """How often each word comes, the most frequent first: 「8 added overseas, 2 removed」."""
    return ", ".join(f"{number} {word}" for word, number in Counter(words).most_common())


def print_row(cells: list[str] | tuple[str, ...]) -> None:
    """Print the cells as a row of a Markdown table."""
    print("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
