"""Hiring plans over HTTP, and the requests for them."""

from datetime import date
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from chassis.batch.decisions import Actor
from chassis.batch.owners import EVERYBODY
from chassis.database.db import Pool, reading
from chassis.http.access import Door
from chassis.http.calls import Call, asks, read_one, reads
from chassis.http.cursors import After, Limit, next_place, place
from contracts.codes import Channel, Occupation
from contracts.ids import EmployerId, HiringPlanId, PlanRequestId
from contracts.owners import STAFF, STAFF_AND_EMPLOYER
from services.intake.access import OWN_FIRM
from services.intake.firms import queries
from services.intake.firms.api import own_firm
from services.intake.firms.commands import AskForPlan, FilePlan, HiringPlanForm, PlanRequestForm, WithdrawPlan

router = APIRouter(tags=["hiring plans"])


class HiringPlanAnswer(BaseModel):
    """The id that was given to a hiring plan."""

    plan_id: UUID


class HiringPlanView(HiringPlanAnswer):
    """A hiring plan; it holds until `hire_by`, unless it was withdrawn."""

    openings: int
    occupations: tuple[Occupation, ...]
    hire_by: date
    converts_interns: bool
    filed_on: date
    withdrawn_on: date | None


class HiringPlanPage(BaseModel):
    """Hiring plans; `next` is what to give as `after` for the following ones, None at the end."""

    plans: list[HiringPlanView]
    next: str | None


class PlanRequestAnswer(BaseModel):
    """The id that was given to a request for a hiring plan."""

    request_id: UUID


class PlanRequestView(PlanRequestAnswer):
    """When a firm was asked for its hiring plan, by whom (a role and an id) and how. `plan_id` is the plan that
    answered and `answered_on` that plan's day, null while none has."""

    asked_on: date
    asked_by: str
    channel: Channel
    plan_id: UUID | None
    answered_on: date | None


class PlanRequestPage(BaseModel):
    """The requests for a firm's hiring plan; `next` is what to give as `after` for the following ones, None at the
    end."""

    requests: list[PlanRequestView]
    next: str | None


@router.post("/employers/{employer_id}/plan-requests", status_code=201, response_model=PlanRequestAnswer)
async def ask(employer_id: UUID, form: PlanRequestForm, call: Call = asks(Door(STAFF, EVERYBODY))) -> Response:
    """Record that a member or a prospect was asked what it plans to hire. The next plan that it files answers it."""
    return await call.run(AskForPlan(PlanRequestId(uuids.uuid7()), EmployerId(employer_id), form), 201)


@router.get("/employers/{employer_id}/plan-requests", response_model=PlanRequestPage)
async def requests(
    employer_id: UUID,
    request: Request,
    limit: Limit = 100,
    after: After = None,
    _: Actor = reads(Door(STAFF, EVERYBODY)),
) -> Any:
    """List when a firm was asked for its hiring plan, and what has answered; the latest first."""
    from_ = place(after)
    await read_one(request, queries.employer, "employer_id", employer_id)
    pool: Pool = request.app.state.pool
    async with reading(pool) as conn:
        found = await queries.requests(conn, employer_id, limit, from_)
    return {"requests": found, "next": next_place(found, limit, lambda last: (last.asked_on, last.request_id))}


@router.post("/employers/{employer_id}/hiring-plans", status_code=201, response_model=HiringPlanAnswer)
async def file(
    employer_id: UUID, form: HiringPlanForm, call: Call = asks(Door(STAFF_AND_EMPLOYER, OWN_FIRM))
) -> Response:
    """File what a member or a prospect plans to hire. No vacancy yet; one that plans 10 or more is visited."""
    return await call.run(FilePlan(HiringPlanId(uuids.uuid7()), EmployerId(employer_id), form), 201)


@router.get("/employers/{employer_id}/hiring-plans", response_model=HiringPlanPage)
async def plans(
    employer_id: UUID,
    request: Request,
    limit: Limit = 100,
    after: After = None,
    _: Actor = reads(Door(STAFF_AND_EMPLOYER, OWN_FIRM)),
) -> Any:
    """List a firm's hiring plans, the newest first."""
    from_ = place(after)
    await read_one(request, queries.employer, "employer_id", employer_id, own_firm)
    pool: Pool = request.app.state.pool
    async with reading(pool) as conn:
        found = await queries.plans(conn, employer_id, limit, from_)
    return {"plans": found, "next": next_place(found, limit, lambda last: (last.filed_on, last.plan_id))}


@router.post("/hiring-plans/{plan_id}/withdrawal", response_model=HiringPlanAnswer)
async def withdraw(plan_id: UUID, call: Call = asks(Door(STAFF_AND_EMPLOYER, OWN_FIRM))) -> Response:
    """Withdraw a hiring plan; one that changed is filed anew."""
    return await call.run(WithdrawPlan(HiringPlanId(plan_id)))
