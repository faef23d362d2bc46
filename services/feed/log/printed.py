"""What was passed on of a seeker, for the seeker: to whom, which fields of which events, on which ground, when."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel

from chassis.batch.decisions import Actor
from chassis.database.db import Pool, reading
from chassis.http.access import Door
from chassis.http.calls import reads, refuse_unknown
from chassis.http.cursors import AfterNumber, Limit, next_number
from contracts.owners import STAFF
from services.feed.access import OWN_SEEKERS
from services.feed.grants.model import Ground
from services.feed.log import queries
from services.feed.owners import check_seeker

router = APIRouter(prefix="/seekers", tags=["seekers"])


class PassedOn(BaseModel):
    """An event that a partner was given, or what a snapshot of a day told of it; without fields and ground it said that
    passing on has ended."""

    id: int
    partner: str
    client_number: str
    type: str
    fields: list[str] | None
    ground: Ground | None
    law: str | None
    occurred_on: date
    snapshot_on: date | None
    passed_at: datetime


class PassedOnPage(BaseModel):
    """What was passed on; `next` is what to give as `after` for what follows, None at the end."""

    passed_on: list[PassedOn]
    next: int | None


@router.get("/{seeker_id}/passed-on", response_model=PassedOnPage)
async def passed_on(
    seeker_id: UUID,
    request: Request,
    limit: Limit = 100,
    after: AfterNumber = 0,
    _: Actor = reads(Door(STAFF, OWN_SEEKERS)),
) -> Any:
    """List what was passed on of a seeker, in the order in which it was: to be printed for them."""
    pool: Pool = request.app.state.pool
    async with reading(pool) as conn:
        if not await queries.is_known(conn, seeker_id):
            raise refuse_unknown("seeker_id", seeker_id)
        await check_seeker(request, conn, seeker_id)
        found = await queries.passed_on(conn, seeker_id, limit, after)
    return {"passed_on": found, "next": next_number(found, limit, lambda last: last["id"])}
