"""A year of nights against a server that misbehaves: `python -m benchmarks.nights --seed N [--nights 365]`.

A site on the loopback publishes notices and a catalogue, edits them, and breaks in the ways that sites break, all drawn
from the seed. `noticediff track` runs once a night, with the clock set to that night. At the end every real change must
stand in exactly one digest, and nothing else in any; each breakdown must have been told once, with its end.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path
from unittest import mock

import time_machine
from click.testing import CliRunner
from msgspec import Struct

from benchmarks.site import QUIET, Site, build_handler
from noticediff.cli import main as program
from scraper.fetching.fetch import FetchLimits

START = dt.datetime(2025, 1, 1, 3, 0, tzinfo=dt.UTC)
LIMITS = FetchLimits(total=3.0, size=300_000, backoff=0.0)
CONFIG = """\
store = "notices.db"

[[source]]
name = "notices"
url = "{url}/list"
kind = "list"
match = "类目调整"
next = "a.next"
allow_private = true
pause = 0

[[source]]
name = "catalogue"
url = "{url}/catalogue"
kind = "catalogue"
allow_private = true
pause = 0
"""


class Outcome(Struct, frozen=True, kw_only=True):
    """What the nights showed: changes made and told, nights by how the site was, and what was wrong."""

    nights: int
    made: Counter[str]
    told: Counter[str]
    digests: int
    broken_nights: int
    episodes: int
    alarms: int
    ends: int
    requests: int
    faults: tuple[str, ...]

    @property
    def lost(self) -> int:
        """Changes that no digest tells."""
        return (self.made - self.told).total()

    @property
    def false(self) -> int:
        """Records of digests that are no change, or are told twice."""
        return (self.told - self.made).total()


def main(arguments: list[str]) -> int:
    """Run the nights and print what came of them; 1 where a change was lost, told twice, or made up."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.nights")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--nights", type=int, default=365)
    options = parser.parse_args(arguments)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        outcome = run_nights(Path(folder), seed=options.seed, nights=options.nights)
    print(f"seed {options.seed}, {outcome.nights} nights, {time.monotonic() - began:.0f} s")
    print(f"real changes: {outcome.made.total()}; told once: {(outcome.made & outcome.told).total()}; ", end="")
    print(f"lost: {outcome.lost}; told twice or made up: {outcome.false}; digests: {outcome.digests}")
    print(f"nights on which the site was broken: {outcome.broken_nights}, in {outcome.episodes} breakdowns; ", end="")
    print(f"alarms: {outcome.alarms}; ends told: {outcome.ends}; requests: {outcome.requests}")
    for name, changes in (("lost", outcome.made - outcome.told), ("false", outcome.told - outcome.made)):
        for change in changes.elements():
            print(f"FAULT {name}: {change}")
    for fault in outcome.faults:
        print(f"FAULT {fault}")
    return int(bool(outcome.lost or outcome.false or outcome.faults))


def run_nights(folder: Path, *, seed: int, nights: int) -> Outcome:
    """What came of so many nights, in this folder."""
    site = Site(seed)
    calm = min(QUIET, nights // 4)  # at the end, for what is looked at late
    faults: list[str] = []
    alarms = ends = broken = digests = 0
    told: Counter[str] = Counter()
    with serve(site) as url, mock.patch("scraper.fetching.fetch.LIMITS", LIMITS):
        config = folder / "noticediff.toml"
        config.write_text(CONFIG.format(url=url), encoding="utf-8")
        for night in range(nights):
            site.begin_night(is_last=night >= nights - calm)
            with time_machine.travel(START + dt.timedelta(days=night), tick=True):
                run = CliRunner().invoke(program, ["--quiet", "--config", str(config), "track"])
            lines = run.stderr.splitlines()
            over = [line for line in lines if ": over; wrong since" in line]
            alarms, ends, broken = alarms + len(lines) - len(over), ends + len(over), broken + site.is_broken
            faults += [f"night {night}: {fault}" for fault in _find_faults(site, run.exit_code, lines, len(over))]
            for path in map(Path, run.stdout.splitlines()):
                if path.suffix == ".json":
                    digests += 1
                    told.update(_list_told(path, is_first=night == 0))
        held = CliRunner().invoke(program, ["--config", str(config), "quarantine", "list", "--format", "json"])
        faults += [f"quarantine {page['id']} still waits" for page in json.loads(held.stdout)["pages"]]
    return Outcome(
        nights=nights,
        made=site.made,
        told=told,
        digests=digests,
        broken_nights=broken,
        episodes=site.episodes,
        alarms=alarms,
        ends=ends,
        requests=site.requests,
        faults=tuple(faults),
    )


def _find_faults(site: Site, code: int, lines: list[str], ends: int) -> Iterator[str]:
    """What the run's exit code and its talk should not be, on such a night."""
    if (code != 0) != site.is_broken or code not in {0, 3, 4}:
        yield f"exit code {code}, and broken is {site.broken or 'nothing'}: {lines}"
    if len(lines) - ends != site.began:
        yield f"{len(lines) - ends} alarms, and {site.began} breakdowns began: {lines}"
    if ends != site.ended:
        yield f"{ends} ends told, and {site.ended} breakdowns ended: {lines}"


def _list_told(digest: Path, *, is_first: bool) -> Iterator[str]:
    """What the digest tells: the paper that a category asks for now, or the category that is gone."""
    for change in json.loads(digest.read_text(encoding="utf-8"))["changes"]:
        new = [field["new"] for field in change["fields"] if field["field"] == "requirement"]
        papers = re.findall(r"《(文件\d+)》", json.dumps(new, ensure_ascii=False))
        if change["kind"] == "removed":
            yield f"removed {change['path'][-1]}"
        elif papers:
            yield papers[0]
        elif not is_first:
            yield f"{change['kind']} {change['path'][-1]}"


@contextmanager
def serve(site: Site) -> Iterator[str]:
    """The address of the site, as long as it is needed."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), build_handler(site))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
