"""Posts a message to a webhook's receiver, and tells what came of it.

An address is checked as a socket is made for it: whatever the name led to before, nothing is connected to that isn't
reached from everywhere. Redirects aren't followed, no proxy of the environment is used, and no more of an answer is
read than is asked for.
"""

import ssl
from collections.abc import Sequence
from pathlib import Path
from socket import socket
from typing import Any, NamedTuple, Self

import aiohttp

from chassis.http.addresses import Network
from services.feed.webhooks.addresses import is_inside

ANSWER_SECONDS = 10.0
"""For a whole message, from the look at the name to the end of the answer."""
MOST_ANSWERED = 16_384
"""Bytes of an answer that are read."""
IDLE_SECONDS = 4.0
"""A connection is kept for so long, which is less than servers keep one."""
CONTENT_TYPE = "application/cloudevents+json"
INSIDE = (
    "the address leads inside, where nothing is sent to: register one that is reached from everywhere, or have the "
    "centre allow its network (JOBPLUS_WEBHOOK_NETWORKS)"
)
_GONE = 410


class LeadsInside(Exception):
    """A name leads to an address that nothing is sent to."""

    def __init__(self, address: str) -> None:
        super().__init__(f"{address} is inside")
        self.address = address


class Answer(NamedTuple):
    """What came of a message to an address: `failure` says why it wasn't taken, None where it was; `for_good` that it
    won't be by trying again; `address` is the one inside that it led to."""

    url: str
    failure: str | None
    body: bytes = b""
    for_good: bool = False
    address: str | None = None


class Poster:
    """Posts messages, over connections that are kept for a while."""

    def __init__(self, allowed: Sequence[Network], authority: Path | None = None) -> None:
        self._allowed = allowed
        self._tls = ssl.create_default_context()
        if authority is not None:
            self._tls.load_verify_locations(authority)

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            ssl=self._tls,
            limit=0,
            use_dns_cache=False,
            happy_eyeballs_delay=None,
            keepalive_timeout=IDLE_SECONDS,
            socket_factory=self._socket,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS),
            auto_decompress=False,
            trust_env=False,
            headers={"User-Agent": "jobplus-feed", "Content-Type": CONTENT_TYPE, "Accept-Encoding": "identity"},
        )
        return self

    async def __aexit__(self, *_: Any) -> None:
        await self._session.close()

    async def post(self, url: str, headers: dict[str, str], body: bytes) -> Answer:
        """Post a message; what went wrong is told, never raised."""
        try:
            try:
                return await self._post(url, headers, body)
            except aiohttp.ServerDisconnectedError:
                # a kept connection that ended as it was taken up tells nothing of the receiver
                return await self._post(url, headers, body)
        except LeadsInside as error:
            return Answer(url, INSIDE, for_good=True, address=error.address)
        except TimeoutError:
            return Answer(url, f"there was no answer within {ANSWER_SECONDS:.0f} s: take it in first, then work on it")
        except aiohttp.ClientConnectorCertificateError as error:
            reason = getattr(error.certificate_error, "verify_message", "") or "it isn't trusted"
            return Answer(url, f"the certificate isn't good: {reason}")
        except aiohttp.ClientConnectorDNSError:
            return Answer(url, "the name leads nowhere: check the address, and the name's entry")
        except Exception as error:  # whatever a server can bring a client to
            return Answer(url, f"there was no whole answer ({type(error).__name__}): see that the receiver runs")

    async def _post(self, url: str, headers: dict[str, str], body: bytes) -> Answer:
        async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as response:
            read = bytearray()
            while len(read) < MOST_ANSWERED and (part := await response.content.read(MOST_ANSWERED - len(read))):
                read += part
            if not response.content.at_eof():
                response.close()
            failure = _why(response.status)
            return Answer(url, failure, bytes(read), for_good=response.status == _GONE)

    def _socket(self, found: Any) -> socket:
        """Make a socket for an address that a name led to (raises LeadsInside)."""
        family, kind, protocol, _, address = found
        if is_inside(address[0], self._allowed):
            raise LeadsInside(address[0])
        return socket(family, kind, protocol)


def _why(status: int) -> str | None:
    """Tell why an answer's status doesn't say that a message was taken; None where it does."""
    if 200 <= status < 300:
        return None
    if 300 <= status < 400:
        return f"it answered {status}, and redirects aren't followed: register the address that it leads to"
    if status in (401, 403):
        return f"it answered {status}: see that it has the secret that PUT /webhook told, and that its clock is right"
    if status == _GONE:
        return "it answered 410: it wants no more"
    return f"it answered {status}"
