"""Counselling over HTTP."""

from uuid import UUID

import uuid_utils.compat as uuids
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from chassis.bulk import BulkAnswer, BulkOptions, take
from chassis.bulk_columns import rows_body
from chassis.calls import Call, asks
from contracts.ids import SessionId
from services.intake.counselling.commands import SessionForm, hold

router = APIRouter(prefix="/sessions", tags=["counselling"])


class SessionAnswer(BaseModel):
    """The id that was given to a session."""

    session_id: UUID


@router.post("", status_code=201, response_model=SessionAnswer)
async def hold_session(form: SessionForm, call: Call = asks("counsellor", "manager")) -> Response:
    """Record a session that was held."""
    return await call.run(hold(SessionId(uuids.uuid7()), form), 201)


@router.post("/bulk", response_model=BulkAnswer, openapi_extra=rows_body(SessionForm))
async def hold_sessions(request: Request, options: BulkOptions, call: Call = asks("counsellor", "manager")) -> Response:
    """Record many sessions. A row that has not the form of a session refuses the whole request, with every error by
    row. A row that a rule refuses is named in the answer, and the others are recorded. Sent again under the same
    Idempotency-Key, rows that were recorded are not recorded again."""
    return await take(request, call, options, SessionForm, lambda form: hold(SessionId(uuids.uuid7()), form))
