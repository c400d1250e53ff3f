"""The time that a delivery may take in all: a server that sends a byte now and then passes every limit of a library."""

from __future__ import annotations

import threading
from collections.abc import Callable

from snapshots.errors import DeliveryError


def send_within(seconds: float, send: Callable[[], None]) -> None:
    """Send; raises what sending raises, and DeliveryError where it is not done in time.

    It is then left behind in its thread, which ends with the run at the latest. What it sent may arrive all the same,
    and again with the next try: under the same key.
    """
    ends: list[Exception | None] = []

    def run() -> None:
        try:
            send()
        except Exception as error:  # noqa: BLE001 - raised again by whoever waits
            ends.append(error)
        else:
            ends.append(None)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if not ends:
        raise DeliveryError(f"not done after {seconds:g} seconds; it may have arrived")
    if ends[0] is not None:
        raise ends[0]
