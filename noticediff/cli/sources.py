"""`source`: a try of one source, without the store."""

# ruff: noqa: PLC0415 - doors are opened when a command runs: --help must not pay for a parser.

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from noticediff.cli.output import write_result
from noticediff.cli.session import Session, pass_session
from noticediff.inert import make_line
from snapshots.errors import UsageError

if TYPE_CHECKING:
    from noticediff.probe import Probe


@click.group()
def source() -> None:
    """Try the sources of the configuration."""


@source.command("test")
@click.argument("name")
@pass_session
def try_source(session: Session, *, name: str) -> None:
    """Fetch a source twice and compare what came.

    Says what is read, and what on the page moves between two looks. Nothing is stored. Of a list, the first page that
    it links to is tried too.
    """
    from noticediff.probe import probe_source

    if session.config.path is None:
        raise UsageError("there is no configuration; write ./noticediff.toml, or name one with --config")
    found = session.config.find_source(name)
    for probe in probe_source(found, now=session.now, profiles=session.profiles):
        head, *lines = map(make_line, _describe(probe))
        write_result("\n  ".join((head, *lines)))


def _describe(probe: Probe) -> list[str]:
    if probe.bytes_differ is None:
        again = "the second time the server says that nothing changed (304)"
    elif not probe.bytes_differ:
        again = "the second time the same bytes came"
    elif probe.reading_differs:
        again = "the second time it said something else: find the part that moves, and a selector or profile without it"
    else:
        again = "the second time other bytes said the same (a counter, or comments): no news"
    marks = ", ".join(probe.validators) or "none: the whole page comes every night"
    return [probe.address, probe.what, again, f"to ask again with: {marks}"]
