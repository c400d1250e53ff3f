"""Names to addresses: which of them a page may be fetched from."""

from __future__ import annotations

import ipaddress
import socket
import threading

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE = ipaddress.IPv6Network("::/96")


class AddressRefusedError(Exception):
    """A host that is not connected to; `cause` is the reason in a word that stays the same from night to night."""

    def __init__(self, reason: str, cause: str) -> None:
        """Keep the reason and the cause."""
        super().__init__(reason)
        self.reason = reason
        self.cause = cause


def resolve_host(host: str, port: int, *, allow_private: bool, seconds: float) -> tuple[str, ...]:
    """The addresses of the host, each of which the world can reach (or any, with `allow_private`).

    The caller connects to one of these and asks no resolver again: a name that answers with a public address first and
    with 127.0.0.1 a moment later (DNS rebinding) gains nothing. One private address among several refuses the name.
    Raises AddressRefusedError, also where the resolver does not answer within the time.
    """
    addresses = _ask_resolver(host, port, seconds)
    for address in () if allow_private else addresses:
        if not is_public(ipaddress.ip_address(address)):
            raise AddressRefusedError(
                f"'{host}' is the private address {address}; its source must say allow_private = true", "private"
            )
    return addresses


def is_public(address: _Address) -> bool:
    """Whether the world can reach the address, and each IPv4 address that it wraps.

    `::ffff:127.0.0.1` leads to the loopback; `64:ff9b::a00:1` leads a NAT64 gateway to 10.0.0.1.
    """
    return all(found.is_global and not found.is_multicast for found in (address, *_list_wrapped(address)))


def _list_wrapped(address: _Address) -> tuple[ipaddress.IPv4Address, ...]:
    if isinstance(address, ipaddress.IPv4Address):
        return ()
    last = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address.ipv4_mapped is not None or address in _NAT64 or address in _COMPATIBLE:
        return (last,)
    wrapped = (address.sixtofour, *(address.teredo or ()))
    return tuple(found for found in wrapped if found is not None)


def _ask_resolver(host: str, port: int, seconds: float) -> tuple[str, ...]:
    """What the system's resolver says, in its order; a resolver that hangs is left behind in its thread."""
    found: list[str] = []
    failures: list[Exception] = []

    def ask() -> None:
        try:
            answer = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.extend(dict.fromkeys(str(address[0]) for *_, address in answer))
        except (OSError, UnicodeError) as error:
            failures.append(error)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(max(seconds, 0))
    if thread.is_alive():
        raise AddressRefusedError(f"the name '{host}' could not be looked up in time", "name")
    if failures or not found:
        raise AddressRefusedError(f"the name '{host}' is not known", "name")
    return tuple(found)
