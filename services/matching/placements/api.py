"""Placements over HTTP."""

from datetime import date
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from chassis.batch.decisions import Actor
from chassis.database.db import Pool, reading
from chassis.http.access import Door
from chassis.http.bulk import BulkAnswer, BulkOptions, take
from chassis.http.bulk_columns import rows_body
from chassis.http.calls import Call, asks, read_one, reads
from chassis.http.cursors import After, Limit, next_place
from chassis.http.cursors import place as place_in_list
from contracts.codes import PlacementSource
from contracts.ids import PlacementId, ReferralId, SeekerId
from contracts.owners import STAFF
from services.matching.access import OWN_SEEKERS
from services.matching.owners import check_seeker, own_seeker
from services.matching.placements import queries
from services.matching.placements.commands import (
    Place,
    PlacementForm,
    PlacementRow,
    PlaceSelfFound,
    SelfFoundForm,
    SelfFoundRow,
)
from services.matching.pool.answers import known

router = APIRouter(tags=["placements"])


class PlacementAnswer(BaseModel):
    """The id that was given to a placement."""

    placement_id: UUID


class PlacementView(PlacementAnswer):
    """A placement's record; `wage` is won a month. `corrected_on` and `correction`, a code, say when and why it was
    found that it never was, None where it stands."""

    source: PlacementSource
    referral_id: UUID | None
    seeker_id: UUID
    vacancy_id: UUID | None
    occurred_on: date
    wage: int | None
    corrected_on: date | None
    correction: str | None


class PlacementPage(BaseModel):
    """Placements of a seeker, the earliest first; `next` is what to give as `after` for the following ones, None at the
    end."""

    placements: list[PlacementView]
    next: str | None


@router.post("/referrals/{referral_id}/placement", status_code=201, response_model=PlacementAnswer)
async def place(referral_id: UUID, form: PlacementForm, call: Call = asks(Door(STAFF, OWN_SEEKERS))) -> Response:
    """Record that a seeker has a job by an accepted referral. Never over-fills a vacancy."""
    return await call.run(Place(PlacementId(uuids.uuid7()), ReferralId(referral_id), form), 201)


@router.post("/seekers/{seeker_id}/self-found", status_code=201, response_model=PlacementAnswer)
async def place_self_found(
    seeker_id: UUID, form: SelfFoundForm, call: Call = asks(Door(STAFF, OWN_SEEKERS))
) -> Response:
    """Record that a seeker found a job alone. It is counted apart from those through the centre."""
    return await call.run(PlaceSelfFound(PlacementId(uuids.uuid7()), SeekerId(seeker_id), form), 201)


@router.post("/placements/bulk", response_model=BulkAnswer, openapi_extra=rows_body(PlacementRow))
async def place_many(request: Request, options: BulkOptions, call: Call = asks(Door(STAFF, OWN_SEEKERS))) -> Response:
    """Record many jobs that came of referrals; rows as for vacancies in bulk."""
    return await take(
        request,
        call,
        options,
        PlacementRow,
        lambda row: Place(PlacementId(uuids.uuid7()), ReferralId(row.referral_id), row),
    )


@router.post("/self-found/bulk", response_model=BulkAnswer, openapi_extra=rows_body(SelfFoundRow))
async def place_many_self_found(
    request: Request, options: BulkOptions, call: Call = asks(Door(STAFF, OWN_SEEKERS))
) -> Response:
    """Record many jobs that seekers found alone; rows as for vacancies in bulk."""
    return await take(
        request,
        call,
        options,
        SelfFoundRow,
        lambda row: PlaceSelfFound(PlacementId(uuids.uuid7()), SeekerId(row.seeker_id), row),
    )


@router.get("/placements/{placement_id}", response_model=PlacementView)
async def read(placement_id: UUID, request: Request, _: Actor = reads(Door(STAFF, OWN_SEEKERS))) -> Any:
    """Read a placement's record."""
    return await read_one(request, queries.placement, "placement_id", placement_id, own_seeker)


@router.get("/seekers/{seeker_id}/placements", response_model=PlacementPage)
async def of_seeker(
    seeker_id: UUID,
    request: Request,
    limit: Limit = 100,
    after: After = None,
    _: Actor = reads(Door(STAFF, OWN_SEEKERS)),
) -> Any:
    """List the jobs that a seeker got, those among them that were corrected."""
    from_ = place_in_list(after)
    pool: Pool = request.app.state.pool
    async with reading(pool) as conn:
        seeker, _profile = await known(conn, seeker_id)
        await check_seeker(request, conn, seeker.seeker_id)
        found = await queries.placements_of(conn, seeker.seeker_id, limit, from_)
    return {"placements": found, "next": next_place(found, limit, lambda last: (last.occurred_on, last.placement_id))}
