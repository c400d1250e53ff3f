"""No test sends a packet anywhere but to this machine, nor asks a resolver outside it for a name."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("long", max_examples=3000, deadline=None)
"""For laws whose number of cases is left open: `pytest --hypothesis-profile=long`."""

_HERE = frozenset({"", "localhost", "0.0.0.0", "::"})  # noqa: S104 - where a test's server may be asked to listen


def is_here(host: str) -> bool:
    """Whether the host is this machine, by its address and without asking anybody."""
    if host in _HERE:
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def is_literal(host: str) -> bool:
    """Whether a resolver asks nobody for the host: it is an address, in whatever spelling."""
    return all(letter in "0123456789abcdefABCDEFxX.:%" for letter in host) and any(map(str.isdigit, host))


@pytest.fixture(autouse=True)
def stay_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let sockets of the tests reach this machine only; a test that resolves names brings a resolver of its own."""

    def guard(method: str, place: int) -> None:
        original: Callable[..., Any] = getattr(socket.socket, method)

        def checked(self: socket.socket, *arguments: Any) -> Any:
            if self.family in {socket.AF_INET, socket.AF_INET6} and not is_here(str(arguments[place][0])):
                raise AssertionError(f"a test sends a packet to {arguments[place]}")
            return original(self, *arguments)

        monkeypatch.setattr(socket.socket, method, checked)

    for method, place in (("connect", 0), ("connect_ex", 0), ("sendto", -1)):
        guard(method, place)
    resolve = socket.getaddrinfo

    def checked_names(host: str | bytes | None, *arguments: Any, **more: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host or ""
        if not re.fullmatch(r"[\w.:%-]*", name):
            raise socket.gaierror(socket.EAI_NONAME, "no name that a resolver is asked for")
        if not is_here(name) and not is_literal(name):
            raise AssertionError(f"a test asks a resolver for '{name}'")
        return resolve(host, *arguments, **more)

    monkeypatch.setattr(socket, "getaddrinfo", checked_names)
