"""Requests gathered into bulk requests of a service: those that are asked at the same time go together.

While one bulk request is under way, what is asked meanwhile is gathered for the next. What is asked at the same time
depends on nothing that is not answered yet: so its order is free, and is the one that a service decides in the fewest
batches (decision 20).
"""

import asyncio
import uuid
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import orjson

from jobplus.client import Answer, Client

MOST_ROWS = 1_000
MOST_BYTES = 900_000
"""Of a request, which the services take up to 1 MB."""
EVERYBODYS = frozenset({"/seekers", "/prospects"})
"""Where nobody is held to their own, who is elsewhere."""


class _Row(NamedTuple):
    """A request as a row, which of others go before it, and what its answer is given to."""

    place: tuple[bool, bool]
    line: bytes
    answer: asyncio.Future[Answer]


class Rows:
    """Sends a service the changes that are asked of it as rows, by a client that carries them."""

    def __init__(self, carrier: Client) -> None:
        self._carrier = carrier
        self._waiting: list[_Row] = []
        self._sending: asyncio.Task[None] | None = None

    async def ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str], token: str) -> Answer:
        """Ask for a change; gives what its row is answered (raises ConnectionError)."""
        row = {"method": method, "path": path, "token": token, "idempotency_key": headers["Idempotency-Key"]}
        if "If-Match" in headers:
            row["if_match"] = headers["If-Match"]
        line = orjson.dumps({**row, "body": orjson.Fragment(body)})
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Row((method != "POST", path in EVERYBODYS or token == self._carrier.token), line, answer))
        if self._sending is None or self._sending.done():
            self._sending = asyncio.create_task(self._send())
        return await answer

    async def _send(self) -> None:
        while self._waiting:
            waiting, self._waiting = sorted(self._waiting, key=lambda row: row.place), []
            for rows in _portions(waiting):
                await self._carry(rows)

    async def _carry(self, rows: list[_Row]) -> None:
        headers = {"Idempotency-Key": str(uuid.uuid4()), "Content-Type": "application/x-ndjson"}
        try:
            answer = await self._carrier.once("POST", "/commands/bulk", b"\n".join(row.line for row in rows), headers)
        except OSError as error:
            for row in rows:
                if not row.answer.done():
                    row.answer.set_exception(ConnectionError(str(error)))
            return
        answers = [answer] * len(rows) if answer.status != 200 else [_answer(told) for told in answer.json()["rows"]]
        for row, of_row in zip(rows, answers, strict=True):
            if not row.answer.done():
                row.answer.set_result(of_row)


def _portions(waiting: list[_Row]) -> Iterator[list[_Row]]:
    """Part rows into requests that are taken."""
    portion: list[_Row] = []
    size = 0
    for row in waiting:
        if portion and (len(portion) == MOST_ROWS or size + len(row.line) >= MOST_BYTES):
            yield portion
            portion, size = [], 0
        portion.append(row)
        size += len(row.line) + 1
    yield portion


def _answer(told: dict[str, object]) -> Answer:
    body = told["body"]
    assert isinstance(told["status"], int)
    return Answer(told["status"], b"" if body is None else orjson.dumps(body))
