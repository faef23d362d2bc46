"""Firms over HTTP."""

from datetime import date
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from chassis.calls import Call, asks, read_one, reads
from chassis.decisions import Actor
from contracts.codes import District, FirmSize
from contracts.ids import EmployerId
from services.intake.firms import queries
from services.intake.firms.commands import EmployerForm, JoinEmployer

MEMBERSHIP_STAFF = ("counsellor", "manager", "employer")

router = APIRouter(prefix="/employers", tags=["firms"])


class EmployerAnswer(BaseModel):
    """The id that was given to an employer."""

    employer_id: UUID


class EmployerView(EmployerAnswer):
    """An employer's record."""

    business_number: str
    name: str
    size: FirmSize
    district: District
    joined_on: date


@router.post("", status_code=201, response_model=EmployerAnswer)
async def join(form: EmployerForm, call: Call = asks(*MEMBERSHIP_STAFF)) -> Response:
    """Take in a member company. A business number joins once."""
    return await call.run(JoinEmployer(EmployerId(uuids.uuid7()), form), 201)


@router.get("/{employer_id}", response_model=EmployerView)
async def read(employer_id: UUID, request: Request, _: Actor = reads(*MEMBERSHIP_STAFF)) -> Any:
    """Read an employer's record."""
    return await read_one(request, queries.employer, "employer_id", employer_id)
