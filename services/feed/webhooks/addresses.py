"""Which addresses a webhook may have: of its URL by itself, and of what its name leads to."""

import asyncio
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from chassis.http.addresses import Network

_NAT64 = IPv6Network("64:ff9b::/96")
_GLOBAL_V6 = IPv6Network("2000::/3")
"""All of IPv6 that is given out to be reached from everywhere."""
_INSIDE: tuple[Network, ...] = (
    IPv4Network("192.0.0.0/24"),  # for protocols, and some cloud's own service of each virtual machine
    IPv4Network("192.88.99.0/24"),  # anycast of 6to4, which leads into whatever network is near
    IPv4Network("168.63.129.16/32"),  # looks public, and is a cloud's own service of each virtual machine
    IPv6Network("2001::/23"),  # for protocols: Teredo among them, which holds an address of IPv4
    IPv6Network("2001:db8::/32"),
    IPv6Network("2002::/16"),  # 6to4 holds an address of IPv4
    IPv6Network("3fff::/20"),
)
"""What isn't reached from everywhere although not every version of `ipaddress` says so."""


def wrong_url(url: str, *, http: bool) -> str | None:
    """Tell what is wrong with a URL that a webhook is to have, whatever its name leads to; None where nothing is."""
    if any(character <= " " or character == "\\" or not character.isascii() for character in url):
        return "it holds spaces, backslashes or letters beyond ASCII: write it as it is sent, the host in punycode"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "it is no address: give it as https://hooks.example.org/jobplus"
    if parts.scheme != "https" and not (http and parts.scheme == "http"):
        return "it must begin with https://, so that nobody reads along"
    if not parts.hostname or port == 0:
        return "it names no host: give it as https://hooks.example.org/jobplus"
    if parts.username is not None or parts.password is not None:
        return "leave out the user and password: requests are signed instead"
    if parts.fragment or "#" in url:
        return "leave out what follows the #, which isn't sent"
    return None


def is_inside(address: str, allowed: Sequence[Network]) -> bool:
    """Tell whether an IP address is one that isn't reached from everywhere, or holds such a one, and in none of the
    networks that are allowed nonetheless."""
    found = _held(ip_address(address.partition("%")[0]))
    return not _is_global(found) and not any(found in network for network in allowed)


def _held(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Give the address of IPv4 that one of IPv6 leads to; any other itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address


def _is_global(address: IPv4Address | IPv6Address) -> bool:
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if isinstance(address, IPv6Address) and address not in _GLOBAL_V6:
        return False
    return not any(address in network for network in _INSIDE)


async def leads_inside(host: str, allowed: Sequence[Network], seconds: float) -> bool | None:
    """Tell whether a name leads inside by now; None where it leads nowhere, or nobody says so in time."""
    looking = asyncio.create_task(_look(host))
    _LOOKS.add(looking)
    looking.add_done_callback(_LOOKS.discard)
    await asyncio.wait({looking}, timeout=seconds)
    found = looking.result() if looking.done() else ()
    return any(is_inside(address, allowed) for address in found) if found else None


async def _look(host: str) -> Sequence[str]:
    """Give the addresses that a name leads to. A look that nobody waits for any more keeps its place: it holds one of
    the few threads that look up names for the whole process."""
    async with _AT_ONCE:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, None)
        except (OSError, UnicodeError):
            return ()
    return [str(address[0]) for *_, address in found]


_AT_ONCE = asyncio.Semaphore(2)
_LOOKS: set[asyncio.Task[Sequence[str]]] = set()
