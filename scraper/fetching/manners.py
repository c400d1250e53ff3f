"""How a guest behaves: a pause between two requests to one host, and another try where that can help.

The only door to stamina, which waits between tries: longer each time, and never as long as others do.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Iterable
from contextlib import AbstractContextManager

import stamina
from stamina.instrumentation import set_on_retry_hooks

from snapshots.errors import FetchError, StatusError

_LOGGER = logging.getLogger("noticediff.fetch")
_LONGEST_BACKOFF = 10.0

set_on_retry_hooks([])  # what is tried again is told here, in the program's own words


class Pauses:
    """When each host was last asked; a run has one."""

    def __init__(self) -> None:
        self._last: dict[str, float] = {}

    def wait(self, host: str, seconds: float) -> None:
        """Wait until so many seconds have gone since the last request to the host."""
        last = self._last.get(host)
        left = 0.0 if last is None else last + seconds - time.monotonic()
        if left > 0:
            time.sleep(left)

    def note(self, host: str) -> None:
        """The host was asked just now."""
        self._last[host] = time.monotonic()


def try_again(*, attempts: int, backoff: float, patience: float) -> Iterable[AbstractContextManager[bool | None]]:
    """The tries of one page, each a context to fetch it in; the error of the last one is raised.

    What may pass is tried again: connections that break, 429, 500, 502, 503, 504. A server that names a time
    (Retry-After) is given it, and a little more; one that asks for more than `patience` seconds is left for this run.
    """

    def decide(error: Exception) -> bool | float:
        if not isinstance(error, FetchError) or not error.may_pass:
            return False
        wait = error.wait if isinstance(error, StatusError) else None
        if wait is not None and wait > patience:
            return False
        _LOGGER.debug("%s; trying again", error)
        return True if wait is None else wait + backoff * random.random()  # noqa: S311 - jitter is no secret

    return stamina.retry_context(
        on=decide,
        attempts=attempts,
        timeout=None,
        wait_initial=backoff,
        wait_max=_LONGEST_BACKOFF,
        wait_jitter=backoff,
    )
