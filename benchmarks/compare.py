"""How long rebuilding and comparing take: part of what `make bench` prints.

Two catalogues that were decoded apart, so that no object is shared, differ in one category of a hundred. The floor is
one `==` per key over the same two dictionaries of categories. As in the program, garbage is not collected meanwhile;
the best CPU time of the rounds counts.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import re
import statistics
import time
from collections.abc import Callable
from functools import partial

import msgspec

from differ.compare import diff_snapshots
from differ.text import diff_text
from differ.verdict.papers import load_names
from differ.verdict.verdict import compare_requirements
from snapshots.category import category_key
from snapshots.folding import fold
from snapshots.notice import Document, NoticeEntry, Scope
from snapshots.period import InForce
from snapshots.rebuild import rebuild_snapshot
from snapshots.requirement import AllOf, Choose, Paper, Requirement
from snapshots.snapshot import Snapshot, StoredDocument

_FLOOR_GOAL, _FLOOR_LIMIT = 1.5, 3.0
_DEEPDIFF_GOAL = 1 / 500
_TEXT_GOAL = 1.5
_GROWTH_GOAL = 1.3
_TOKEN = re.compile(r"\n|[^\S\n]*(?:《[^《》]*》|【[^【】]*】|[A-Za-z0-9]+|\S)|[^\S\n]+")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each comparison is measured (5)")
    parser.add_argument("--short", action="store_true", help="leave the largest catalogues out")
    options = parser.parse_args()
    gc.disable()
    print(f"{'categories':>12}{'floor ms':>10}{'diff':>8}{'goal':>7}{'limit':>7}")
    for count in (5_000,) if options.short else (5_000, 50_000):
        old, new = make_snapshots(count)
        floor = _measure(partial(_compare_plainly, old, new), options.rounds)
        ours = _measure(partial(diff_snapshots, old, new), options.rounds)
        print(f"{count:>12,}{floor * 1000:>10.1f}{ours / floor:>7.1f}×{_FLOOR_GOAL:>6}×{_FLOOR_LIMIT:>6}×")
    _print_deepdiff(1_000 if options.short else 5_000)
    _print_verdicts()
    _print_text(options.rounds)
    _print_growth(2_000 if options.short else 5_000, 20_000 if options.short else 100_000)


def make_snapshots(count: int) -> tuple[Snapshot, Snapshot]:
    """The states after one catalogue of so many categories, and after a second in which one of a hundred differs."""
    first, second = _make_document(count, day=1), _make_document(count, day=2)
    return rebuild_snapshot([first], at=None), rebuild_snapshot([first, second], at=None)


def _make_document(count: int, day: int) -> StoredDocument:
    document = Document(
        kind="catalogue",
        title="开放的服务类目",
        platform="bench",
        complete_for=(Scope(entity_type="non_personal"),),
        entries=tuple(_make_entry(number, changed=day > 1 and number % 100 == 0) for number in range(count)),
    )
    moment = dt.datetime(2026, 1, day, tzinfo=dt.UTC)
    return StoredDocument(
        id=f"bench-{day}",
        sequence=day,
        known=moment,
        captured=moment,
        page_sha256=f"{day:064}",
        page_name="bench.html",
        url=None,
        source=None,
        profile="bench",
        in_force=InForce(moment.date(), "captured"),
        document=msgspec.json.decode(msgspec.json.encode(document), type=Document),
    )


def _make_entry(number: int, *, changed: bool) -> NoticeEntry:
    path = (f"业务{number // 50}", f"类目{number}")
    return NoticeEntry(
        action="listed",
        entity_type="non_personal",
        path=path,
        key=category_key("bench", "non_personal", path),
        requirement=_make_requirement(number, changed=changed),
        scope=f"适用于提供第{number}种服务。",
        lines=(number, number + 3),
    )


def _make_requirement(number: int, *, changed: bool) -> Requirement:
    both = [f"许可证{number}", "备案证明" if changed else "合作协议"]
    return Choose(
        n=1,
        marker="(2选1)",
        items=(
            AllOf(marker="同时提供", items=tuple(Paper(text=f"《{title}》", title=title) for title in both)),
            Paper(text="《营业执照》(经营范围需含“零售”)", title="营业执照", qualifier="经营范围需含“零售”"),
        ),
    )


def _compare_plainly(old: Snapshot, new: Snapshot) -> int:
    return sum(category != old.categories.get(key) for key, category in new.categories.items())


def _print_deepdiff(count: int) -> None:
    from deepdiff import DeepDiff  # noqa: PLC0415 - only this table needs it

    old, new = make_snapshots(count)
    plain_old, plain_new = (
        {key: msgspec.to_builtins(found) for key, found in side.categories.items()} for side in (old, new)
    )
    theirs = _measure(partial(DeepDiff, plain_old, plain_new, threshold_to_diff_deeper=0), 1)
    ours = _measure(partial(diff_snapshots, old, new), 3)
    print(f"\nAgainst DeepDiff of {count:,} keyed categories: 1/{theirs / ours:.0f} (goal 1/{1 / _DEEPDIFF_GOAL:.0f})")


def _print_verdicts() -> None:
    names = load_names()
    times = []
    for number in range(500):
        old, new = (_make_requirement(number, changed=changed) for changed in (False, True))
        times.append(_measure(partial(compare_requirements, old, new, names), 1))
    print(f"A verdict: {statistics.median(times) * 1_000_000:.0f} µs (median of {len(times)})")


def _print_text(rounds: int) -> None:
    from rapidfuzz.distance import Indel  # noqa: PLC0415 - only this table needs it

    old = "适用于提供《营业执照》与【公益-募捐服务】相关的服务,如:第一、第二、第三种;" * 20
    new = old.replace("第二", "第二十", 3).replace("相关的", "", 2)
    tokens = [[fold(token) for token in _TOKEN.findall(text)] for text in (old, new)]
    theirs = _measure(partial(Indel.opcodes, *tokens), rounds * 20)
    ours = _measure(partial(diff_text, old, new), rounds * 20)
    print(f"A text of {len(old)} characters, against rapidfuzz alone: {ours / theirs:.1f}× (goal {_TEXT_GOAL}×)")


def _print_growth(small: int, large: int) -> None:
    each = {}
    for count in (small, large):
        began = time.process_time()
        diff_snapshots(*make_snapshots(count))
        each[count] = (time.process_time() - began) / count
    growth = each[large] / each[small]
    print(f"Rebuilding and comparing, per category from {small:,} to {large:,}: {growth:.2f}× (goal {_GROWTH_GOAL}×)")


def _measure(run: Callable[[], object], rounds: int) -> float:
    """The best CPU time of the rounds, in seconds."""
    gc.collect()
    best = float("inf")
    for _ in range(rounds):
        began = time.process_time()
        run()
        best = min(best, time.process_time() - began)
    return best


if __name__ == "__main__":
    main()
