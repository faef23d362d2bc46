"""Supports over HTTP."""

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from chassis.batch.decisions import Actor
from chassis.database.db import Pool, reading
from chassis.http.access import Door
from chassis.http.calls import Call, asks, read_one, reads
from chassis.http.cursors import After, Limit, next_place, place
from chassis.http.held import held_to
from contracts.ids import SupportId
from contracts.owners import STAFF
from services.followup.access import OWN_SEEKERS
from services.followup.owners import check_seeker, own_seeker
from services.followup.support import queries
from services.followup.support.commands import GiveSupport, SupportForm
from services.followup.support.model import Kind, Status

router = APIRouter(prefix="/supports", tags=["supports"])


class SupportAnswer(BaseModel):
    """How a month's support stands, and what was given."""

    support_id: UUID
    status: Status
    kind: Kind | None


class SupportView(SupportAnswer):
    """A month's support of a public job under SOS-Care."""

    placement_id: UUID
    seeker_id: UUID
    month: int
    due_on: date


class SupportPage(BaseModel):
    """Supports; `next` is what to give as `after` for the following ones, None at the end."""

    supports: list[SupportView]
    next: str | None


@router.get("", response_model=SupportPage)
async def supports(
    request: Request,
    status: Status = "due",
    seeker_id: UUID | None = None,
    counsellor_id: UUID | None = None,
    limit: Limit = 100,
    after: After = None,
    _: Actor = reads(Door(STAFF, OWN_SEEKERS)),
) -> Any:
    """List the supports of a status, by their day: those that are due if no other is asked for. With a seeker only
    theirs, with a counsellor only those of the seekers whom that one has."""
    pool: Pool = request.app.state.pool
    from_ = place(after)
    async with reading(pool) as conn:
        if seeker_id:
            await check_seeker(request, conn, seeker_id)
        held = await held_to(request, conn)
        found = await queries.supports(conn, status, seeker_id, counsellor_id, limit, from_, held)
    return {"supports": found, "next": next_place(found, limit, lambda last: (last.due_on, last.support_id))}


@router.get("/{support_id}", response_model=SupportView)
async def read(support_id: UUID, request: Request, _: Actor = reads(Door(STAFF, OWN_SEEKERS))) -> Any:
    """Read a month's support."""
    return await read_one(request, queries.support, "support_id", support_id, own_seeker)


@router.post("/{support_id}", response_model=SupportAnswer)
async def give(support_id: UUID, form: SupportForm, call: Call = asks(Door(STAFF, OWN_SEEKERS))) -> Response:
    """Take down the support that a seeker had in this month: counselling, education or training."""
    return await call.run(GiveSupport(SupportId(support_id), form))
