"""All SQL that loads and keeps planning firms, the years' unplaced, and visits."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg

from chassis.batch.aggregates import Aggregate
from chassis.database.db import Connection
from chassis.database.rows import Rows
from contracts.codes import DISTRICTS, OCCUPATIONS
from contracts.ids import EmployerId, HiringPlanId, VisitId
from contracts.open_codes import kept_code
from services.matching.visits.model import DueVisitOf, Plan, PlanningFirm, UnplacedOfYear, Visit


def plans_of(plans: Mapping[str, Mapping[str, Any]]) -> tuple[Plan, ...]:
    """Read plans from a row, in the order in which they were filed."""
    return tuple(
        Plan(
            HiringPlanId(UUID(plan_id)),
            plan["openings"],
            tuple(kept_code(code, OCCUPATIONS) for code in plan["occupations"]),
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
        kept_code(row["district"], DISTRICTS),
        row["due_on"],
        row["openings"],
        row["score"],
        row["made_on"],
        row["officials"],
        tuple(str(counsellor_id) for counsellor_id in row["counsellors"]),
        row["vacancies_found"],
        row["plan_id"],
    )


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "openings": plan.openings,
        "occupations": list(plan.occupations),
        "hire_by": plan.hire_by.isoformat(),
    }


_YEARS = Rows[UnplacedOfYear](
    "unplaced_of_year",
    "year",
    {
        "year": "int",
        "unplaced": ("jsonb", lambda of_year: {str(code): persons for code, persons in of_year.unplaced.items()}),
        "version": "int",
    },
)
_KEEP_YEARS = _YEARS.keep()
_FIRMS = Rows[PlanningFirm](
    "planning_firm",
    "employer_id",
    {
        "employer_id": "uuid",
        "district": "text",
        "plans": ("jsonb", lambda firm: {str(plan.plan_id): _plan(plan) for plan in firm.plans}),
        "looked_for": "int",
        "has_left": "bool",
        "looked_by": "int",
    },
)
_KEEP_FIRMS = _FIRMS.keep()
_VISITS = Rows[Visit](
    "visit",
    "visit_id",
    {
        "visit_id": "uuid",
        "employer_id": "uuid",
        "year": "int",
        "district": "text",
        "due_on": "date",
        "openings": "int",
        "score": "int",
        "made_on": "date",
        "officials": "int",
        "counsellors": "uuid[]",
        "vacancies_found": "int",
        "plan_id": "uuid",
    },
)
_KEEP_VISITS = _VISITS.keep(
    ["district", "openings", "score", "made_on", "officials", "counsellors", "vacancies_found", "plan_id"]
)


class UnplacedOfYearStore(Aggregate[UnplacedOfYear]):
    """Keeps the years' unplaced. They are read with a shared lock: looking at a firm touches one, and few events a
    year change one."""

    def key(self, state: UnplacedOfYear) -> int:
        return state.year

    async def load(self, conn: Connection, keys: Sequence[int]) -> Mapping[int, UnplacedOfYear]:
        rows = await conn.fetch(
            f"SELECT {_YEARS.names} FROM unplaced_of_year WHERE year = ANY($1) ORDER BY year FOR SHARE", keys
        )
        return {row["year"]: UnplacedOfYear(row["year"], dict(row["unplaced"]), row["version"]) for row in rows}

    async def save(self, conn: Connection, states: Sequence[UnplacedOfYear]) -> None:
        await conn.execute(_KEEP_YEARS, *_YEARS.arguments(states))


class PlanningFirmStore(Aggregate[PlanningFirm]):
    """Keeps planning firms, their plans in the same row."""

    def key(self, state: PlanningFirm) -> EmployerId:
        return state.employer_id

    async def load(self, conn: Connection, keys: Sequence[EmployerId]) -> Mapping[EmployerId, PlanningFirm]:
        rows = await conn.fetch(
            f"""SELECT {_FIRMS.names} FROM planning_firm
               WHERE employer_id = ANY($1) ORDER BY employer_id FOR UPDATE""",
            keys,
        )
        return {
            row["employer_id"]: PlanningFirm(
                row["employer_id"],
                kept_code(row["district"], DISTRICTS),
                plans_of(row["plans"]),
                row["looked_for"],
                row["has_left"],
                row["looked_by"],
            )
            for row in rows
        }

    async def save(self, conn: Connection, states: Sequence[PlanningFirm]) -> None:
        await conn.execute(_KEEP_FIRMS, *_FIRMS.arguments(states))


class VisitStore(Aggregate[Visit]):
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
            f"SELECT {_VISITS.names} FROM visit WHERE visit_id = ANY($1) ORDER BY visit_id FOR UPDATE", keys
        )
        return {row["visit_id"]: visit_of(row) for row in rows}

    async def save(self, conn: Connection, states: Sequence[Visit]) -> None:
        await conn.execute(_KEEP_VISITS, *_VISITS.arguments(states))
