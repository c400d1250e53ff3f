"""What all tests share: they stay on this machine, and find a database where one is named."""

from __future__ import annotations

import ipaddress
import os
import re
import socket
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("long", max_examples=3000, deadline=None)
"""For laws whose number of cases is left open: `pytest --hypothesis-profile=long`."""

SERVER = os.environ.get("NOTICEDIFF_TEST_POSTGRESQL", "")
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


@pytest.fixture
def postgresql() -> Iterator[str]:
    """The address of an empty schema in the database that NOTICEDIFF_TEST_POSTGRESQL names; gone after the test."""
    if not SERVER:
        pytest.skip("NOTICEDIFF_TEST_POSTGRESQL names no database")
    psycopg = pytest.importorskip("psycopg")
    schema = f"noticediff_{uuid.uuid4().hex}"
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
        yield f"{SERVER}{'&' if '?' in SERVER else '?'}options=-csearch_path%3D{schema}"
        connection.execute(f"DROP SCHEMA {schema} CASCADE")
