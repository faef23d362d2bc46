"""A small HTTP/1.1 client for one origin over kept connections, made to send a lot from one core.

The general clients cost as much a request as the service that they ask, and a benchmark must not measure its
client. Parsing is httptools', as in the server. Only what the interfaces need is here: a body in, a status and a
body out.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from copy import copy
from http import HTTPStatus
from time import monotonic
from typing import Any, NamedTuple, Self, cast
from urllib.parse import urlsplit

import httptools
import orjson

NOT_YET_KNOWN = b"urn:jobplus:problem:not-yet-known"
SEEKER_OF_ANOTHER = b"urn:jobplus:problem:seeker-of-another"
FIRST_PAUSE = 0.02
LONGEST_PAUSE = 1.0
ANSWER_SECONDS = 60.0
AWAY = frozenset({502, 503, 504})
"""The service is away for now: it says so itself, or a proxy before it does."""
PATIENCE = 120.0
"""Seconds for which a service may be away, as while it is started again."""
KEPT_SECONDS = 30.0
"""How long a connection without a request is used again: the services end theirs after 75 s, and a request on one
that is just being ended has no answer."""
CONNECTIONS = 64

Token = str | Callable[[], str]
"""A token, or what gives the one that is valid now."""


class Answer(NamedTuple):
    """A response: its status and its body."""

    status: int
    body: bytes

    def json(self) -> Any:
        return orjson.loads(self.body)


Ask = Callable[[str, str, bytes, Mapping[str, str], str], Awaitable[Answer]]
"""Has a change asked, by method, path, body, headers and token (raises ConnectionError)."""


class Refusal(Exception):
    """A request was answered with an error."""

    def __init__(self, method: str, path: str, answer: Answer) -> None:
        super().__init__(f"{method} {path}: {answer.status} {answer.body.decode('utf-8', 'replace')[:600]}")
        self.answer = answer

    @property
    def may_pass(self) -> bool:
        """Whether the same request may be accepted later."""
        status, body = self.answer
        return status in {429, *AWAY} or (status == 409 and NOT_YET_KNOWN in body)

    @property
    def whose(self) -> str | None:
        """The counsellor whose seeker it was about, where that is why."""
        if SEEKER_OF_ANOTHER not in self.answer.body:
            return None
        return self.answer.json()["facts"]["counsellor_id"]

    @property
    def of_token(self) -> bool:
        """Whether it is the token that isn't valid, or no longer."""
        return self.answer.status == HTTPStatus.UNAUTHORIZED


class Unanswered(Exception):
    """The service gave no usable answer for too long."""


