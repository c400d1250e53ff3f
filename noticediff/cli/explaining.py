"""`explain`: why a change is what it is said to be, and what a finding rests on."""

# ruff: noqa: PLC0415 - doors are opened when a command runs: --help must not pay for a database.
# ruff: noqa: A002 - an option's name gives its environment variable: NOTICEDIFF_EXPLAIN_FORMAT.

from __future__ import annotations

import shutil

import click

from noticediff.cli.options import format_option
from noticediff.cli.output import write_result
from noticediff.cli.session import Session, pass_session
from noticediff.cli.upkeep import read_as_now


@click.command()
@click.argument("id")
@format_option(["text", "json"], "text")
@pass_session
def explain(session: Session, *, id: str, format: str) -> None:
    """Show what the change or the finding ID rests on.

    Old and new side by side (on a narrow terminal one below the other), the rule that gave the verdict, a set of papers
    that shows it, and the lines of the pages. The IDs stand in digests, and in what diff and findings print; the first
    digits of one are enough where no other begins so.
    """
    from noticediff.plain_reasons import describe_explanation
    from noticediff.reasons import explain_id
    from snapshots.codec import encode_json

    with session.open_store() as store:
        read_as_now(session, store)
        found = explain_id(store, id, session.outlook)
    if format == "json":
        write_result(encode_json(found))
    else:
        write_result(describe_explanation(found, session.emphasize, width=shutil.get_terminal_size().columns))
