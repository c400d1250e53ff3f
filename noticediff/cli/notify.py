"""`notify`: the ways that news and alarms go, and a try of one."""

# ruff: noqa: PLC0415 - doors are opened when a command runs: --help must not pay for a database.

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from noticediff.cli.output import write_result
from noticediff.cli.session import LOGGER, Session, pass_session
from noticediff.inert import make_line
from snapshots.errors import UsageError

if TYPE_CHECKING:
    from noticediff.notify_config import ChannelConfig
    from snapshots.message import Delivery


@click.group()
def notify() -> None:
    """See and try the ways that news and alarms go.

    They are the [[notify]], on_news and on_alarm of the configuration.
    """


@notify.command("list")
@pass_session
def list_channels(session: Session) -> None:
    """List the channels, and what each has still to get."""
    channels = _require_channels(session)
    with session.open_store(required=False) as store:
        waiting = store.outbox.list_deliveries()
    for channel in channels:
        write_result(make_line(_describe(channel, [found for found in waiting if found.channel == channel.name])))


@notify.command("test")
@click.argument("name")
@pass_session
def try_channel(session: Session, *, name: str) -> None:
    """Send a test message on the channel of that NAME.

    It goes as news would, and is not kept. The exit code is 3 where it could not be sent.
    """
    from noticediff.config import suggest_name
    from noticediff.delivery.dispatch import send_parcel
    from noticediff.delivery.trial import build_trial, save_trial

    channels = _require_channels(session)
    channel = next((found for found in channels if found.name == name), None)
    if channel is None:
        near = suggest_name(name, [found.name for found in channels])
        raise UsageError(f"notify '{name}': {session.config.path} has no channel of that name{near}")
    parcel = build_trial(channel.gets[0], session.now)
    if channel.command:
        with save_trial(parcel) as whole:
            send_parcel(channel, whole, os.environ)
    else:
        send_parcel(channel, parcel, os.environ)
    LOGGER.info("%s", make_line(f"notify '{name}': sent"))


def _require_channels(session: Session) -> tuple[ChannelConfig, ...]:
    config = session.config
    if not config.channels:
        where = "there is no configuration" if config.path is None else f"{config.path}: there is no [[notify]]"
        raise UsageError(f"{where}; news and alarms go nowhere but into files and to standard error")
    return config.channels


def _describe(channel: ChannelConfig, waiting: list[Delivery]) -> str:
    gets = " and ".join({"news": "news", "alarm": "alarms"}[kind] for kind in channel.gets)
    told = f"{channel.name}: {gets}, {' '.join(channel.command) or channel.url}"
    if not waiting:
        return f"{told}; nothing waits"
    error = next((found.error for found in waiting if found.error), None)
    return f"{told}; {len(waiting)} waiting{f': {error}' if error else ''}"
