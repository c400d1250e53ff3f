"""Names of two levels that have changed places: 「宠物寄养 | 宠物服务」 beside 「需补充【宠物服务-宠物医院】类目」.

Which level a name is of, the rest of the page tells: its other entries, what they go on as, what their notes refer to.
Nothing is put right; the entry stays as the page has it, and is a problem.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from scraper.ledger import Ledger
from scraper.page.lines import Line
from snapshots.category import CategoryPath
from snapshots.folding import fold
from snapshots.notice import NoticeEntry, Problem

_FEWEST_LEVELS = 2


def report_swapped(entries: Sequence[NoticeEntry], lines: Iterable[Line], ledger: Ledger) -> None:
    """Tell of each entry whose last name is a first one elsewhere on the page, where its first one is none."""
    paths = Counter(path for entry in entries for path in _list_paths(entry))
    firsts, lasts = Counter[str](), Counter[str]()
    for path, count in paths.items():
        firsts[path[0]] += count
        lasts[path[-1]] += count
    doubtful = [entry for entry in entries if any(_is_swapped(path, firsts, lasts) for path in _list_own(entry))]
    texts = {line.number: line.text for line in reversed(list(lines))} if doubtful else {}
    for entry in doubtful:
        number = entry.lines[0]
        message = "elsewhere on the page these names are of other levels; two cells may have changed places"
        ledger.add(Problem(line=number, text=texts[number], code="swapped-levels", message=message))


def _is_swapped(path: CategoryPath, firsts: Counter[str], lasts: Counter[str]) -> bool:
    first, last = path[0], path[-1]
    if first == last or firsts[first] > 1:  # once is here
        return False
    return firsts[last] > 0 or (lasts[first] > 0 and lasts[last] == 1)


def _list_own(entry: NoticeEntry) -> Iterator[CategoryPath]:
    for path in (entry.path, *entry.targets):
        if len(path) >= _FEWEST_LEVELS:
            yield tuple(map(fold, path))


def _list_paths(entry: NoticeEntry) -> Iterator[CategoryPath]:
    yield from _list_own(entry)
    for reference in entry.references:
        for target in reference.targets:
            if len(target) >= _FEWEST_LEVELS:
                yield tuple(map(fold, target))
