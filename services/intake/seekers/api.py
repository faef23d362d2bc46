"""Seekers over HTTP."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

import uuid_utils.compat as uuids
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from chassis.calls import Call, asks, read_one, reads
from chassis.decisions import Actor
from contracts.codes import District, Education, Gender, Occupation
from contracts.ids import SeekerId
from services.intake.seekers import queries
from services.intake.seekers.commands import ChangeSeeker, RegisterSeeker, SeekerForm, Withdrawal, WithdrawSeeker

COUNSELLING_STAFF = ("counsellor", "manager")

router = APIRouter(prefix="/seekers", tags=["seekers"])


class SeekerAnswer(BaseModel):
    """The id that was given to a seeker."""

    seeker_id: UUID


class ChangedAnswer(SeekerAnswer):
    """The names of the fields that changed."""

    changed: list[str]


class SeekerView(BaseModel):
    """A seeker's record."""

    seeker_id: UUID
    name: str
    birth_date: date
    phone: str
    gender: Gender
    district: District
    wanted_occupations: tuple[Occupation, ...]
    education: Education | None
    career_years: int | None
    desired_wage: int | None
    status: Literal["active", "withdrawn"]
    registered_on: date


@router.post("", status_code=201, response_model=SeekerAnswer)
async def register(form: SeekerForm, call: Call = asks(*COUNSELLING_STAFF)) -> Response:
    """Register a person as a job seeker. The same name, birth date and phone are registered once."""
    return await call.run(RegisterSeeker(SeekerId(uuids.uuid7()), form), 201)


@router.put("/{seeker_id}", response_model=ChangedAnswer)
async def change(seeker_id: UUID, form: SeekerForm, call: Call = asks(*COUNSELLING_STAFF)) -> Response:
    """Replace a seeker's details."""
    return await call.run(ChangeSeeker(SeekerId(seeker_id), form))


@router.post("/{seeker_id}/withdrawal", response_model=SeekerAnswer)
async def withdraw(seeker_id: UUID, withdrawal: Withdrawal, call: Call = asks(*COUNSELLING_STAFF)) -> Response:
    """Take a seeker off the register."""
    return await call.run(WithdrawSeeker(SeekerId(seeker_id), withdrawal))


@router.get("/{seeker_id}", response_model=SeekerView)
async def read(seeker_id: UUID, request: Request, _: Actor = reads(*COUNSELLING_STAFF)) -> Any:
    """Read a seeker's record."""
    return await read_one(request, queries.seeker, "seeker_id", seeker_id)
