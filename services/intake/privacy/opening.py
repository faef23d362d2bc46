"""Opening the record of somebody whom another counsels, over HTTP, and the manager's list of who did so."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import uuid_utils.compat as uuids
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from chassis.batch.decisions import Actor
from chassis.batch.owners import EVERYBODY
from chassis.database.db import reading
from chassis.days import Day
from chassis.http.access import Door
from chassis.http.calls import Call, asks, reads
from chassis.http.cursors import After, Limit, next_place, place
from contracts.counselling import OpeningReason
from contracts.ids import SeekerId
from contracts.owners import MANAGER
from services.intake.privacy import queries
from services.intake.privacy.commands import OpeningForm, OpenRecord

router = APIRouter(tags=["privacy"])


class OpenedAnswer(BaseModel):
    """That a record is open to who asked, and on which day."""

    opening_id: UUID
    seeker_id: UUID
    opened_on: date


class OpeningView(OpenedAnswer):
    """Who opened a record, when, and the reason that they stated."""

    counsellor_id: UUID
    reason: OpeningReason
    opened_at: datetime


class OpeningPage(BaseModel):
    """Openings; `next` is what to give as `after` for the following ones, None at the end."""

    openings: list[OpeningView]
    next: str | None


@router.post("/seekers/{seeker_id}/opening", status_code=201, response_model=OpenedAnswer)
async def open_record(
    seeker_id: UUID, form: OpeningForm, call: Call = asks(Door(("counsellor",), EVERYBODY))
) -> Response:
    """Open the record of a seeker whom another one counsels, here and in the other services, for the rest of the day.
    It is taken down as a look, with the reason, and on the manager's list."""
    return await call.run(OpenRecord(uuids.uuid7(), SeekerId(seeker_id), form), 201)


@router.get("/openings", response_model=OpeningPage)
async def openings(
    request: Request,
    first: Annotated[Day | None, Query(alias="from", description="The first day, included")] = None,
    last: Annotated[Day | None, Query(alias="to", description="The last day, included")] = None,
    counsellor_id: Annotated[UUID | None, Query(description="Who opened them")] = None,
    reason: OpeningReason | None = None,
    limit: Limit = 100,
    after: After = None,
    _: Actor = reads(Door(MANAGER, EVERYBODY)),
) -> Any:
    """List whose records were opened, by whom, and by which reason; the earliest first."""
    from_ = place(after)
    sought = queries.SoughtOpenings(first, last, counsellor_id, reason)
    async with reading(request.app.state.pool) as conn:
        found = await queries.openings(conn, sought, limit, from_)
    return {"openings": found, "next": next_place(found, limit, lambda one: (one["opened_on"], one["opening_id"]))}
