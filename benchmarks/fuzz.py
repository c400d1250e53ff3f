"""Pages that nobody would publish: `python -m benchmarks.fuzz [--seconds 60] [--seed 1] [--atheris]`.

The examples in every layout are changed byte by byte and piece by piece, and each must be read or refused: another
exception, or a line without a place, is a fault. Pieces are repeated to a small and to a large page: time must not grow
faster than the page. Of some pages the memory is measured. Faults are made smaller and shown.

With `--atheris` the changes are chosen by the code that they reach (the group `fuzz` of pyproject.toml).
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import random
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.corpus_report import print_row
from benchmarks.fuzz_costs import (
    FACTOR,
    LONGEST,
    MOST_GROWTH,
    MOST_MEMORY,
    TooSlowError,
    limit_time,
    measure_growth,
    measure_memory,
    read_or_refuse,
)
from benchmarks.fuzz_pages import change_page, find_seeds, shrink_page


@dataclass(slots=True)
class Findings:
    """What the run has done and what it found."""

    pages: int = 0
    refused: int = 0
    growth_tried: int = 0
    worst_growth: tuple[float, str] = (0.0, "")
    memory_tried: int = 0
    worst_memory: float = 0.0
    faults: dict[str, bytes] = field(default_factory=dict)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and print what was found; 1 where something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--atheris", action="store_true")
    asked = parser.parse_args(arguments)
    if asked.atheris:
        return run_atheris(asked.seconds, asked.seed)
    findings = run_plainly(asked.seconds, asked.seed)
    growth, piece = findings.worst_growth
    print_row(("seconds", "seed", "pages", "refused", "growth tried", "worst", "memory tried", "worst", "faults"))
    print_row(("---",) * 9)
    print_row((f"{asked.seconds:g}", str(asked.seed), str(findings.pages), str(findings.refused),
               str(findings.growth_tried), f"{growth:.1f}× of {FACTOR}× ({piece!r})", str(findings.memory_tried),
               f"{findings.worst_memory:.0f}", str(len(findings.faults))))  # fmt: skip
    for fault, content in findings.faults.items():
        print(f"\n{fault}\n    {content[:900].decode('utf-8', 'backslashreplace')!r}")
    return int(bool(findings.faults))


def run_plainly(seconds: float, seed: int) -> Findings:
    """Change pages by chance for some seconds."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, no secret
    seeds = list(find_seeds())
    findings = Findings()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        content = change_page(chance.choice(seeds), chance)
        findings.pages += 1
        try:
            with limit_time():
                findings.refused += read_or_refuse(content)
        except Exception as error:  # noqa: BLE001 - any exception is what is looked for
            _keep(findings, error, content)
        if findings.pages % 20 == 0:
            _try_growth(chance, findings)
        if findings.pages % 50 == 0:
            _try_memory(content, findings)
    return findings


def run_atheris(seconds: float, seed: int) -> int:
    """Let atheris choose the changes; it ends the process itself."""
    atheris = importlib.import_module("atheris")  # only where it is installed
    atheris.instrument_all()
    corpus = Path(sys.argv[0]).with_name("__pycache__") / "fuzz"
    corpus.mkdir(parents=True, exist_ok=True)
    for content in find_seeds():
        (corpus / hashlib.sha256(content).hexdigest()).write_bytes(content[:6_000])
    options = [f"-max_total_time={seconds:g}", f"-seed={seed}", "-max_len=8000", "-timeout=20", "-rss_limit_mb=2000"]
    atheris.Setup([sys.argv[0], *options, str(corpus)], read_or_refuse)
    atheris.Fuzz()
    return 0


def _try_growth(chance: random.Random, findings: Findings) -> None:
    growth = measure_growth(chance)
    findings.growth_tried += 1
    findings.worst_growth = max(findings.worst_growth, (growth.times, growth.piece))
    if growth.times > MOST_GROWTH:
        fault = f"time grows {growth.times:.0f}× where the page grows {FACTOR}× ({growth.seconds:.2f} s)"
        findings.faults.setdefault(fault, growth.page)


def _try_memory(content: bytes, findings: Findings) -> None:
    multiple = measure_memory(content)
    findings.memory_tried += 1
    findings.worst_memory = max(findings.worst_memory, multiple)
    if multiple > MOST_MEMORY:
        findings.faults.setdefault(f"takes {multiple:.0f} bytes for a byte of the page", content)


def _keep(findings: Findings, error: Exception, content: bytes) -> None:
    fault = describe_error(error)
    if isinstance(error, TooSlowError):
        findings.faults[f"more than {LONGEST} s for {len(content)} bytes, in {fault}"] = content
    elif fault not in findings.faults:
        findings.faults[fault] = shrink_page(content, lambda smaller: _fails_so(smaller, fault))


def describe_error(error: Exception) -> str:
    """The error and the place that raised it: one fault for all pages that lead there."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(place.filename).name}, {place.name}: {error}"[:200]


def _fails_so(content: bytes, fault: str) -> bool:
    try:
        read_or_refuse(content)
    except Exception as error:  # noqa: BLE001 - the one that is looked for
        return describe_error(error).partition(":")[0] == fault.partition(":")[0]
    return False


if __name__ == "__main__":
    raise SystemExit(main())
