"""Any commands of one service in one request: `POST /commands/bulk`, a row for each.

A row is what a request for one is: its address, its form, the token of whoever acts. No row may do what its request
alone may not, and each is answered as that would be; a row that is refused stops no other.
"""

import inspect
from collections.abc import Iterable
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field, ValidationError

from chassis.batch.in_turn import InTurn
from chassis.batch.owners import Owner
from chassis.http.access import Door, doors_of
from chassis.http.answers import json_answer
from chassis.http.bulk_columns import MOST_ROWS
from chassis.http.calls import LONGEST_KEY, Call, asks
from chassis.http.problem_responses import Problem, field_errors
from chassis.http.rows import Asking, CommandRow, RowAnswer, RowRequest, Rows
from chassis.problems import INVALID_REQUEST, KEY_MISSING, TOO_MANY_VALUES, WRONG_CONTENT_TYPE
from chassis.tables.tables import MOST_VALUES

NDJSON = "application/x-ndjson"
AS_ALONE = Owner("as alone", "Each row finds what its request alone would find.")
BODY = {
    "requestBody": {
        "required": True,
        "description": f"At most {MOST_ROWS} rows and 1 MB, one JSON object a line.",
        "content": {NDJSON: {"schema": {"type": "string"}, "example": '{"path": "/nowhere", "body": {}}\n'}},
        "x-row": CommandRow.model_json_schema(),
    }
}


class CommandAnswer(BaseModel):
    """What a row's request alone would be answered: its status and body, the headers ETag and Retry-After if it has
    them."""

    row: int = Field(description="Its number, from 1.")
    status: int
    body: dict[str, Any] | None
    etag: str | None = None
    retry_after: int | None = None


class CommandsAnswer(BaseModel):
    """How many rows were accepted, and the answer of each, in order."""

    accepted: int
    rows: list[CommandAnswer]


def router_beside(others: Iterable[APIRouter]) -> APIRouter:
    """Give the endpoint of commands in bulk: for whoever may change something in a service, by the doors of its other
    routes."""
    doors = doors_of(route for other in others for route in other.routes)
    changing = [door for name, door in doors.items() if not name.startswith("GET ")]
    door = Door(tuple(sorted({role for one in changing for role in one.roles})), AS_ALONE)
    router = APIRouter(prefix="/commands", tags=["commands"])

    @router.post("/bulk", response_model=CommandsAnswer, openapi_extra=BODY, description=inspect.getdoc(_run))
    async def run_many(request: Request, call: Call = asks(door)) -> Response:
        return await _run(request, call)

    return router


async def _run(request: Request, call: Call) -> Response:
    """Have commands decided in the order of their rows, each as a request for one is: by its own token, role and owner
    rule, counted as a request of its asker, and once under its Idempotency-Key. What only looks, and what takes rows
    itself, is no row."""
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != NDJSON:
        raise Problem(WRONG_CONTENT_TYPE, f"Content-Type is {kind or 'missing'}; send {NDJSON}", "Content-Type")
    lines = [line for line in (await request.body()).split(b"\n") if line.strip()]
    if not 1 <= len(lines) <= MOST_ROWS:
        told = f"send 1 to {MOST_ROWS} lines, one JSON object a line; there are {len(lines)}"
        raise Problem(INVALID_REQUEST, told, "body")
    rows: Rows = request.app.state.rows
    asking = Asking(request.scope, request.headers.get("authorization"), InTurn(request.app.state.handler))
    answers = await asking.ask(_request(request, call, rows, *numbered) for numbered in enumerate(lines, 1))
    accepted = sum(answer.status < 300 for answer in answers)
    return json_answer({"accepted": accepted, "rows": [_told(*numbered) for numbered in enumerate(answers, 1)]})


def _request(
    request: Request, call: Call, rows: Rows, number: int, line: bytes
) -> tuple[RowRequest, str | None] | Problem:
    """Read a row; gives the request that it is with the token that it shows, or why it is none."""
    if line.count(b",") > MOST_VALUES:
        return Problem(TOO_MANY_VALUES, f"a row has at most {MOST_VALUES} values", "body")
    try:
        row = CommandRow.model_validate_json(line)
    except ValidationError as error:
        errors = field_errors(error.errors())
        return Problem(INVALID_REQUEST, "; ".join(f"{e['field']}: {e['reason']}" for e in errors), errors=errors)
    key = call.key_of(number) if row.idempotency_key is None else row.idempotency_key
    if len(key) > LONGEST_KEY:
        told = f"the row's Idempotency-Key, or the request's with the row's number, is over {LONGEST_KEY} characters"
        return Problem(KEY_MISSING, told, "idempotency_key")
    return rows.to_ask(request.scope, row, key), row.token


def _told(number: int, answer: RowAnswer) -> dict[str, Any]:
    told: dict[str, Any] = {"row": number, "status": answer.status}
    told["body"] = orjson.Fragment(answer.body) if answer.body else None
    if etag := answer.headers.get(b"etag"):
        told["etag"] = etag.decode("latin-1")
    if retry_after := answer.headers.get(b"retry-after"):
        told["retry_after"] = int(retry_after)
    return told
