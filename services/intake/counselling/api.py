"""Counselling over HTTP."""

from datetime import date
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from chassis.batch.decisions import Actor
from chassis.http.access import Door
from chassis.http.bulk import BulkAnswer, BulkOptions, take
from chassis.http.bulk_columns import rows_body
from chassis.http.calls import Call, asks, reads
from chassis.http.cursors import After, Limit, next_place, place
from contracts.codes import Channel
from contracts.counselling import SessionKind
from contracts.ids import SessionId
from contracts.owners import STAFF
from services.intake.access import OWN_SEEKERS
from services.intake.counselling import queries
from services.intake.counselling.commands import SessionForm, hold
from services.intake.seekers.answers import look_at

router = APIRouter(prefix="/sessions", tags=["counselling"])


class SessionAnswer(BaseModel):
    """The id that was given to a session."""

    session_id: UUID


class SessionView(SessionAnswer):
    """A session that was held."""

    counsellor_id: UUID
    kind: SessionKind
    channel: Channel
    minutes: int
    occurred_on: date


class SessionPage(BaseModel):
    """A client's sessions; `next` is what to give as `after` for the following ones, None at the end."""

    client_id: UUID
    sessions: list[SessionView]
    next: str | None


@router.post("", status_code=201, response_model=SessionAnswer)
async def hold_session(form: SessionForm, call: Call = asks(Door(STAFF, OWN_SEEKERS))) -> Response:
    """Record a session that was held."""
    return await call.run(hold(SessionId(uuids.uuid7()), form), 201)


@router.post("/bulk", response_model=BulkAnswer, openapi_extra=rows_body(SessionForm))
async def hold_sessions(
    request: Request, options: BulkOptions, call: Call = asks(Door(STAFF, OWN_SEEKERS))
) -> Response:
    """Record many sessions. A row that has not the form of a session refuses the whole request, with every error by
    row. A row that a rule refuses is named in the answer, and the others are recorded. Sent again under the same
    Idempotency-Key, rows that were recorded are not recorded again."""
    return await take(request, call, options, SessionForm, lambda form: hold(SessionId(uuids.uuid7()), form))


@router.get("", response_model=SessionPage)
async def sessions(
    client_id: UUID,
    request: Request,
    limit: Limit = 100,
    after: After = None,
    reader: Actor = reads(Door(STAFF, OWN_SEEKERS)),
) -> Any:
    """List a client's sessions, the earliest first, also those under a record since merged into theirs."""
    from_ = place(after)
    found = await look_at(
        request,
        reader,
        "sessions",
        lambda conn, client: queries.sessions(conn, client, limit, from_),
        client_id,
        "client_id",
    )
    return {
        "client_id": client_id,
        "sessions": found,
        "next": next_place(found, limit, lambda last: (last["occurred_on"], last["session_id"])),
    }
