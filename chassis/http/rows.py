"""Requests that are rows of another: each is asked as if it had come alone, and its command is decided with theirs."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple
from urllib.parse import unquote

import structlog
from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import to_json
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.types import Message, Scope

from chassis.batch.decisions import Actor
from chassis.batch.in_turn import InTurn
from chassis.database.db import CONFLICTS
from chassis.http.askers import who_asks
from chassis.http.bodies import BULK
from chassis.http.calls import DECIDED_BY, changes, looks_beside
from chassis.http.limits import Limits
from chassis.http.problem_responses import Problem, not_handled, out_of_reach, respond
from chassis.http.ways import Ways
from chassis.problems import NOT_IN_BULK
from chassis.running import telemetry

log = structlog.get_logger()


_SHARED = (b"x-correlation-id", b"traceparent")
"""The headers of the request that are those of each row, too."""


class CommandRow(BaseModel):
    """A request, in a row. Without a `token` it is asked by whoever sends the rows; without an `idempotency_key` it
    has the request's with a colon and its number."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{"path": "/nowhere", "body": {"text": "as a request for one has it"}}]},
    )

    path: str = Field(pattern=r"^/[!-\"$-~]*$", max_length=2_000, description="The address, with its parameters.")
    method: Literal["POST", "PUT"] = "POST"
    body: dict[str, Any] | None = Field(None, description="The form that the address takes, if it takes one.")
    token: str | None = Field(None, description="The token of whoever asks.")
    idempotency_key: str | None = None
    if_match: str | None = Field(None, description="The header If-Match.")


class RowAnswer(NamedTuple):
    """What a request for one is answered."""

    status: int
    headers: Mapping[bytes, bytes]
    body: bytes


class Rows:
    """Has rows asked, by the ways of an app."""

    def __init__(self, ways: Ways, handlers: Mapping[Any, Any]) -> None:
        self._ways = ways
        at_the_edge = {kind: handler for kind, handler in handlers.items() if kind is not Exception}
        self._app = ExceptionMiddleware(ways, at_the_edge)

    def to_ask(self, scope: Scope, row: CommandRow, key: str) -> "RowRequest":
        """Make of a row the request that it would be alone; `scope` is of the one whose row it is."""
        path, _, query = row.path.partition("?")
        sent = b"" if row.body is None else to_json(row.body, inf_nan_mode="constants")
        headers = {b"content-type": b"application/json", b"idempotency-key": key.encode()}
        if row.if_match is not None:
            headers[b"if-match"] = row.if_match.encode()
        shared = [(name, value) for name, value in scope["headers"] if name in _SHARED]
        of_row = {
            "method": row.method,
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [*shared, *headers.items()],
            "path_params": {},
            "route": None,
        }
        return RowRequest(self._app, {**scope, **of_row}, sent, self._ways)


class RowRequest:
    """A request that is a row of another."""

    def __init__(self, app: ExceptionMiddleware, scope: Scope, sent: bytes, ways: Ways) -> None:
        self._app = app
        self._scope = scope
        self._sent = sent
        way = ways.way(scope)
        self._is_command = way is not None and changes(way.route) and not scope["path"].endswith(BULK)
        self._is_elsewhere = way is not None and not self._is_command
        self.looks_beside = self._is_command and way is not None and looks_beside(way.route)
        """Whether it may do more than have its command decided."""

    async def answer(self, actor: Actor, turn: InTurn | None) -> RowAnswer:
        """Ask as somebody; its command is decided in its turn, or at once where there is none."""
        limits: Limits | None = self._scope["app"].state.limits
        self._scope["actor"] = actor
        refusal = limits and limits.subject(actor, bulk=False)
        if not refusal and self._is_elsewhere:
            told = f"{self._scope['method']} {self._scope['route'].path} is no command: send it by itself"
            refusal = Problem(NOT_IN_BULK, told, "path")
        if turn is not None:
            self._scope[DECIDED_BY] = turn
        answer = answered(respond(refusal)) if refusal else await self._asked()
        route = getattr(self._scope["route"], "path", None)
        telemetry.REQUESTS.labels(route or "none", self._scope["method"], answer.status).inc()
        return answer

    async def _asked(self) -> RowAnswer:
        """Ask, and once more where a race was lost."""
        try:
            try:
                return await self._once()
            except CONFLICTS:
                return await self._once()
        except CONFLICTS:
            return answered(respond(out_of_reach()))
        except Exception:
            log.exception("request_broke", path=self._scope["path"])
            return answered(respond(not_handled()))

    async def _once(self) -> RowAnswer:
        given: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": self._sent, "more_body": False}

        async def send(message: Message) -> None:
            given.append(message)

        await self._app(self._scope, receive, send)
        body = b"".join(message.get("body", b"") for message in given[1:])
        return RowAnswer(given[0]["status"], dict(given[0]["headers"]), body)


def answered(response: Response) -> RowAnswer:
    """Give what a response answers."""
    return RowAnswer(response.status_code, dict(response.raw_headers), bytes(response.body))


class Asking:
    """The rows of one request, begun one after the other."""

    def __init__(self, scope: Scope, authorization: str | None, turn: InTurn) -> None:
        self._scope = scope
        self._authorization = authorization
        self._turn = turn
        self._strangers: dict[str | None, RowAnswer] = {}
        self._begun: list[asyncio.Task[RowAnswer]] = []

    async def ask(self, requests: Iterable[tuple[RowRequest, str | None] | Problem]) -> list[RowAnswer]:
        """Have rows asked, each as whoever its token names; gives what each is answered.

        Those that only have a command decided are gathered; whatever may do more is asked when all before it are
        through, and those after it when it is.
        """
        rows: list[asyncio.Task[RowAnswer] | RowAnswer] = []
        try:
            for one in requests:
                if isinstance(one, Problem):
                    rows.append(answered(respond(one)))
                    continue
                request, token = one
                if request.looks_beside or self._turn.is_full:
                    await self._through()
                asker = await self._asker(token)
                if isinstance(asker, RowAnswer):
                    rows.append(asker)
                    continue
                alone = request.looks_beside
                task = asyncio.create_task(request.answer(asker, None if alone else self._turn))
                rows.append(task)
                self._begun.append(task)
                await (self._through() if alone else self._turn.begun(task))
            await self._through()
        finally:
            for task in self._begun:
                task.cancel()
        return [row if isinstance(row, RowAnswer) else row.result() for row in rows]

    async def _through(self) -> None:
        """Have decided what waits, and wait for all that was begun."""
        await self._turn.decide()
        await asyncio.gather(*self._begun)
        self._begun.clear()

    async def _asker(self, token: str | None) -> Actor | RowAnswer:
        """Tell who a token is of. One that isn't taken is looked at once."""
        authorization = self._authorization if token is None else f"Bearer {token}"
        if authorization in self._strangers:
            return self._strangers[authorization]
        asker = await who_asks(self._scope, authorization)
        if isinstance(asker, Actor):
            return asker
        telemetry.REQUESTS.labels("refused", self._scope["method"], asker.status_code).inc()
        stranger = self._strangers[authorization] = answered(asker)
        return stranger
