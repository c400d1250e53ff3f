"""`export`: the raw pages of the store, in the form in which web archives are kept."""

# ruff: noqa: PLC0415 - doors are opened when a command runs: --help must not pay for a database.

from __future__ import annotations

import io

import click
from msgspec.structs import replace

from noticediff.cli.output import write_result
from noticediff.cli.session import LOGGER, Session, pass_session


@click.command()
@click.option("--warc", metavar="FILE", required=True, help="Write a web archive (.warc.gz); - is stdout.")
@pass_session
def export(session: Session, *, warc: str) -> None:
    """Give the raw pages back, as a web archive.

    Each page stands in it once for every time that it was news, with the moment of its capture; `noticediff add` reads
    it again.
    """
    from noticediff.plain import count_nouns
    from scraper.fetching.archives import write_archive

    with session.open_store() as store:
        captures = {stored.sequence: stored for stored in store.load_documents()}
        pages = [
            replace(
                store.load_page(stored.page_sha256), name=stored.page_name, url=stored.url, captured=stored.captured
            )
            for stored in captures.values()
        ]
    archive = io.BytesIO()
    write_archive(pages, archive)
    write_result(archive.getvalue(), warc, as_is=True)
    LOGGER.info("%s written", count_nouns(len(pages), "page", "pages"))
