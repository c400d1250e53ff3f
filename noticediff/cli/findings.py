"""`findings` and `review`: what does not add up, and what somebody decided on it."""

# ruff: noqa: PLC0415 - doors are opened when a command runs: --help must not pay for a database.
# ruff: noqa: A002 - an option's name gives its environment variable: NOTICEDIFF_FINDINGS_FORMAT.

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import click

from noticediff.cli.options import LAST_DIGEST, format_option, read_since, scope_options
from noticediff.cli.output import write_result
from noticediff.cli.session import Session, pass_session
from noticediff.cli.upkeep import read_as_now
from noticediff.inert import make_line
from snapshots.errors import UsageError

if TYPE_CHECKING:
    from differ.changes import Severity


@click.command()
@click.option(
    "--since",
    callback=read_since,
    metavar="DATE|last-digest",
    default=LAST_DIGEST,
    show_default=True,
    help="What was not known at the end of this day, or when `track` last wrote a digest, is new.",
)
@format_option(["text", "json"], "text")
@click.option("--all", is_flag=True, help="List also what was dismissed and what is resolved.")
@click.option(
    "--fail-on",
    type=click.Choice(["info", "warning", "error"]),
    help="Exit with 1 where one that nobody has decided on is that grave, or graver.",
)
@scope_options
@pass_session
def findings(
    session: Session,
    *,
    since: dt.date | None,
    format: str,
    all: bool,
    fail_on: Severity | None,
    platform: str | None,
    entity_type: str | None,
) -> int:
    """List what does not add up in the pages, and between them.

    New are those that were not known at the last digest, open those that were. One that `review` dismissed is counted,
    and listed only with --all.
    """
    from noticediff.findings import gather_both
    from noticediff.narrow import narrow_findings
    from noticediff.news import load_known
    from noticediff.plain_findings import describe_findings
    from noticediff.reviews import is_severity_reached, list_findings
    from snapshots.codec import encode_json

    with session.open_store() as store:
        read_as_now(session, store)
        documents = store.load_documents()
        known = load_known(store, since=since)
        reviews = store.load_reviews()
    session.tell_idle_corrections(documents)
    before, found = (
        narrow_findings(gathered, platform=platform, entity_type=entity_type)
        for gathered in gather_both(known, documents, session.outlook)
    )
    by_id = {stored.id: stored for stored in session.outlook.correct(documents)}
    output = list_findings(found, before, reviews, by_id, all_findings=all)
    write_result(encode_json(output) if format == "json" else describe_findings(output, session.emphasize))
    return int(fail_on is not None and is_severity_reached(output, fail_on))


@click.command()
@click.argument("id")
@click.option("--accept", is_flag=True, help="It is so, and known: it stays listed.")
@click.option("--dismiss", is_flag=True, help="It is none: it is counted, and listed no more.")
@click.option("--because", metavar="TEXT", required=True, help="Why; it is kept with the decision.")
@pass_session
def review(session: Session, *, id: str, accept: bool, dismiss: bool, because: str) -> None:
    """Decide on the finding ID, and say why. The first digits of an ID are enough where no other one begins so.

    The decision is added to a log in the store, with your login name; the last one on a finding counts. It holds for
    as long as the finding is the same, also when all is derived again.
    """
    import getpass

    if accept == dismiss:
        raise UsageError("review: say either --accept or --dismiss")
    if not because.strip():
        raise UsageError("review: --because needs a reason")
    try:
        who = getpass.getuser()
    except (KeyError, OSError):
        who = "unknown"
    with session.open_store(hold=True) as store:
        from differ.findings.findings import merge_findings
        from noticediff.findings import gather_both
        from noticediff.news import load_known
        from noticediff.reviews import find_by_id
        from snapshots.record import Review

        read_as_now(session, store)
        known, current = gather_both(load_known(store, since=None), store.load_documents(), session.outlook)
        finding = find_by_id(merge_findings((*known, *current)), id)
        if finding.id not in {found.id for found in current}:
            raise UsageError(f"review: {finding.id} is resolved: the pages that are known now do not show it any more")
        decided = Review(
            finding=finding.id,
            decision="accepted" if accept else "dismissed",
            reason=because.strip(),
            who=who,
            at=session.now,
        )
        store.save_review(decided)
    write_result(make_line(f"{decided.decision}: {finding.id} {finding.code} {finding.message}"))
