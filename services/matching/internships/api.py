"""Internships over HTTP."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

import uuid_utils.compat as uuids
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from chassis.batch.decisions import Actor
from chassis.database.db import Pool, reading
from chassis.http.access import Door
from chassis.http.bulk import BulkAnswer, BulkOptions, take
from chassis.http.bulk_columns import rows_body
from chassis.http.calls import Call, asks, read_one, reads
from chassis.http.cursors import After, Limit, next_place, place
from chassis.http.held import held_to
from contracts.ids import InternshipId, PlacementId, ReferralId
from contracts.owners import STAFF
from services.matching.access import OWN_SEEKERS
from services.matching.internships import queries
from services.matching.internships.commands import (
    BreakingOffForm,
    BreakOffInternship,
    CompleteInternship,
    CompletionForm,
    ConversionForm,
    ConvertInternship,
    InternshipRow,
    RecordInternship,
    StartForm,
    StartInternship,
)
from services.matching.internships.model import BrokenOffBy, InternshipStatus
from services.matching.owners import check_seeker, own_seeker

router = APIRouter(tags=["internships"])


class InternshipAnswer(BaseModel):
    """An internship and its status after a step."""

    internship_id: UUID
    status: InternshipStatus


class ConversionAnswer(InternshipAnswer):
    """An internship that was converted, and the placement that it is now."""

    placement_id: UUID


class InternshipView(InternshipAnswer):
    """An internship's record. `ended_on` is the day on which it was broken off or completed."""

    referral_id: UUID
    seeker_id: UUID
    vacancy_id: UUID
    started_on: date
    ended_on: date | None
    broken_off_by: BrokenOffBy | None
    placement_id: UUID | None


class InternshipPage(BaseModel):
    """Internships by the day on which they began; `next` is what to give as `after` for the following ones, None at
    the end."""

    internships: list[InternshipView]
    next: str | None


@router.post("/referrals/{referral_id}/internship", status_code=201, response_model=InternshipAnswer)
async def start(referral_id: UUID, form: StartForm, call: Call = asks(Door(STAFF, OWN_SEEKERS))) -> Response:
    """Start a youth internship from an accepted referral; no placement yet. Never over-fills a vacancy."""
    return await call.run(StartInternship(InternshipId(uuids.uuid7()), ReferralId(referral_id), form), 201)


@router.post("/internships/bulk", response_model=BulkAnswer, openapi_extra=rows_body(InternshipRow))
async def record_many(request: Request, options: BulkOptions, call: Call = asks(Door(STAFF, OWN_SEEKERS))) -> Response:
    """Record many internships, each with what came of it by now; rows as for vacancies in bulk."""
    return await take(
        request,
        call,
        options,
        InternshipRow,
        lambda row: RecordInternship(InternshipId(uuids.uuid7()), PlacementId(uuids.uuid7()), row),
    )


@router.post("/internships/{internship_id}/breaking-off", response_model=InternshipAnswer)
async def break_off(
    internship_id: UUID, form: BreakingOffForm, call: Call = asks(Door(STAFF, OWN_SEEKERS))
) -> Response:
    """Record that an internship ended before its time. Its opening is free again, but a vacancy that has closed as
    filled stays closed."""
    return await call.run(BreakOffInternship(InternshipId(internship_id), form))


@router.post("/internships/{internship_id}/completion", response_model=InternshipAnswer)
async def complete(internship_id: UUID, form: CompletionForm, call: Call = asks(Door(STAFF, OWN_SEEKERS))) -> Response:
    """Record that an internship was served to its end. Its opening stays taken."""
    return await call.run(CompleteInternship(InternshipId(internship_id), form))


@router.post("/internships/{internship_id}/conversion", status_code=201, response_model=ConversionAnswer)
async def convert(internship_id: UUID, form: ConversionForm, call: Call = asks(Door(STAFF, OWN_SEEKERS))) -> Response:
    """Record that a completed internship became a permanent job, which is a placement. Impossible once the seeker has
    had another job or internship since."""
    placement_id = PlacementId(uuids.uuid7())
    return await call.run(ConvertInternship(InternshipId(internship_id), placement_id, form), 201)


@router.get("/internships", response_model=InternshipPage)
async def internships(
    request: Request,
    status: Annotated[list[InternshipStatus] | None, Query(description="Any number of them")] = None,
    seeker_id: UUID | None = None,
    limit: Limit = 100,
    after: After = None,
    _: Actor = reads(Door(STAFF, OWN_SEEKERS)),
) -> Any:
    """List internships, the earliest first."""
    pool: Pool = request.app.state.pool
    from_ = place(after)
    async with reading(pool) as conn:
        if seeker_id:
            await check_seeker(request, conn, seeker_id)
        found = await queries.internships(conn, status, seeker_id, limit, from_, await held_to(request, conn))
    return {"internships": found, "next": next_place(found, limit, lambda last: (last.started_on, last.internship_id))}


@router.get("/internships/{internship_id}", response_model=InternshipView)
async def read(internship_id: UUID, request: Request, _: Actor = reads(Door(STAFF, OWN_SEEKERS))) -> Any:
    """Read an internship's record."""
    return await read_one(request, queries.internship, "internship_id", internship_id, own_seeker)
