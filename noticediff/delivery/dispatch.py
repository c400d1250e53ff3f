"""Deliveries: each message to each of its channels once, and again where it failed.

That a delivery is begun is kept before anything is sent, and that it is done afterwards. A run that ends between the
two leaves it open whether the message arrived; it is then sent again, with the same key: twice told is a nuisance, and
untold is a loss.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from importlib import import_module
from types import ModuleType

from msgspec.structs import replace

from noticediff.config_keys import ENVIRONMENT
from noticediff.delivery.files import Shelf
from noticediff.delivery.limit import send_within
from noticediff.delivery.parcel import Parcel
from noticediff.notify_config import ChannelConfig
from snapshots.errors import DeliveryError, MissingVariableError
from snapshots.message import Delivery, Message
from snapshots.outbox import Outbox

TIME_LIMIT = 60.0
"""Seconds that a service has in all."""
_MOST_FAILURES = 2
"""After so many failures in a run a channel is left alone until the next: its server is down, and each try costs time.
One more than the first, so that a message that no server would take does not stop those behind it."""

_LOGGER = logging.getLogger(__name__)


def deliver_messages(
    outbox: Outbox, channels: Sequence[ChannelConfig], shelf: Shelf, *, now: dt.datetime, environment: Mapping[str, str]
) -> int:
    """Send what is not sent, oldest first, and return how many deliveries failed.

    What fails is told in one line, kept, and tried by the next run.
    """
    known = {channel.name: channel for channel in channels}
    failures: Counter[str] = Counter()
    for delivery in outbox.list_deliveries():
        message = outbox.load_message(delivery.message)
        channel = known.get(delivery.channel)
        if channel is None:
            _drop(outbox, delivery, message, now)
        elif failures[channel.name] < _MOST_FAILURES:
            is_sent = _deliver(outbox, delivery, message, channel, shelf, now=now, environment=environment)
            failures[channel.name] += not is_sent
    return failures.total()


def send_parcel(channel: ChannelConfig, parcel: Parcel, environment: Mapping[str, str]) -> None:
    """Send it on the channel; raises DeliveryError."""
    if channel.command:
        if parcel.message.kind == "news" and not parcel.files:
            raise DeliveryError("the files of the digest are not written yet")
        from noticediff.delivery.command import run_command  # noqa: PLC0415 - only where there is one

        run_command(channel.command, parcel)
        return
    services = _import_services()
    address = _find_address(channel, environment)
    send_within(TIME_LIMIT, partial(services.send_to_service, address, parcel, form=channel.form))


def check_channel(channel: ChannelConfig, environment: Mapping[str, str]) -> None:
    """Raise DeliveryError where the channel's service cannot be used, without sending anything."""
    if not channel.command:
        services = _import_services()
        services.open_service(_find_address(channel, environment))


def _import_services() -> ModuleType:
    """The door to apprise: an extra, and 0.2 s."""
    try:
        return import_module("noticediff.delivery.services")
    except ModuleNotFoundError as error:
        raise DeliveryError("sending needs more; install noticediff[notify]") from error


def pack_parcel(outbox: Outbox, message: Message, channel: str, shelf: Shelf) -> Parcel:
    """The message for the channel, under a key that is the same each time."""
    fragment = outbox.load_part(message, "fragment")
    return Parcel(
        key=make_delivery_key(message.key, channel),
        message=message,
        where=shelf.locate(message),
        files=shelf.list_paths(message),
        fragment=None if fragment is None else fragment.decode(),
        facts=outbox.load_part(message, "json"),
    )


def make_delivery_key(message: str, channel: str) -> str:
    """A name for the message on that channel."""
    return hashlib.sha256(f"{message} {channel}".encode()).hexdigest()[:32]


def _find_address(channel: ChannelConfig, environment: Mapping[str, str]) -> str:
    address = channel.url or ""
    if not address.startswith(ENVIRONMENT):
        return address
    variable = address.removeprefix(ENVIRONMENT)
    if not environment.get(variable):
        raise MissingVariableError(f"the environment has no {variable}; its url stands there")
    return environment[variable].strip()


def _deliver(
    outbox: Outbox,
    delivery: Delivery,
    message: Message,
    channel: ChannelConfig,
    shelf: Shelf,
    *,
    now: dt.datetime,
    environment: Mapping[str, str],
) -> bool:
    told = f"notify '{channel.name}': '{message.title}'"
    if delivery.state == "sending":
        _LOGGER.error("%s: the last run ended while it sent this; it is sent again, and may arrive twice", told)
    begun = replace(delivery, state="sending", tries=delivery.tries + 1, at=now)
    outbox.save_delivery(begun)
    parcel = pack_parcel(outbox, message, channel.name, shelf)
    try:
        send_parcel(channel, parcel, environment)
    except Exception as error:  # noqa: BLE001 - whatever a service's code does, the other channels are told
        reason = str(error) if isinstance(error, DeliveryError) else f"a fault: {type(error).__name__}: {error}"
        outbox.save_delivery(replace(begun, state="waiting", error=reason))
        _LOGGER.error("%s: not sent: %s; the next run tries again", told, reason)  # noqa: TRY400 - one line
        return False
    outbox.save_delivery(replace(begun, state="sent", error=None))
    _LOGGER.info("%s: sent", told)
    return True


def _drop(outbox: Outbox, delivery: Delivery, message: Message, now: dt.datetime) -> None:
    outbox.save_delivery(replace(delivery, state="dropped", at=now))
    told = "notify '%s': '%s' was not sent and is not any more: the configuration has no such channel now"
    _LOGGER.error(told, delivery.channel, message.title)
