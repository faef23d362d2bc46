"""Visits over HTTP, for the field discovery team."""

from datetime import date
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from chassis.batch.clock import Clock
from chassis.batch.decisions import Actor
from chassis.batch.owners import EVERYBODY
from chassis.database.db import Pool, reading
from chassis.http.access import Door
from chassis.http.calls import Call, asks, read_one, reads
from chassis.http.cursors import After, Limit, place, place_of
from chassis.http.problem_responses import Problem
from chassis.problems import INVALID_REQUEST
from contracts.codes import District, Occupation
from contracts.ids import VisitId
from contracts.open_codes import ReadsOpen
from contracts.owners import STAFF
from services.matching.visits import queries
from services.matching.visits.commands import RecordVisit, VisitForm

router = APIRouter(prefix="/visits", tags=["visits"])


class VisitAnswer(BaseModel):
    """A visit that was recorded, and whether the firm was on the visit list."""

    visit_id: UUID
    due: bool


class VisitView(ReadsOpen):
    """A visit. `score` is how many unplaced seekers the firm's plans could take, None where it was on no list."""

    visit_id: UUID
    employer_id: UUID
    district: District | None
    due_on: date | None
    openings: int | None
    score: int | None
    made_on: date | None
    officials: int
    counsellors: tuple[UUID, ...]
    vacancies_found: int
    plan_id: UUID | None


class VisitPage(BaseModel):
    """Visits; `next` is what to give as `after` for the following ones, None at the end."""

    visits: list[VisitView]
    next: str | None


class PlanView(ReadsOpen):
    """A hiring plan that holds."""

    plan_id: UUID
    openings: int
    occupations: tuple[Occupation, ...]
    hire_by: date


class ListedView(ReadsOpen):
    """A firm to be visited: how many unplaced seekers its plans could take, and these plans."""

    visit_id: UUID
    employer_id: UUID
    district: District
    due_on: date
    score: int
    plans: list[PlanView]


class VisitList(BaseModel):
    """The visit list; `next` is what to give as `after` for the following ones, None at the end."""

    visits: list[ListedView]
    next: str | None


@router.post("", status_code=201, response_model=VisitAnswer)
async def record(form: VisitForm, call: Call = asks(Door(STAFF, EVERYBODY))) -> Response:
    """Record a visit that was made: the one that was due, or one beside the list."""
    return await call.run(RecordVisit(VisitId(uuids.uuid7()), form), 201)


@router.get("/list", response_model=VisitList)
async def visit_list(
    request: Request,
    district: District | None = None,
    limit: Limit = 100,
    after: After = None,
    _: Actor = reads(Door(STAFF, EVERYBODY)),
) -> Any:
    """List the firms to be visited this year, those first whose plans could take the most unplaced seekers."""
    from_ = _score_place(after)
    pool: Pool = request.app.state.pool
    clock: Clock = request.app.state.clock
    async with reading(pool) as conn:
        found = await queries.listed(conn, (await clock.now(conn)).day, district, limit, from_)
    last = found[-1].visit if len(found) == limit else None
    return {
        "visits": [
            {
                "visit_id": one.visit.visit_id,
                "employer_id": one.visit.employer_id,
                "district": one.visit.district,
                "due_on": one.visit.due_on,
                "score": one.visit.score,
                "plans": one.plans,
            }
            for one in found
        ],
        "next": f"{last.score}_{last.visit_id}" if last else None,
    }


def _score_place(after: str | None) -> tuple[int, UUID] | None:
    """Read a place in the visit list, which is sorted by score (raises Problem `invalid-request`)."""
    if after is None:
        return None
    score, _, visit_id = after.partition("_")
    try:
        return min(int(score), 2**31 - 1), UUID(visit_id)
    except ValueError:
        raise Problem(INVALID_REQUEST, "after is no place that this interface gave", "after") from None


@router.get("", response_model=VisitPage)
async def visits(
    request: Request,
    employer_id: UUID | None = None,
    district: District | None = None,
    limit: Limit = 100,
    after: After = None,
    _: Actor = reads(Door(STAFF, EVERYBODY)),
) -> Any:
    """List the visits that were made, the newest first."""
    from_ = place(after)
    pool: Pool = request.app.state.pool
    async with reading(pool) as conn:
        found = await queries.made(conn, employer_id, district, limit, from_)
    last = found[-1] if len(found) == limit else None
    following = place_of(last.made_on, last.visit_id) if last and last.made_on else None
    return {"visits": found, "next": following}


@router.get("/{visit_id}", response_model=VisitView)
async def read(visit_id: UUID, request: Request, _: Actor = reads(Door(STAFF, EVERYBODY))) -> Any:
    """Read a visit, due or made."""
    return await read_one(request, queries.visit, "visit_id", visit_id)
