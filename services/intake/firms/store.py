"""All SQL that loads and keeps firms, hiring plans and the requests for these."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import asyncpg

from chassis.aggregates import NothingToFind
from chassis.db import Connection, columns
from contracts.ids import EmployerId, HiringPlanId, PlanRequestId
from services.intake.firms.model import Employer, HiringPlan, PlanRequest, PlanRequests, WithBusinessNumber

_COLUMNS = (
    "employer_id, business_number, name, size, district, joined_on, programmes, status, listed_on, left_on, version"
)
_PLAN = "plan_id, employer_id, openings, occupations, hire_by, converts_interns, filed_on, withdrawn_on"
_REQUEST = "request_id, employer_id, asked_on, asked_by, channel, plan_id, answered_on"


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


class EmployerStore:
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
            f"SELECT {_COLUMNS} FROM employer WHERE employer_id = ANY($1) ORDER BY employer_id FOR UPDATE", keys
        )
        return {EmployerId(row["employer_id"]): employer_of(row) for row in rows}

    async def save(self, conn: Connection, states: Sequence[Employer]) -> None:
        await conn.execute(
            f"""INSERT INTO employer ({_COLUMNS})
                SELECT i, b, n, s, d, j, string_to_array(p, ','), t, l, e, v
                FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::date[], $7::text[],
                            $8::text[], $9::date[], $10::date[], $11::int[])
                     AS given (i, b, n, s, d, j, p, t, l, e, v)
                ON CONFLICT (employer_id) DO UPDATE SET
                    name = excluded.name, size = excluded.size, district = excluded.district,
                    joined_on = excluded.joined_on, programmes = excluded.programmes, status = excluded.status,
                    listed_on = excluded.listed_on, left_on = excluded.left_on, version = excluded.version""",
            *columns(
                [
                    (
                        e.employer_id, e.business_number, e.name, e.size, e.district, e.joined_on,
                        ",".join(e.programmes), e.status, e.listed_on, e.left_on, e.version,
                    )
                    for e in states
                ],
                11,
            ),
        )  # fmt: skip


class HiringPlanStore(NothingToFind):
    """Keeps hiring plans."""

    def key(self, state: HiringPlan) -> HiringPlanId:
        return state.plan_id

    async def load(self, conn: Connection, keys: Sequence[HiringPlanId]) -> Mapping[HiringPlanId, HiringPlan]:
        rows = await conn.fetch(
            f"SELECT {_PLAN} FROM hiring_plan WHERE plan_id = ANY($1) ORDER BY plan_id FOR UPDATE", keys
        )
        return {HiringPlanId(row["plan_id"]): plan_of(row) for row in rows}

    async def save(self, conn: Connection, states: Sequence[HiringPlan]) -> None:
        await conn.execute(
            f"""INSERT INTO hiring_plan ({_PLAN})
                SELECT i, e, o, string_to_array(c, ','), h, n, f, w
                FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::date[], $6::bool[], $7::date[],
                            $8::date[]) AS given (i, e, o, c, h, n, f, w)
                ON CONFLICT (plan_id) DO UPDATE SET withdrawn_on = excluded.withdrawn_on""",
            *columns(
                [
                    (
                        p.plan_id, p.employer_id, p.openings, ",".join(p.occupations), p.hire_by, p.converts_interns,
                        p.filed_on, p.withdrawn_on,
                    )
                    for p in states
                ],
                8,
            ),
        )  # fmt: skip


class PlanRequestsStore(NothingToFind):
    """Keeps how often firms were asked for their hiring plans, and reads when they filed the last one, which is kept as
    the plan. Whoever loads it holds the lock on the firm."""

    def key(self, state: PlanRequests) -> EmployerId:
        return state.employer_id

    async def load(self, conn: Connection, keys: Sequence[EmployerId]) -> Mapping[EmployerId, PlanRequests]:
        rows = await conn.fetch(
            f"SELECT {_REQUEST} FROM plan_request WHERE employer_id = ANY($1) ORDER BY asked_on, request_id", keys
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
        await conn.execute(
            f"""INSERT INTO plan_request AS r ({_REQUEST})
                SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::date[], $4::text[], $5::text[], $6::uuid[], $7::date[])
                ON CONFLICT (request_id) DO UPDATE SET
                    plan_id = excluded.plan_id, answered_on = excluded.answered_on
                WHERE (r.plan_id, r.answered_on) IS DISTINCT FROM (excluded.plan_id, excluded.answered_on)""",
            *columns(
                [
                    (r.request_id, s.employer_id, r.asked_on, r.asked_by, r.channel, r.plan_id, r.answered_on)
                    for s in states
                    for r in s.requests
                ],
                7,
            ),
        )
