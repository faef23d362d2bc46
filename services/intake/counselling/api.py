"""Counselling over HTTP."""

from typing import Any
from uuid import UUID

import orjson
import uuid_utils.compat as uuids
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, TypeAdapter, ValidationError

from chassis.calls import Call, asks, problem_of
from chassis.decisions import Accepted, Outcome
from chassis.problem_responses import Problem, field_errors
from chassis.problems import INVALID_REQUEST
from contracts.ids import SessionId
from services.intake.counselling.commands import SessionForm, hold

MOST_ROWS = 5_000

router = APIRouter(prefix="/sessions", tags=["counselling"])


class SessionAnswer(BaseModel):
    """The id that was given to a session."""

    session_id: UUID


class RefusedRow(BaseModel):
    """A row that was not taken: its number from 1, the field at fault if one is, and why."""

    row: int
    field: str | None
    reason: str
    type: str


class BulkAnswer(BaseModel):
    """How many rows were recorded, and those that were refused."""

    accepted: int
    refused: list[RefusedRow]


@router.post("", status_code=201, response_model=SessionAnswer)
async def hold_session(form: SessionForm, call: Call = asks("counsellor", "manager")) -> Response:
    """Record a session that was held."""
    return await call.run(hold(SessionId(uuids.uuid7()), form), 201)


_ROWS_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-ndjson": {
                "schema": {"type": "string"},
                "example": '{"client_id": "0190c0de-0000-7000-8000-000000000001", "counsellor_id": '
                '"0190c0de-0000-7000-8000-000000000002", "kind": "job", "channel": "call", "minutes": 10}\n',
            }
        },
    }
}


@router.post("/bulk", response_model=BulkAnswer, openapi_extra=_ROWS_BODY)
async def hold_sessions(request: Request, call: Call = asks("counsellor", "manager")) -> Response:
    """Record many sessions, one JSON object a line (at most 5,000 lines and 1 MB).

    A line that has not the form of a session refuses the whole request, with every error by row. A row that a rule
    refuses is named in the answer, and the others are recorded. Sent again under the same Idempotency-Key, rows
    that were recorded are not recorded again.
    """
    commands = [hold(SessionId(uuids.uuid7()), form) for form in _rows(await request.body())]
    outcomes = await call.run_rows(commands)
    refused = [_refused(row, outcome) for row, outcome in enumerate(outcomes, 1) if not isinstance(outcome, Accepted)]
    return Response(
        orjson.dumps({"accepted": len(outcomes) - len(refused), "refused": refused}), media_type="application/json"
    )


_form = TypeAdapter(SessionForm)


def _rows(body: bytes) -> list[SessionForm]:
    forms: list[SessionForm] = []
    errors: list[dict[str, str]] = []
    lines = [line for line in body.split(b"\n") if line.strip()]
    if not 1 <= len(lines) <= MOST_ROWS:
        raise Problem(INVALID_REQUEST, f"send 1 to {MOST_ROWS} lines, one JSON object a line", "body")
    for row, line in enumerate(lines, 1):
        try:
            forms.append(_form.validate_json(line))
        except ValidationError as error:
            errors += [
                {"field": f"row {row}: {e['field']}", "reason": e["reason"]} for e in field_errors(error.errors())
            ]
    if errors:
        raise Problem(INVALID_REQUEST, f"{len(errors)} errors; nothing was recorded", errors=errors)
    return forms


def _refused(row: int, outcome: Outcome) -> dict[str, Any]:
    problem = problem_of(outcome)
    field = problem.errors[0]["field"] if problem.errors else None
    return {"row": row, "field": field, "reason": problem.detail, "type": problem.problem.uri}