class _Connection(asyncio.Protocol):
    """One kept connection, one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[Answer] | None = None
        self._parser: Any = None
        self._body: list[bytes] = []
        self.open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's has another base class
        self.open = True

    def send(self, request: bytes) -> asyncio.Future[Answer]:
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._parser = httptools.HttpResponseParser(self)
        self._body = []
        self._transport.write(request)
        return self._answer

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self.close()
            self._fail(ConnectionError(str(error)))

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(Answer(self._parser.get_status_code(), b"".join(self._body)))
        if not self._parser.should_keep_alive():
            self.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self.open = False
        self._fail(ConnectionError(f"the connection ended: {exc or 'closed by the service'}"))

    def _fail(self, error: Exception) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)

    def close(self) -> None:
        self.open = False
        if self._transport is not None:
            self._transport.close()


class _Again:
    """Counts what all who share connections send again."""

    def __init__(self) -> None:
        self.sent = 0


class Client:
    """Sends requests to one service as one role, over at most `connections` connections.

    The address may have a path, under which a proxy has the service: http://127.0.0.1:8080/intake. A service at an
    https address shows a certificate that `trust` accepts, or the system where there is none.
    """

    def __init__(
        self, url: str, token: Token, connections: int = CONNECTIONS, trust: ssl.SSLContext | None = None
    ) -> None:
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or (443 if secure else 80)
        self._trust = (trust or ssl.create_default_context()) if secure else None
        self._below = parts.path.rstrip("/")
        self._token = token
        self._head = f" HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Bearer "
        self._free = asyncio.Semaphore(connections)
        self._idle: list[tuple[float, _Connection]] = []
        self._again = _Again()
        self._ask: Ask | None = None

    def bearing(self, token: Token) -> Self:
        """Give a client that asks over the same connections as somebody else."""
        other = copy(self)
        other._token = token
        return other

    def asking(self, ask: Ask) -> Self:
        """Give a client that has its changes asked in another way, as patiently as its own; it reads as before."""
        other = copy(self)
        other._ask = ask
        return other

    @property
    def repeated(self) -> int:
        """How many requests were sent again, whoever asked."""
        return self._again.sent

    async def once(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        """Send one request, once (raises ConnectionError)."""
        token = self.token
        given = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
        head = f"{method} {self._below}{path}{self._head}{token}\r\n{given}Content-Length: {len(body)}\r\n\r\n"
        request = head.encode() + body
        async with self._free:
            connection = await self._connection()
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    answer = await connection.send(request)
            except BaseException:
                connection.close()
                raise
            if connection.open:
                self._idle.append((monotonic(), connection))
            return answer

    @property
    def token(self) -> str:
        """The token that it shows now."""
        return self._token if isinstance(self._token, str) else self._token()

    async def get(self, path: str, *, patience: float = 0.0) -> Any:
        """Read a JSON resource; with patience, repeats for so many seconds what may pass, as `post` does.

        Raises Refusal, Unanswered; without patience OSError instead of Unanswered.
        """
        return await self._insist("GET", path, b"", None, patience)

    async def post(
        self,
        path: str,
        body: bytes,
        key: str,
        *,
        content_type: str = "application/json",
        version: int | None = None,
        patience: float = PATIENCE,
    ) -> Any:
        """Have a change made, once: repeats under the same Idempotency-Key what may pass, for `patience` seconds.

        `version` is the one that was read of what is changed, where the change names one.

        What may pass is a lost connection, 429, 502, 503, 504, and 409 "not yet known". Raises Refusal, Unanswered.
        """
        return await self._insist("POST", path, body, _headers(key, content_type, version), patience)

    async def put(self, path: str, body: bytes, key: str, version: int) -> Any:
        """Replace what was read under a version, once; what may pass is repeated as `post` does it."""
        return await self._insist("PUT", path, body, _headers(key, "application/json", version), PATIENCE)

    async def _insist(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str] | None, patience: float
    ) -> Any:
        """Ask until it is accepted; without patience once, and what came of it is raised as it is."""
        loop = asyncio.get_running_loop()
        started, pause = loop.time(), FIRST_PAUSE
        while True:
            try:
                if self._ask is None or headers is None:
                    answer = await self.once(method, path, body, headers)
                else:
                    answer = await self._ask(method, path, body, headers, self.token)
                if answer.status >= 300:
                    raise Refusal(method, path, answer)
                return answer.json()
            except (OSError, Refusal) as error:
                if not patience or (isinstance(error, Refusal) and not error.may_pass):
                    raise
                if loop.time() - started > patience:
                    waited = f"no answer for {patience:.0f} s"
                    raise Unanswered(f"{method} {path}: {waited}; the last was {error}") from error
            self._again.sent += 1
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, LONGEST_PAUSE)

    async def _connection(self) -> _Connection:
        while self._idle:
            since, connection = self._idle.pop()
            if connection.open and monotonic() - since < KEPT_SECONDS:
                return connection
            connection.close()
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(_Connection, self._host, self._port, ssl=self._trust)
        return connection

    async def close(self) -> None:
        """End all connections."""
        for _, connection in self._idle:
            with suppress(Exception):
                connection.close()
        self._idle.clear()


def _headers(key: str, content_type: str, version: int | None) -> dict[str, str]:
    headers = {"Idempotency-Key": key, "Content-Type": content_type}
    return headers if version is None else {**headers, "If-Match": f'"{version}"'}
