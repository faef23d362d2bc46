"""Asks a service's app in this process, without a server: what came of a request, and what of its body was read."""

import asyncio
from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson
from fastapi import FastAPI


class Answer(NamedTuple):
    """What came of a request, and whether its body was read."""

    status: int
    headers: dict[bytes, bytes]
    body: bytes
    read: bool

    @property
    def problem(self) -> Any:
        return orjson.loads(self.body)


async def ask(
    app: FastAPI,
    method: str,
    path: str,
    token: str | None = None,
    *,
    peer: str = "127.0.0.1",
    body: bytes = b"",
    query: str = "",
    headers: Mapping[str, str] | None = None,
    stalls: bool = False,
) -> Answer:
    """Send one request; one that stalls never sends the end of its body."""
    given = {"content-type": "application/json", "content-length": str(len(body)), **(headers or {})}
    if token is not None:
        given["authorization"] = f"Bearer {token}"
    scope = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        "http_version": "1.1", "scheme": "http", "root_path": "", "client": (peer, 1),
    }  # fmt: skip
    sent: list[Any] = []
    read: list[bool] = []

    async def receive() -> dict[str, Any]:
        if read:  # who asked stays, and sends nothing more
            await asyncio.Event().wait()
        read.append(True)
        return {"type": "http.request", "body": body, "more_body": stalls}

    async def send(message: Any) -> None:
        sent.append(message)

    try:
        await app(scope, receive, send)
    except Exception:  # starlette raises again what it has answered, for the server's log
        if not sent:
            raise
    text = b"".join(message.get("body", b"") for message in sent[1:])
    return Answer(sent[0]["status"], dict(sent[0]["headers"]), text, bool(read))
