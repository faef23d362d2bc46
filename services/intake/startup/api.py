"""Launches over HTTP."""

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
from contracts.codes import Occupation
from contracts.ids import LaunchId
from contracts.owners import STAFF
from services.intake.access import OWN_SEEKERS
from services.intake.seekers.answers import look_at
from services.intake.startup import queries
from services.intake.startup.commands import LaunchBusiness, LaunchForm

router = APIRouter(prefix="/launches", tags=["startup"])


class LaunchAnswer(BaseModel):
    """The id that was given to a launch."""

    launch_id: UUID


class LaunchView(LaunchAnswer):
    """A business that was launched, and the occupation closest to it where that was said."""

    occurred_on: date
    occupation: Occupation | None


class LaunchPage(BaseModel):
    """A client's launches; `next` is what to give as `after` for the following ones, None at the end."""

    client_id: UUID
    launches: list[LaunchView]
    next: str | None


@router.post("", status_code=201, response_model=LaunchAnswer)
async def launch(form: LaunchForm, call: Call = asks(Door(STAFF, OWN_SEEKERS))) -> Response:
    """Record that a client of start-up counselling launched a business."""
    return await call.run(LaunchBusiness(LaunchId(uuids.uuid7()), form), 201)


@router.post("/bulk", response_model=BulkAnswer, openapi_extra=rows_body(LaunchForm))
async def launch_many(request: Request, options: BulkOptions, call: Call = asks(Door(STAFF, OWN_SEEKERS))) -> Response:
    """Record many launches; rows as for sessions in bulk."""
    return await take(request, call, options, LaunchForm, lambda form: LaunchBusiness(LaunchId(uuids.uuid7()), form))


@router.get("", response_model=LaunchPage)
async def launches(
    client_id: UUID,
    request: Request,
    limit: Limit = 100,
    after: After = None,
    reader: Actor = reads(Door(STAFF, OWN_SEEKERS)),
) -> Any:
    """List what a client launched, the earliest first, also under a record since merged into theirs."""
    from_ = place(after)
    found = await look_at(
        request,
        reader,
        "launches",
        lambda conn, client: queries.launches(conn, client, limit, from_),
        client_id,
        "client_id",
    )
    return {
        "client_id": client_id,
        "launches": found,
        "next": next_place(found, limit, lambda last: (last["occurred_on"], last["launch_id"])),
    }
