"""Vacancies over HTTP."""

from datetime import date
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from chassis.calls import Call, asks, read_one, reads
from chassis.decisions import Actor
from contracts.codes import District, Employment, Occupation, Sector
from contracts.ids import VacancyId
from services.matching.vacancies import queries
from services.matching.vacancies.commands import CloseVacancy, Closing, OpenVacancy, VacancyForm
from services.matching.vacancies.model import ClosedAs

VACANCY_STAFF = ("counsellor", "manager", "employer")

router = APIRouter(prefix="/vacancies", tags=["vacancies"])


class VacancyAnswer(BaseModel):
    """The id that was given to a vacancy."""

    vacancy_id: UUID


class VacancyView(VacancyAnswer):
    """A vacancy's record; `placed` counts the openings that are taken, by a placement or by an intern."""

    employer_id: UUID
    title: str
    occupation: Occupation
    openings: int
    placed: int
    sector: Sector
    employment: Employment
    wage: int | None
    district: District
    deadline: date | None
    converts: bool
    opened_on: date
    closed_on: date | None
    closed_as: ClosedAs | None


@router.post("", status_code=201, response_model=VacancyAnswer)
async def open_vacancy(form: VacancyForm, call: Call = asks(*VACANCY_STAFF)) -> Response:
    """Open a vacancy for a member company."""
    return await call.run(OpenVacancy(VacancyId(uuids.uuid7()), form), 201)


@router.post("/{vacancy_id}/closing", response_model=VacancyAnswer)
async def close_vacancy(vacancy_id: UUID, closing: Closing, call: Call = asks(*VACANCY_STAFF)) -> Response:
    """Close a vacancy that its employer has withdrawn. One whose last opening is filled closes by itself."""
    return await call.run(CloseVacancy(VacancyId(vacancy_id), closing))


@router.get("/{vacancy_id}", response_model=VacancyView)
async def read(vacancy_id: UUID, request: Request, _: Actor = reads(*VACANCY_STAFF)) -> Any:
    """Read a vacancy's record."""
    return await read_one(request, queries.vacancy, "vacancy_id", vacancy_id)
