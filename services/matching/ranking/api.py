"""Rankings over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from chassis.batch.clock import Clock
from chassis.batch.decisions import Actor, Unknown
from chassis.batch.owners import EVERYBODY
from chassis.batch.unknown_ids import unknown_ids
from chassis.database.db import Pool, reading
from chassis.http.access import Door
from chassis.http.answers import json_answer
from chassis.http.calls import problem_of, reads
from chassis.http.slots import COSTLY
from contracts.owners import STAFF
from services.matching.access import OWN_SEEKERS
from services.matching.owners import check_seeker
from services.matching.pool.answers import known
from services.matching.ranking import queries
from services.matching.referrals.gate import gate

router = APIRouter(tags=["ranking"])

Limit = Annotated[int, Query(ge=1, le=100, description="How many, best first")]


Override = Annotated[
    bool, Query(description="Also those that a stage in total care closes: to be referred to with `override`")
]


class ReasonView(BaseModel):
    """One thing that was looked at, the points it gave, and the facts it was judged on."""

    code: str
    points: int
    facts: dict[str, Any]


class CandidateView(BaseModel):
    """A seeker who comes into question."""

    seeker_id: UUID
    points: int
    reasons: list[ReasonView]


class CandidatesView(BaseModel):
    """Seekers for a vacancy, best first."""

    vacancy_id: UUID
    candidates: list[CandidateView]


class VacancyMatchView(BaseModel):
    """A vacancy that comes into question."""

    vacancy_id: UUID
    points: int
    reasons: list[ReasonView]


class GateView(BaseModel):
    """What a referral to the vacancies that are left out would be refused with: the problem's code, and why."""

    problem: str
    detail: str


class VacanciesView(BaseModel):
    """Vacancies that a seeker may be referred to, best first; `gate` tells why not to others, None if to all."""

    seeker_id: UUID
    vacancies: list[VacancyMatchView]
    gate: GateView | None


@router.get("/vacancies/{vacancy_id}/candidates", response_model=CandidatesView, dependencies=[COSTLY])
async def candidates(
    vacancy_id: UUID, request: Request, limit: Limit = 20, _: Actor = reads(Door(STAFF, EVERYBODY))
) -> Response:
    """Rank the seekers in the pool for a vacancy. Gender never counts, nor does age, but that a youth
    internship, after which interns are made permanent, is for those who are 29 at most."""
    pool: Pool = request.app.state.pool
    clock: Clock = request.app.state.clock
    async with reading(pool, planned_once=True) as conn:
        vacancy = await queries.vacancy(conn, vacancy_id)
        if vacancy is None:
            (outcome,) = await unknown_ids(conn, [Unknown("vacancy_id", vacancy_id)])
            raise problem_of(outcome)
        ranked = await queries.candidates(conn, vacancy, (await clock.now(conn)).day, limit)
    return json_answer(
        {"vacancy_id": vacancy_id, "candidates": [{"seeker_id": one.id, **_match(one)} for one in ranked]}
    )


@router.get("/seekers/{seeker_id}/vacancies", response_model=VacanciesView, dependencies=[COSTLY])
async def vacancies(
    seeker_id: UUID,
    request: Request,
    limit: Limit = 20,
    override: Override = False,
    _: Actor = reads(Door(STAFF, OWN_SEEKERS)),
) -> Any:
    """Rank the open vacancies that a seeker may be referred to. Gender never counts, nor does age, but that youth
    internships, after which interns are made permanent, are for those who are 29 at most."""
    pool: Pool = request.app.state.pool
    clock: Clock = request.app.state.clock
    async with reading(pool) as conn:
        seeker, profile = await known(conn, seeker_id)
        await check_seeker(request, conn, seeker.seeker_id)
        kinds, refused = gate(seeker, override)
        ranked = await queries.vacancies(conn, seeker, profile, kinds, (await clock.now(conn)).day, limit)
    return {
        "seeker_id": seeker_id,
        "vacancies": [{"vacancy_id": one.id, **_match(one)} for one in ranked],
        "gate": {"problem": refused.problem.code, "detail": refused.detail} if refused else None,
    }


def _match(ranked: queries.Ranked) -> dict[str, Any]:
    return {"points": ranked.match.points, "reasons": [reason._asdict() for reason in ranked.match.reasons]}
