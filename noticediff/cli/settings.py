"""`schema`, `profile` and `config`: what the program's formats, profiles and configuration are."""

# ruff: noqa: PLC0415 - doors are opened when a command runs: --help must not pay for a parser.

from __future__ import annotations

from importlib import resources
from pathlib import Path

import click

from noticediff.cli.output import write_result
from noticediff.cli.session import Session, pass_session
from snapshots.errors import UsageError

SCHEMAS = ("parse", "diff", "snapshots", "show")


@click.command()
@click.argument("name", type=click.Choice(SCHEMAS))
def schema(*, name: str) -> None:
    """Print the JSON Schema of a command's output."""
    import msgspec

    from differ.encode import DiffOutput
    from noticediff.formats import ParseOutput, ShowOutput, SnapshotsOutput
    from snapshots.codec import encode_json

    outputs = {"parse": ParseOutput, "diff": DiffOutput, "snapshots": SnapshotsOutput, "show": ShowOutput}
    write_result(encode_json(msgspec.json.schema(outputs[name])))


@click.group()
def profile() -> None:
    """See the profiles of platforms."""


@profile.command("list")
def list_profiles_command() -> None:
    """List the profiles that ship with the program."""
    from scraper.profile import list_profiles, load_profile

    for name in list_profiles():
        write_result(f"{name}  {load_profile(name).description}".rstrip())


@profile.command("show")
@click.argument("name")
def show_profile(*, name: str) -> None:
    """Print a profile as the TOML that it is, to copy and change."""
    from scraper.profile import load_profile

    load_profile(name)
    shipped = resources.files("scraper") / "profiles" / f"{name}.toml"
    write_result(Path(name).read_bytes() if name.endswith(".toml") else shipped.read_bytes())


@click.group()
def config() -> None:
    """Check the configuration."""


@config.command("check")
@pass_session
def check_config(session: Session) -> None:
    """Check the configuration and name what it watches."""
    from noticediff.plain import count_nouns
    from scraper.profile import load_profile

    found = session.config
    if found.path is None:
        raise UsageError("there is no configuration; write ./noticediff.toml, or name one with --config")
    for source in found.sources:
        if source.profile is not None:
            load_profile(source.profile)
    write_result(f"{found.path}: {count_nouns(len(found.sources), 'source', 'sources')}")
    for source in found.sources:
        write_result(f"  {source.name}: {source.kind}, {source.address}")
