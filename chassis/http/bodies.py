"""A request's body on its way in: what is too large, or of a type that isn't taken, is refused."""

import asyncio
from contextlib import suppress

from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from chassis.http.problem_responses import Problem
from chassis.problems import BODY_TOO_LARGE, TOO_MANY_VALUES, WRONG_CONTENT_TYPE
from chassis.tables.tables import MEDIA_TYPES, MOST_VALUES

LARGEST_BODY = 1_000_000
"""Bytes."""
MOST_DROPPED = 16_000_000
"""Bytes of a refused body that are read and dropped, within DROP_SECONDS; then the connection is cut."""
DROP_SECONDS = 5.0
KEPT_BODY = 64_000
"""Bytes of a refused body after which its connection is used again; one that may be longer is ended."""
TAKEN = frozenset({"application/json", "application/x-ndjson"})
BODILESS = frozenset({"GET", "HEAD", "DELETE", "OPTIONS"})
BULK = "/bulk"
"""How the path of an endpoint ends that takes tables, too."""


class Body:
    """Gives a body's messages as they come, and the same ones once more after `again`."""

    def __init__(self, receive: Receive, bulk: bool) -> None:
        self._receive = receive
        self._bulk = bulk
        self._received = 0
        self._commas = 0
        self._read: list[Message] = []
        self._given = 0
        self.awaited = False
        """Whether somebody waits for what isn't there yet."""

    def again(self) -> None:
        """Begin anew with what was read."""
        self._given = 0

    async def receive(self) -> Message:
        """Give the next message (raises Problem for a body that is too large)."""
        if self._given == len(self._read):
            self._read.append(await self._next())
        self._given += 1
        return self._read[self._given - 1]

    async def _next(self) -> Message:
        self.awaited = True
        message = await self._receive()
        self.awaited = False
        body = message.get("body", b"")
        self._received += len(body)
        if self._received > LARGEST_BODY:
            if message.get("more_body"):
                await drop(self._receive)
            raise Problem(BODY_TOO_LARGE, f"the body is over {LARGEST_BODY} bytes", "body")
        self._commas += 0 if self._bulk else body.count(b",")
        if self._commas > MOST_VALUES:
            if message.get("more_body"):
                await drop(self._receive)
            raise Problem(TOO_MANY_VALUES, f"a form has at most {MOST_VALUES} values", "body")
        return message


async def refuse(answer: Response, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request before its body is read. What is still sent is read afterwards, and dropped: a client that is
    cut off while it sends may never see why."""
    headers: dict[bytes, bytes] = dict(scope["headers"])
    length = headers.get(b"content-length", b"0")
    waits = b"expect" in headers  # it sends nothing until it is told to, and perhaps nothing any more
    ends = waits or b"transfer-encoding" in headers or not length.isdigit() or int(length) > KEPT_BODY
    told = [*answer.raw_headers, (b"connection", b"close")] if ends else answer.raw_headers
    await send({"type": "http.response.start", "status": answer.status_code, "headers": told})
    await send({"type": "http.response.body", "body": answer.body, "more_body": True})
    if not waits:
        await drop(receive)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def drop(receive: Receive) -> None:
    """Read what is still sent, and keep nothing of it."""
    dropped, more = 0, True
    with suppress(TimeoutError):
        async with asyncio.timeout(DROP_SECONDS):
            while more and dropped < MOST_DROPPED:
                message = await receive()
                dropped += len(message.get("body", b""))
                more = message.get("more_body", False)


def refused_body(scope: Scope) -> Problem | None:
    """Tell by its headers why a body isn't taken."""
    if scope["method"] in BODILESS:
        return None
    headers: dict[bytes, bytes] = dict(scope["headers"])
    length = headers.get(b"content-length", b"0")
    if length.isdigit() and int(length) > LARGEST_BODY:
        return Problem(BODY_TOO_LARGE, f"the body has {int(length)} bytes, over {LARGEST_BODY}", "body")
    if length == b"0" and b"transfer-encoding" not in headers:
        return None
    kind = headers.get(b"content-type", b"").split(b";")[0].strip().lower().decode("latin-1")
    bulk = scope["path"].endswith(BULK)
    if kind not in TAKEN and not (bulk and kind in MEDIA_TYPES):
        wanted = ", ".join(MEDIA_TYPES) if bulk else "application/json"
        return Problem(WRONG_CONTENT_TYPE, f"Content-Type is {kind or 'missing'}; send {wanted}", "Content-Type")
    return None
