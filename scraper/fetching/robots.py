"""robots.txt: what a site asks of programs. The only door to Protego, which reads it as RFC 9309 says."""

from __future__ import annotations

from collections.abc import Callable

from protego import Protego

from snapshots.errors import FetchError, StatusError

AGENT = "noticediff"
_NO_CONNECTION = frozenset({"private", "name", "no connection", "tls", "proxy"})
"""What is wrong with the site itself: the page would fail in the same way, robots.txt or not."""
_TOO_MANY = 429
_CLIENT_ERRORS = range(400, 500)


class Rules:
    """What one site allows, and how long it asks to be left alone between two requests."""

    def __init__(self, text: str) -> None:
        self._rules = Protego.parse(text)

    def allows(self, url: str) -> bool:
        """Whether the page may be fetched."""
        return self._rules.can_fetch(url, AGENT)

    @property
    def pause(self) -> float:
        """Seconds between two requests (`Crawl-delay`), 0 where nothing is asked."""
        return self._rules.crawl_delay(AGENT) or 0.0


def load_rules(site: str, read: Callable[[str], str]) -> Rules:
    """The rules of the site (`https://example.com`), from its robots.txt; `read` gives the text at an address.

    A site that has none (404, 403) allows everything. One that cannot say at the moment (500, no connection) allows
    nothing until it can: raises FetchError.
    """
    try:
        return Rules(read(f"{site}/robots.txt"))
    except StatusError as error:
        if error.status in _CLIENT_ERRORS and error.status != _TOO_MANY:
            return Rules("")
        raise _explain(error) from error
    except FetchError as error:
        if error.cause in _NO_CONNECTION:
            raise
        raise _explain(error) from error


def _explain(error: FetchError) -> FetchError:
    reason = f"robots.txt cannot be had: {error.reason}; without it nothing of the site is fetched"
    return FetchError(
        error.address, f"{reason}, unless the source says robots = false", cause=f"robots.txt: {error.cause}"
    )
