"""Firms over HTTP."""

from datetime import date
from operator import attrgetter
from typing import Annotated, Any
from uuid import UUID

import uuid_utils.compat as uuids
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from chassis.batch.clock import Clock
from chassis.batch.decisions import Actor
from chassis.batch.owners import EVERYBODY
from chassis.database.db import Pool, reading
from chassis.http.access import Door
from chassis.http.bulk import BulkAnswer, BulkOptions, take
from chassis.http.bulk_columns import rows_body
from chassis.http.calls import Call, asks, read_one, reads
from chassis.http.cursors import Limit
from chassis.http.held import owned_by
from chassis.http.versions import IfMatch, etag, needed_version_in, with_etag
from chassis.texts import Identifier, Line
from contracts.codes import District, FirmSize
from contracts.ids import EmployerId
from contracts.owners import STAFF, STAFF_AND_EMPLOYER
from services.intake.access import OWN_FIRM
from services.intake.firms import queries
from services.intake.firms.asking import DAYS_TO_ANSWER
from services.intake.firms.commands import (
    BusinessNumber,
    ChangeEmployer,
    EmployerDetailsForm,
    EmployerForm,
    EmployerLeavingForm,
    JoinEmployer,
    LeaveCentre,
    ListProspect,
)
from services.intake.firms.model import FirmStatus

own_firm = owned_by(attrgetter("employer_id"))
"""Tells whether a firm is the one of whoever looks, if they are held to it."""

router = APIRouter(tags=["firms"])


class EmployerAnswer(BaseModel):
    """The id that was given to an employer."""

    employer_id: UUID


class ChangedEmployerAnswer(EmployerAnswer):
    """The names of the fields that changed, and the version that the record has now."""

    changed: list[str]
    version: int


class EmployerView(EmployerAnswer):
    """A firm's record. A prospect has not joined; `programmes` are the city programmes that it takes part in."""

    business_number: str
    name: str
    size: FirmSize
    district: District
    programmes: tuple[str, ...]
    status: FirmStatus
    joined_on: date | None
    listed_on: date | None
    left_on: date | None
    version: int


class EmployerPage(BaseModel):
    """Firms; `next` is what to give as `after` for the following ones, None at the end."""

    employers: list[EmployerView]
    next: UUID | None


@router.post("/employers", status_code=201, response_model=EmployerAnswer)
async def join(form: EmployerForm, call: Call = asks(Door(STAFF_AND_EMPLOYER, OWN_FIRM))) -> Response:
    """Take in a member company, or take it back. A business number joins once and keeps its id."""
    return await call.run(JoinEmployer(EmployerId(uuids.uuid7()), form), 201)


@router.post("/employers/bulk", response_model=BulkAnswer, openapi_extra=rows_body(EmployerForm))
async def join_many(request: Request, options: BulkOptions, call: Call = asks(Door(STAFF, EVERYBODY))) -> Response:
    """Take in many member companies; rows as for sessions in bulk."""
    return await take(request, call, options, EmployerForm, lambda form: JoinEmployer(EmployerId(uuids.uuid7()), form))


@router.post("/prospects", status_code=201, response_model=EmployerAnswer)
async def list_prospect(form: EmployerForm, call: Call = asks(Door(STAFF, EVERYBODY))) -> Response:
    """List a firm that is no member for the field discovery team: a mid-sized one, or a small one in a programme."""
    return await call.run(ListProspect(EmployerId(uuids.uuid7()), form), 201)


@router.get("/employers", response_model=EmployerPage)
async def employers(
    request: Request,
    status: FirmStatus = "member",
    name: Annotated[Line | None, Query(description="A part of the name, in any case and width")] = None,
    business_number: BusinessNumber | None = None,
    district: District | None = None,
    size: FirmSize | None = None,
    programme: Annotated[
        Annotated[str, Identifier] | None, Query(max_length=64, description="A city programme's code")
    ] = None,
    planning: Annotated[
        bool | None, Query(description="Whether a hiring plan holds; false: those still to be asked for one")
    ] = None,
    asked: Annotated[
        bool | None,
        Query(
            description=f"Whether it was asked for its hiring plan less than {DAYS_TO_ANSWER} days ago and has not "
            "answered; false with `planning` false: those to be asked now"
        ),
    ] = None,
    limit: Limit = 100,
    after: UUID | None = None,
    _: Actor = reads(Door(STAFF, EVERYBODY)),
) -> Any:
    """List and search firms: members, those who left, or prospects."""
    sought = queries.Sought(status, name, business_number, district, size, programme, planning, asked)
    pool: Pool = request.app.state.pool
    clock: Clock = request.app.state.clock
    async with reading(pool) as conn:
        found = await queries.employers(conn, sought, (await clock.now(conn)).day, limit, after)
    return {"employers": found, "next": found[-1].employer_id if len(found) == limit else None}


@router.get("/employers/{employer_id}", response_model=EmployerView)
async def read(
    employer_id: UUID, request: Request, response: Response, _: Actor = reads(Door(STAFF_AND_EMPLOYER, OWN_FIRM))
) -> Any:
    """Read a firm's record. The header ETag has its version, for the If-Match of a change."""
    found = await read_one(request, queries.employer, "employer_id", employer_id, own_firm)
    response.headers["ETag"] = etag(found.version)
    return found


@router.put("/employers/{employer_id}", response_model=ChangedEmployerAnswer)
async def change(
    employer_id: UUID,
    form: EmployerDetailsForm,
    if_match: IfMatch = None,
    call: Call = asks(Door(STAFF_AND_EMPLOYER, OWN_FIRM)),
) -> Response:
    """Replace what is known of a firm, as it was read under the version that If-Match names."""
    return with_etag(await call.run(ChangeEmployer(EmployerId(employer_id), form, needed_version_in(if_match))))


@router.post("/employers/{employer_id}/departure", response_model=EmployerAnswer)
async def leave(
    employer_id: UUID, form: EmployerLeavingForm, call: Call = asks(Door(STAFF_AND_EMPLOYER, OWN_FIRM))
) -> Response:
    """Let a member go. Its vacancies close by themselves; it may come back by joining again."""
    return await call.run(LeaveCentre(EmployerId(employer_id), form))
