"""Vacancies over HTTP."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

import uuid_utils.compat as uuids
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from chassis.batch.decisions import Actor
from chassis.batch.owners import EVERYBODY
from chassis.database.db import Pool, reading
from chassis.http.access import Door
from chassis.http.bulk import BulkAnswer, BulkOptions, take
from chassis.http.bulk_columns import rows_body
from chassis.http.calls import Call, asks, held, read_one, reads, refuse_unknown
from chassis.http.cursors import After, Limit, next_place, place
from contracts.codes import District, Employment, Occupation, Sector
from contracts.ids import VacancyId
from contracts.owners import MANAGER, STAFF, STAFF_AND_EMPLOYER
from services.matching.access import OWN_FIRM
from services.matching.owners import own_firm
from services.matching.vacancies import queries
from services.matching.vacancies.commands import (
    ChangeVacancy,
    CloseVacancy,
    Closing,
    ClosingRow,
    OpenFoundVacancy,
    OpenVacancy,
    RecordClosing,
    TermsForm,
    VacancyForm,
)
from services.matching.vacancies.model import ClosedAs

NO_FIRM = UUID(int=0)
"""Whose vacancies a token shows that names no firm: nobody's."""

router = APIRouter(prefix="/vacancies", tags=["vacancies"])


class VacancyAnswer(BaseModel):
    """The id that was given to a vacancy."""

    vacancy_id: UUID


class ChangedVacancyAnswer(VacancyAnswer):
    """The names of the fields that changed."""

    changed: list[str]


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
    visit_id: UUID | None


class VacancyPage(BaseModel):
    """Vacancies; `next` is what to give as `after` for the following ones, None at the end."""

    vacancies: list[VacancyView]
    next: str | None


@router.post("", status_code=201, response_model=VacancyAnswer)
async def open_vacancy(form: VacancyForm, call: Call = asks(Door(STAFF_AND_EMPLOYER, OWN_FIRM))) -> Response:
    """Open a vacancy for a member company; one that a visit found names the visit."""
    return await call.run(_opening(form), 201)


def _opening(form: VacancyForm) -> OpenVacancy | OpenFoundVacancy:
    return (OpenFoundVacancy if form.visit_id else OpenVacancy)(VacancyId(uuids.uuid7()), form)


@router.get("", response_model=VacancyPage)
async def vacancies(
    request: Request,
    employer_id: UUID | None = None,
    occupation: Occupation | None = None,
    district: District | None = None,
    visit_id: Annotated[UUID | None, Query(description="Those that this visit found")] = None,
    status: Annotated[Literal["open", "closed"] | None, Query(description="Both if not given")] = None,
    limit: Limit = 100,
    after: After = None,
    _: Actor = reads(Door(STAFF_AND_EMPLOYER, OWN_FIRM)),
) -> Any:
    """List and search vacancies, the newest first. An employer sees its own."""
    from_ = place(after)
    if actor := held(request):
        if employer_id is not None and employer_id != actor.own:
            raise refuse_unknown("employer_id", employer_id)
        employer_id = actor.own or NO_FIRM
    sought = queries.Sought(employer_id, occupation, district, visit_id, None if status is None else status == "open")
    pool: Pool = request.app.state.pool
    async with reading(pool) as conn:
        found = await queries.vacancies(conn, sought, limit, from_)
    return {"vacancies": found, "next": next_place(found, limit, lambda last: (last.opened_on, last.vacancy_id))}


@router.put("/{vacancy_id}", response_model=ChangedVacancyAnswer)
async def change_vacancy(
    vacancy_id: UUID, form: TermsForm, call: Call = asks(Door(STAFF_AND_EMPLOYER, OWN_FIRM))
) -> Response:
    """Change the terms of an open vacancy. With no free opening left it closes as filled."""
    return await call.run(ChangeVacancy(VacancyId(vacancy_id), form))


@router.post("/bulk", response_model=BulkAnswer, openapi_extra=rows_body(VacancyForm))
async def open_many(request: Request, options: BulkOptions, call: Call = asks(Door(STAFF, EVERYBODY))) -> Response:
    """Open many vacancies. A row that has not the form refuses the whole request, with every error by row. A row that
    a rule refuses is named in the answer, and the others are taken. Sent again under the same Idempotency-Key, rows
    that were taken are not taken again."""
    return await take(request, call, options, VacancyForm, _opening)


@router.post("/closings/bulk", response_model=BulkAnswer, openapi_extra=rows_body(ClosingRow))
async def close_many(request: Request, options: BulkOptions, call: Call = asks(Door(MANAGER, EVERYBODY))) -> Response:
    """Record how many vacancies of an earlier time closed; rows as for vacancies in bulk."""
    return await take(request, call, options, ClosingRow, RecordClosing)


@router.post("/{vacancy_id}/closing", response_model=VacancyAnswer)
async def close_vacancy(
    vacancy_id: UUID, closing: Closing, call: Call = asks(Door(STAFF_AND_EMPLOYER, OWN_FIRM))
) -> Response:
    """Close a vacancy that its employer has withdrawn. One whose last opening is filled closes by itself."""
    return await call.run(CloseVacancy(VacancyId(vacancy_id), closing))


@router.get("/{vacancy_id}", response_model=VacancyView)
async def read(vacancy_id: UUID, request: Request, _: Actor = reads(Door(STAFF_AND_EMPLOYER, OWN_FIRM))) -> Any:
    """Read a vacancy's record."""
    return await read_one(request, queries.vacancy, "vacancy_id", vacancy_id, own_firm)
