"""Placements over HTTP."""

from uuid import UUID

import uuid_utils.compat as uuids
from fastapi import APIRouter, Response
from pydantic import BaseModel

from chassis.calls import Call, asks
from contracts.ids import PlacementId, ReferralId
from services.matching.placements.commands import Place, PlacementForm

router = APIRouter(prefix="/referrals", tags=["placements"])


class PlacementAnswer(BaseModel):
    """The id that was given to a placement."""

    placement_id: UUID


@router.post("/{referral_id}/placement", status_code=201, response_model=PlacementAnswer)
async def place(referral_id: UUID, form: PlacementForm, call: Call = asks("counsellor", "manager")) -> Response:
    """Record that a seeker has a job by an accepted referral. Never over-fills a vacancy."""
    return await call.run(Place(PlacementId(uuids.uuid7()), ReferralId(referral_id), form), 201)
