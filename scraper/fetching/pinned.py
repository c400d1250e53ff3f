"""Connections that keep to their bounds: to the checked address and no other, until the deadline and no longer.

The client's own timeouts count anew with every byte: a server that sends one header byte a second, or `100 Continue`
for ever, holds it as long as it likes. Here every wait on the network is cut to what is left of the page's time.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore2

from scraper.fetching.addresses import resolve_host


class DeadlineError(Exception):
    """The time for the page is over."""


class Deadline:
    """The moment up to which a page has to be whole."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def cut(self, timeout: float | None) -> float:
        """The timeout, but not beyond the deadline; raises DeadlineError where that is over."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise DeadlineError
        return left if timeout is None else min(timeout, left)

    @property
    def is_over(self) -> bool:
        """Whether nothing is left."""
        return time.monotonic() >= self._end


class PinnedBackend(httpcore2.NetworkBackend):
    """Resolves a host once, has each address checked, and connects to what was checked."""

    def __init__(self, deadline: Deadline, *, allow_private: bool) -> None:
        self._deadline = deadline
        self._allow_private = allow_private
        self._backend = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """A connection to the first of the host's addresses that takes one."""
        del local_address
        host = host.removeprefix("[").removesuffix("]")
        seconds = self._deadline.cut(timeout)
        *others, last = resolve_host(host, port, allow_private=self._allow_private, seconds=seconds)
        for address in others:
            try:
                return self._connect(address, port, timeout, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                continue
        return self._connect(last, port, timeout, socket_options)

    def _connect(
        self, address: str, port: int, timeout: float | None, options: Iterable[httpcore2.SOCKET_OPTION] | None
    ) -> httpcore2.NetworkStream:
        seconds = self._deadline.cut(timeout)
        stream = self._backend.connect_tcp(address, port, timeout=seconds, socket_options=list(options or ()))
        return _TimedStream(stream, self._deadline)


class _TimedStream(httpcore2.NetworkStream):
    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, timeout=self._deadline.cut(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout=self._deadline.cut(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        # Python counts the timeout of a handshake as a whole, not between two bytes of it.
        stream = self._stream.start_tls(ssl_context, server_hostname, timeout=self._deadline.cut(timeout))
        return _TimedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
