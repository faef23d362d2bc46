"""Counsellors over HTTP."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from chassis.batch.clock import Clock
from chassis.batch.decisions import Actor
from chassis.batch.owners import EVERYBODY
from chassis.database.db import Connection, Pool, reading
from chassis.http.access import Door
from chassis.http.bulk import BulkAnswer, BulkOptions, take
from chassis.http.bulk_columns import rows_body
from chassis.http.calls import Call, asks, read_one, reads
from chassis.http.cursors import After, Limit, next_place, place
from contracts.codes import ClientGroup
from contracts.ids import CounsellorId
from contracts.owners import MANAGER, STAFF
from services.intake.counsellors import queries
from services.intake.counsellors.commands import (
    AbsenceForm,
    AbsenceReturn,
    ChangeCounsellor,
    CounsellorDetailsForm,
    CounsellorForm,
    CounsellorRow,
    Departure,
    EndAbsence,
    JoinCounsellor,
    LeaveCounsellor,
    RecordAbsence,
    RecordService,
)
from services.intake.counsellors.model import Absence, AbsenceReason

router = APIRouter(prefix="/counsellors", tags=["counsellors"])


class CounsellorAnswer(BaseModel):
    """The id that was given to a counsellor."""

    counsellor_id: UUID


class CounsellorView(CounsellorAnswer):
    """A counsellor in service."""

    name: str
    groups: tuple[ClientGroup, ...]
    joined_on: date


class CounsellorPage(BaseModel):
    """Counsellors in service; `next` is what to give as `after` for the following ones, None at the end."""

    counsellors: list[CounsellorView]
    next: str | None


class AbsenceView(BaseModel):
    """The days on which a counsellor is away, the first and the last included."""

    model_config = ConfigDict(from_attributes=True, populate_by_name=True)

    first: date = Field(alias="from")
    last: date = Field(alias="to")
    reason: AbsenceReason | None


class AbsencesView(CounsellorAnswer):
    """When a counsellor is away, the earliest first; `next` is what to give as `after` for the following, None at the
    end."""

    absences: list[AbsenceView]
    next: str | None


@router.post("", status_code=201, response_model=CounsellorAnswer)
async def join(form: CounsellorForm, call: Call = asks(Door(MANAGER, EVERYBODY))) -> Response:
    """Take a counsellor into service."""
    return await call.run(JoinCounsellor(CounsellorId(uuids.uuid7()), form), 201)


@router.post("/bulk", response_model=BulkAnswer, openapi_extra=rows_body(CounsellorRow))
async def join_many(request: Request, options: BulkOptions, call: Call = asks(Door(MANAGER, EVERYBODY))) -> Response:
    """Take many counsellors into service, those who have left meanwhile too; rows as for sessions in bulk."""
    return await take(
        request, call, options, CounsellorRow, lambda row: RecordService(CounsellorId(uuids.uuid7()), row)
    )


@router.post("/{counsellor_id}/departure", response_model=CounsellorAnswer)
async def leave(counsellor_id: UUID, departure: Departure, call: Call = asks(Door(MANAGER, EVERYBODY))) -> Response:
    """Let a counsellor go."""
    return await call.run(LeaveCounsellor(CounsellorId(counsellor_id), departure))


@router.put("/{counsellor_id}", response_model=CounsellorAnswer)
async def change(
    counsellor_id: UUID, form: CounsellorDetailsForm, call: Call = asks(Door(MANAGER, EVERYBODY))
) -> Response:
    """Change a counsellor's name or client groups; those whom they have stay with them."""
    return await call.run(ChangeCounsellor(CounsellorId(counsellor_id), form))


@router.post("/{counsellor_id}/absences", status_code=201, response_model=CounsellorAnswer)
async def be_away(counsellor_id: UUID, form: AbsenceForm, call: Call = asks(Door(MANAGER, EVERYBODY))) -> Response:
    """Take down when a counsellor is away. Nobody new is assigned to them then, and from a long absence's first day on
    others have those whom they had."""
    return await call.run(RecordAbsence(CounsellorId(counsellor_id), form), 201)


@router.get("/{counsellor_id}/absences", response_model=AbsencesView)
async def absences(
    counsellor_id: UUID,
    request: Request,
    limit: Limit = 100,
    after: After = None,
    _: Actor = reads(Door(MANAGER, EVERYBODY)),
) -> Any:
    """List when a counsellor is away: now and in the days ahead."""
    from_ = place(after)
    clock: Clock = request.app.state.clock

    async def not_over(conn: Connection, counsellor_id: UUID) -> Sequence[Absence] | None:
        return await queries.absences(conn, counsellor_id, (await clock.now(conn)).day)

    ahead = await read_one(request, not_over, "counsellor_id", counsellor_id)
    found = [each for each in ahead if from_ is None or each.first > from_[0]][:limit]
    return {
        "counsellor_id": counsellor_id,
        "absences": found,
        "next": next_place(found, limit, lambda last: (last.first, counsellor_id)),
    }


@router.post("/{counsellor_id}/return", response_model=CounsellorAnswer)
async def come_back(counsellor_id: UUID, back: AbsenceReturn, call: Call = asks(Door(MANAGER, EVERYBODY))) -> Response:
    """End a counsellor's absence before its last day."""
    return await call.run(EndAbsence(CounsellorId(counsellor_id), back))


@router.get("", response_model=CounsellorPage)
async def in_service(
    request: Request, limit: Limit = 100, after: After = None, _: Actor = reads(Door(STAFF, EVERYBODY))
) -> Any:
    """List the counsellors in service today, those first who came first."""
    from_ = place(after)
    pool: Pool = request.app.state.pool
    clock: Clock = request.app.state.clock
    async with reading(pool) as conn:
        found = await queries.in_service(conn, (await clock.now(conn)).day, limit, from_)
    return {"counsellors": found, "next": next_place(found, limit, lambda last: (last.joined_on, last.counsellor_id))}
