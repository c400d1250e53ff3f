"""That the tests keep to this machine is itself tested: tests/conftest.py holds them to it."""

from __future__ import annotations

import socket

import pytest


@pytest.mark.parametrize(("family", "host"), [(socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")])
@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_a_packet_to_another_machine_fails_the_test(family: int, host: str, kind: int) -> None:
    with socket.socket(family, kind) as connection:
        with pytest.raises(AssertionError, match="sends a packet"):
            connection.connect((host, 80))
        with pytest.raises(AssertionError, match="sends a packet"):
            connection.connect_ex((host, 80))
        with pytest.raises(AssertionError, match="sends a packet"):
            connection.sendto(b"x", (host, 53))


def test_a_question_to_a_resolver_fails_the_test() -> None:
    with pytest.raises(AssertionError, match=r"asks a resolver for 'example\.com'"):
        socket.getaddrinfo("example.com", 80)


def test_this_machine_may_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
    assert socket.getaddrinfo("localhost", 80)
    assert socket.getaddrinfo("2130706433", 80)
