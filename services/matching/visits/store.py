"""All SQL that loads and keeps planning firms, the years' unplaced, and visits."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg

from chassis.aggregates import NothingToFind
from chassis.db import Connection, columns
from contracts.ids import EmployerId, HiringPlanId, VisitId
from services.matching.visits.model import DueVisitOf, Plan, PlanningFirm, UnplacedOfYear, Visit

_VISIT = (
    "visit_id, employer_id, year, district, due_on, openings, score, made_on, officials, counsellors, "
    "vacancies_found, plan_id"
)


def plans_of(plans: Mapping[str, Mapping[str, Any]]) -> tuple[Plan, ...]:
    """Read plans from a row, in the order in which they were filed."""
    return tuple(
        Plan(
            HiringPlanId(UUID(plan_id)),
            plan["openings"],
            tuple(plan["occupations"]),
            date.fromisoformat(plan["hire_by"]),
        )
        for plan_id, plan in sorted(plans.items())
    )


def visit_of(row: asyncpg.Record) -> Visit:
    """Read a visit from a row."""
    return Visit(
        VisitId(row["visit_id"]),
        EmployerId(row["employer_id"]),
        row["year"],
        row["district"],
        row["due_on"],
        row["openings"],
        row["score"],
        row["made_on"],
        row["officials"],
        tuple(str(counsellor_id) for counsellor_id in row["counsellors"]),
        row["vacancies_found"],
        row["plan_id"],
    )


class UnplacedOfYearStore(NothingToFind):
    """Keeps the years' unplaced. They are read with a shared lock: looking at a firm touches one, and few events a
    year change one."""

    def key(self, state: UnplacedOfYear) -> int:
        return state.year

    async def load(self, conn: Connection, keys: Sequence[int]) -> Mapping[int, UnplacedOfYear]:
        rows = await conn.fetch(
            "SELECT year, unplaced, version FROM unplaced_of_year WHERE year = ANY($1) ORDER BY year FOR SHARE", keys
        )
        return {row["year"]: UnplacedOfYear(row["year"], dict(row["unplaced"]), row["version"]) for row in rows}

    async def save(self, conn: Connection, states: Sequence[UnplacedOfYear]) -> None:
        await conn.execute(
            """INSERT INTO unplaced_of_year (year, unplaced, version)
               SELECT * FROM unnest($1::int[], $2::jsonb[], $3::int[])
               ON CONFLICT (year) DO UPDATE SET unplaced = excluded.unplaced, version = excluded.version""",
            *columns([(state.year, dict(state.unplaced), state.version) for state in states], 3),
        )


class PlanningFirmStore(NothingToFind):
    """Keeps planning firms, their plans in the same row."""

    def key(self, state: PlanningFirm) -> EmployerId:
        return state.employer_id

    async def load(self, conn: Connection, keys: Sequence[EmployerId]) -> Mapping[EmployerId, PlanningFirm]:
        rows = await conn.fetch(
            """SELECT employer_id, district, plans, looked_for, has_left, looked_by FROM planning_firm
               WHERE employer_id = ANY($1) ORDER BY employer_id FOR UPDATE""",
            keys,
        )
        return {
            row["employer_id"]: PlanningFirm(
                row["employer_id"],
                row["district"],
                plans_of(row["plans"]),
                row["looked_for"],
                row["has_left"],
                row["looked_by"],
            )
            for row in rows
        }

    async def save(self, conn: Connection, states: Sequence[PlanningFirm]) -> None:
        await conn.execute(
            """INSERT INTO planning_firm (employer_id, district, plans, looked_for, has_left, looked_by)
               SELECT * FROM unnest($1::uuid[], $2::text[], $3::jsonb[], $4::int[], $5::bool[], $6::int[])
               ON CONFLICT (employer_id) DO UPDATE SET
                   district = excluded.district, plans = excluded.plans, looked_for = excluded.looked_for,
                   has_left = excluded.has_left, looked_by = excluded.looked_by""",
            *columns(
                [
                    (
                        f.employer_id, f.district, {str(p.plan_id): _plan(p) for p in f.plans}, f.looked_for,
                        f.has_left, f.looked_by,
                    )
                    for f in states
                ],
                6,
            ),
        )  # fmt: skip


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "openings": plan.openings,
        "occupations": list(plan.occupations),
        "hire_by": plan.hire_by.isoformat(),
    }


class VisitStore:
    """Keeps visits, and finds the one that is due at a firm."""

    def key(self, state: Visit) -> VisitId:
        return state.visit_id

    async def find(self, conn: Connection, finds: Sequence[DueVisitOf]) -> Mapping[DueVisitOf, UUID]:
        rows = await conn.fetch(
            """SELECT DISTINCT ON (employer_id) employer_id, visit_id FROM visit
               WHERE employer_id = ANY($1) AND made_on IS NULL ORDER BY employer_id, year DESC""",
            [find.employer_id for find in finds],
        )
        return {DueVisitOf(row["employer_id"]): row["visit_id"] for row in rows}

    async def load(self, conn: Connection, keys: Sequence[VisitId]) -> Mapping[VisitId, Visit]:
        rows = await conn.fetch(
            f"SELECT {_VISIT} FROM visit WHERE visit_id = ANY($1) ORDER BY visit_id FOR UPDATE", keys
        )
        return {row["visit_id"]: visit_of(row) for row in rows}

    async def save(self, conn: Connection, states: Sequence[Visit]) -> None:
        await conn.execute(
            f"""INSERT INTO visit ({_VISIT})
                SELECT i, e, y, d, u, o, s, m, f, string_to_array(c, ',')::uuid[], v, p
                FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::date[], $6::int[], $7::int[],
                            $8::date[], $9::int[], $10::text[], $11::int[], $12::uuid[])
                     AS given (i, e, y, d, u, o, s, m, f, c, v, p)
                ON CONFLICT (visit_id) DO UPDATE SET
                    district = excluded.district, openings = excluded.openings, score = excluded.score,
                    made_on = excluded.made_on, officials = excluded.officials, counsellors = excluded.counsellors,
                    vacancies_found = excluded.vacancies_found, plan_id = excluded.plan_id""",
            *columns(
                [
                    (
                        v.visit_id, v.employer_id, v.year, v.district, v.due_on, v.openings, v.score, v.made_on,
                        v.officials, ",".join(v.counsellors), v.vacancies_found, v.plan_id,
                    )
                    for v in states
                ],
                12,
            ),
        )  # fmt: skip
