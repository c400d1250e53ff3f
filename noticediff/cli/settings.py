"""`schema`, `profile` and `config`: what the program's formats, profiles and configuration are."""

# ruff: noqa: PLC0415 - doors are opened when a command runs: --help must not pay for a parser.

from __future__ import annotations

import os
import shutil
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import click

from noticediff.cli.output import write_result
from noticediff.cli.session import LOGGER, Session, pass_session
from noticediff.inert import make_line
from snapshots.errors import DeliveryError, MissingVariableError, UsageError

if TYPE_CHECKING:
    from noticediff.config import Config

SCHEMAS = (
    "parse",
    "diff",
    "snapshots",
    "show",
    "findings",
    "explain",
    "impact",
    "deepdiff",
    "reparse",
    "doctor",
    "quarantine",
    "told",
    "config",
)


@click.command()
@click.argument("name", type=click.Choice(SCHEMAS), metavar="NAME")
def schema(*, name: str) -> None:
    """Print the JSON Schema of an output or the configuration.

    NAME is parse, diff, snapshots, show, findings, explain, impact, reparse, doctor, quarantine, deepdiff for that
    format of diff, told for what on_news gets, or config.
    """
    import msgspec

    from differ.encode import DeltaOutput, DiffOutput
    from noticediff.config_keys import build_config_schema
    from noticediff.delivery.command import ToldOutput
    from noticediff.doctor import DoctorOutput
    from noticediff.formats import ParseOutput, ShowOutput, SnapshotsOutput
    from noticediff.impact import ImpactOutput
    from noticediff.ours import OursOutput
    from noticediff.quarantine_json import QuarantineOutput
    from noticediff.reasons import Explanation
    from noticediff.reviews import FindingsOutput
    from snapshots.codec import encode_json

    if name == "config":
        write_result(encode_json(build_config_schema()))
        return
    outputs = {
        "parse": ParseOutput,
        "diff": DiffOutput,
        "snapshots": SnapshotsOutput,
        "show": ShowOutput,
        "impact": ImpactOutput,
        "findings": FindingsOutput,
        "explain": Explanation,
        "deepdiff": DeltaOutput,
        "quarantine": QuarantineOutput,
        "reparse": OursOutput,
        "doctor": DoctorOutput,
        "told": ToldOutput,
    }
    write_result(encode_json(msgspec.json.schema(outputs[name])))


@click.group()
def profile() -> None:
    """See, copy and check the profiles of platforms."""


@profile.command("list")
@pass_session
def list_profiles_command(session: Session) -> None:
    """List the profiles that pages are read with.

    They are those that ship, and those that the configuration names under `profiles`; the marks on a page choose.
    """
    from scraper.profile.profile import load_profile

    files = {load_profile(path).name: path for path in session.config.profiles}
    for found in session.profiles:
        place = f" ({files[found.name]})" if found.name in files else ""
        write_result(f"{make_line(found.name)}  {make_line((found.description or found.platform) + place)}")


@profile.command("show")
@click.argument("name")
@pass_session
def show_profile(session: Session, *, name: str) -> None:
    """Print a profile as the TOML that it is, to copy and change."""
    from scraper.profile.profile import load_profile

    files = {load_profile(path).name: path for path in session.config.profiles}
    path = files.get(name, name)
    load_profile(path, session.profiles)
    shipped = resources.files("scraper") / "profiles" / f"{name}.toml"
    write_result(Path(path).read_bytes() if path.endswith(".toml") else shipped.read_bytes())


@profile.command("check")
@click.argument("file")
def check_profile(*, file: str) -> int:
    """Check a profile: each fault with its line and key.

    FILE is the TOML file. All faults are told at once, with exit code 2; a good profile is told in one line.
    """
    from scraper.profile.profile import Profile, load_profile, read_profile_text
    from scraper.profile.profile_check import check_profile_text

    faults = check_profile_text(read_profile_text(file), Profile)
    for fault in faults:
        LOGGER.error("%s", fault.describe(file))
    if faults:
        return UsageError.exit_code
    found = load_profile(file)
    write_result(make_line(f"{file}: a good profile; it reads pages of {found.platform} as '{found.name}'"))
    return 0


@click.group()
def config() -> None:
    """Check the configuration."""


@config.command("check")
@pass_session
def check_config(session: Session) -> None:
    """Check the configuration and name what it watches."""
    from noticediff.plain import count_nouns
    from scraper.profile.profile import load_profile

    found = session.config
    if found.path is None:
        raise UsageError("there is no configuration; write ./noticediff.toml, or name one with --config")
    profiles = session.profiles
    for source in found.sources:
        if source.profile is not None:
            load_profile(source.profile, profiles)
    portfolio = session.load_portfolio(None)
    _check_channels(found)
    write_result(f"{found.path}: {count_nouns(len(found.sources), 'source', 'sources')}")
    for source in found.sources:
        write_result(f"  {source.name}: {source.kind}, {source.address}")
    for channel in found.channels:
        write_result(
            make_line(f"  {channel.name}: {', '.join(channel.gets)}, {' '.join(channel.command) or channel.url}")
        )
    if portfolio is not None:
        write_result(f"  {found.portfolio}: {count_nouns(len(portfolio.programs), 'program', 'programs')}")


def _check_channels(found: Config) -> None:
    """Raise UsageError for a channel that cannot work; warn of what may be there when cron runs."""
    from noticediff.delivery.dispatch import check_channel

    for channel in found.channels:
        if channel.command and shutil.which(channel.command[0]) is None:
            raise UsageError(f"{found.path}: {channel.name}: '{channel.command[0]}' is no program that can be started")
        try:
            check_channel(channel, os.environ)
        except MissingVariableError as error:
            LOGGER.warning("%s: notify '%s': %s", found.path, channel.name, error)
        except DeliveryError as error:
            raise UsageError(f"{found.path}: notify '{channel.name}': {error}") from error
