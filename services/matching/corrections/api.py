"""Corrections over HTTP."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel

from chassis.batch.owners import EVERYBODY
from chassis.http.access import Door
from chassis.http.calls import Call, asks
from contracts.ids import PlacementId
from contracts.owners import MANAGER
from services.matching.corrections.commands import CorrectionForm, CorrectPlacement

router = APIRouter(tags=["placements"])


class CorrectionAnswer(BaseModel):
    """A placement that was corrected."""

    placement_id: UUID
    corrected_on: date


@router.post("/placements/{placement_id}/correction", response_model=CorrectionAnswer)
async def correct(placement_id: UUID, form: CorrectionForm, call: Call = asks(Door(MANAGER, EVERYBODY))) -> Response:
    """Take back a placement that never was: the figures count it no more, and the seeker is back where they stood
    before, in another job if a record that was merged into theirs had one. Its opening is free again, but a vacancy
    that has closed as filled stays closed. An internship that was converted to it is completed again, keeps its
    opening, and can be converted again, say on another day, unless the job had ended or another one came after it.
    SOS-Care that it ended stays ended: it is asked for again."""
    return await call.run(CorrectPlacement(PlacementId(placement_id), form))
