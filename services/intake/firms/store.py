"""All SQL that loads and keeps firms, hiring plans and the requests for these."""

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

import asyncpg

from chassis.batch.aggregates import Aggregate
from chassis.database.db import Connection
from chassis.database.rows import Rows
from contracts.ids import EmployerId, HiringPlanId, PlanRequestId
from services.intake.firms.model import Employer, HiringPlan, PlanRequest, PlanRequests, WithBusinessNumber

_EMPLOYER = Rows[Employer](
    "employer",
    "employer_id",
    {
        "employer_id": "uuid",
        "business_number": "text",
        "name": "text",
        "size": "text",
        "district": "text",
        "joined_on": "date",
        "programmes": "text[]",
        "status": "text",
        "listed_on": "date",
        "left_on": "date",
        "version": "int",
    },
)
_KEEP_EMPLOYER = _EMPLOYER.keep(
    ["name", "size", "district", "joined_on", "programmes", "status", "listed_on", "left_on", "version"]
)

_PLAN = Rows[HiringPlan](
    "hiring_plan",
    "plan_id",
    {
        "plan_id": "uuid",
        "employer_id": "uuid",
        "openings": "int",
        "occupations": "text[]",
        "hire_by": "date",
        "converts_interns": "bool",
        "filed_on": "date",
        "withdrawn_on": "date",
    },
)
_KEEP_PLAN = _PLAN.keep(["withdrawn_on"])


class _Asked(NamedTuple):
    employer_id: EmployerId
    request: PlanRequest


_REQUEST = Rows[_Asked](
    "plan_request",
    "request_id",
    {
        "request_id": ("uuid", attrgetter("request.request_id")),
        "employer_id": "uuid",
        "asked_on": ("date", attrgetter("request.asked_on")),
        "asked_by": ("text", attrgetter("request.asked_by")),
        "channel": ("text", attrgetter("request.channel")),
        "plan_id": ("uuid", attrgetter("request.plan_id")),
        "answered_on": ("date", attrgetter("request.answered_on")),
    },
)
_KEEP_REQUEST = _REQUEST.keep(["plan_id", "answered_on"], if_changed=True)


def employer_of(row: asyncpg.Record) -> Employer:
    """Read an employer from a row."""
    return Employer(
        EmployerId(row["employer_id"]),
        row["business_number"],
        row["name"],
        row["size"],
        row["district"],
        row["joined_on"],
        tuple(row["programmes"]),
        row["status"],
        row["listed_on"],
        row["left_on"],
        row["version"],
    )


def plan_of(row: asyncpg.Record) -> HiringPlan:
    """Read a hiring plan from a row."""
    return HiringPlan(
        HiringPlanId(row["plan_id"]),
        EmployerId(row["employer_id"]),
        row["openings"],
        tuple(row["occupations"]),
        row["hire_by"],
        row["converts_interns"],
        row["filed_on"],
        row["withdrawn_on"],
    )


def request_of(row: asyncpg.Record) -> PlanRequest:
    """Read a request for a hiring plan from a row."""
    return PlanRequest(
        PlanRequestId(row["request_id"]),
        row["asked_on"],
        row["asked_by"],
        row["channel"],
        row["plan_id"],
        row["answered_on"],
    )


class EmployerStore(Aggregate[Employer]):
    """Keeps employers, and finds one by its business number."""

    def key(self, state: Employer) -> EmployerId:
        return state.employer_id

    async def find(self, conn: Connection, finds: Sequence[WithBusinessNumber]) -> Mapping[WithBusinessNumber, UUID]:
        rows = await conn.fetch(
            "SELECT business_number, employer_id FROM employer WHERE business_number = ANY($1)",
            [find.number for find in finds],
        )
        return {WithBusinessNumber(row["business_number"]): row["employer_id"] for row in rows}

    async def load(self, conn: Connection, keys: Sequence[EmployerId]) -> Mapping[EmployerId, Employer]:
        rows = await conn.fetch(
            f"SELECT {_EMPLOYER.names} FROM employer WHERE employer_id = ANY($1) ORDER BY employer_id FOR UPDATE", keys
        )
        return {EmployerId(row["employer_id"]): employer_of(row) for row in rows}

    async def save(self, conn: Connection, states: Sequence[Employer]) -> None:
        await conn.execute(_KEEP_EMPLOYER, *_EMPLOYER.arguments(states))


class HiringPlanStore(Aggregate[HiringPlan]):
    """Keeps hiring plans."""

    def key(self, state: HiringPlan) -> HiringPlanId:
        return state.plan_id

    async def load(self, conn: Connection, keys: Sequence[HiringPlanId]) -> Mapping[HiringPlanId, HiringPlan]:
        rows = await conn.fetch(
            f"SELECT {_PLAN.names} FROM hiring_plan WHERE plan_id = ANY($1) ORDER BY plan_id FOR UPDATE", keys
        )
        return {HiringPlanId(row["plan_id"]): plan_of(row) for row in rows}

    async def save(self, conn: Connection, states: Sequence[HiringPlan]) -> None:
        await conn.execute(_KEEP_PLAN, *_PLAN.arguments(states))


class PlanRequestsStore(Aggregate[PlanRequests]):
    """Keeps how often firms were asked for their hiring plans, and reads when they filed the last one, which is kept as
    the plan. Whoever loads it holds the lock on the firm."""

    def key(self, state: PlanRequests) -> EmployerId:
        return state.employer_id

    async def load(self, conn: Connection, keys: Sequence[EmployerId]) -> Mapping[EmployerId, PlanRequests]:
        rows = await conn.fetch(
            f"SELECT {_REQUEST.names} FROM plan_request WHERE employer_id = ANY($1) ORDER BY asked_on, request_id", keys
        )
        requests: dict[EmployerId, list[PlanRequest]] = {key: [] for key in keys}
        for row in rows:
            requests[row["employer_id"]].append(request_of(row))
        filed = await conn.fetch(
            "SELECT employer_id, max(filed_on) FROM hiring_plan WHERE employer_id = ANY($1) GROUP BY employer_id", keys
        )
        last_filed_on = dict(filed)
        return {key: PlanRequests(key, tuple(each), last_filed_on.get(key)) for key, each in requests.items()}

    async def save(self, conn: Connection, states: Sequence[PlanRequests]) -> None:
        asked = [_Asked(state.employer_id, request) for state in states for request in state.requests]
        await conn.execute(_KEEP_REQUEST, *_REQUEST.arguments(asked))
