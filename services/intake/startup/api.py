"""Launches over HTTP."""

from uuid import UUID

import uuid_utils.compat as uuids
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from chassis.bulk import BulkAnswer, BulkOptions, take
from chassis.bulk_columns import rows_body
from chassis.calls import Call, asks
from contracts.ids import LaunchId
from services.intake.startup.commands import LaunchBusiness, LaunchForm

router = APIRouter(prefix="/launches", tags=["startup"])


class LaunchAnswer(BaseModel):
    """The id that was given to a launch."""

    launch_id: UUID


@router.post("", status_code=201, response_model=LaunchAnswer)
async def launch(form: LaunchForm, call: Call = asks("counsellor", "manager")) -> Response:
    """Record that a client of start-up counselling launched a business."""
    return await call.run(LaunchBusiness(LaunchId(uuids.uuid7()), form), 201)


@router.post("/bulk", response_model=BulkAnswer, openapi_extra=rows_body(LaunchForm))
async def launch_many(request: Request, options: BulkOptions, call: Call = asks("counsellor", "manager")) -> Response:
    """Record many launches; rows as for sessions in bulk."""
    return await take(request, call, options, LaunchForm, lambda form: LaunchBusiness(LaunchId(uuids.uuid7()), form))
