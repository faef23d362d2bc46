"""From which address a request comes: the peer's, or what the proxies that are trusted say of it.

A proxy adds to X-Forwarded-For whom it heard. Read from its end, the first that is no trusted proxy is who asks; what
stands before that anybody may have written.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

Network = IPv4Network | IPv6Network

UNKNOWN = "unknown"
MOST_HOPS = 10
"""Of a longer X-Forwarded-For the end is read."""


def networks_of(text: str) -> tuple[Network, ...]:
    """Read networks, separated by commas (raises ValueError)."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def address_of(scope: Any, trusted: Sequence[Network]) -> str:
    """Tell the address that a request comes from; one that no proxy could have written counts for nothing."""
    client = scope.get("client")
    found = UNKNOWN
    for hop in _hops(scope, client[0] if client else ""):
        address = _read(hop)
        if address is None:
            break
        found = str(address)
        if not any(address in network for network in trusted):
            break
    return found


def group_of(address: str) -> str:
    """Give whom an address is counted with: a household or an office has a whole /64 of IPv6."""
    read = _read(address)
    return str(ip_network((read, 64), strict=False)) if isinstance(read, IPv6Address) else address


def _hops(scope: Any, peer: str) -> list[str]:
    """Give who passed a request on, the nearest first."""
    said = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for").decode("latin-1")
    return [peer, *reversed(said.split(",")[-MOST_HOPS:] if said else ())]


def _read(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
