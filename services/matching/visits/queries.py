"""Reads of visits."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chassis.database.db import Connection
from contracts.codes import District
from services.matching.visits.model import Plan, Visit
from services.matching.visits.rules import FEWEST_OPENINGS
from services.matching.visits.store import plans_of, visit_of


@dataclass(frozen=True, slots=True)
class Listed:
    """A visit that is due, with the firm's plans that hold."""

    visit: Visit
    plans: tuple[Plan, ...]


async def visit(conn: Connection, visit_id: UUID) -> Visit | None:
    """Read one visit, None when there is none."""
    row = await conn.fetchrow("SELECT * FROM visit WHERE visit_id = $1", visit_id)
    return visit_of(row) if row else None


async def listed(
    conn: Connection, today: date, district: District | None, limit: int, after: tuple[int, UUID] | None
) -> list[Listed]:
    """List the visits that are due this year, the highest score first, from a place on.

    A firm that has left, or whose plans that hold have become too few since it was listed, isn't there.
    """
    score, visit_id = after or (2**31 - 1, UUID(int=0))
    rows = await conn.fetch(
        """SELECT v.*, f.plans FROM visit v JOIN planning_firm f USING (employer_id)
           WHERE v.year = $1 AND v.made_on IS NULL AND NOT f.has_left AND ($2::text IS NULL OR v.district = $2)
             AND (v.score < $3 OR v.score = $3 AND v.visit_id > $4)
             AND (SELECT sum((plan ->> 'openings')::int) FROM jsonb_each(f.plans) AS held (plan_id, plan)
                  WHERE (plan ->> 'hire_by')::date >= $5) >= $6
           ORDER BY v.score DESC, v.visit_id LIMIT $7""",
        today.year,
        district,
        score,
        visit_id,
        today,
        FEWEST_OPENINGS,
        limit,
    )
    return [
        Listed(visit_of(row), tuple(plan for plan in plans_of(row["plans"]) if plan.hire_by >= today)) for row in rows
    ]


async def made(
    conn: Connection, employer_id: UUID | None, district: District | None, limit: int, after: tuple[date, UUID] | None
) -> list[Visit]:
    """List the visits that were made, the newest first, from a place on."""
    day, visit_id = after or (date.max, UUID(int=2**128 - 1))
    rows = await conn.fetch(
        """SELECT * FROM visit
           WHERE made_on IS NOT NULL AND (made_on, visit_id) < ($1, $2)
             AND ($3::uuid IS NULL OR employer_id = $3) AND ($4::text IS NULL OR district = $4)
           ORDER BY made_on DESC, visit_id DESC LIMIT $5""",
        day,
        visit_id,
        employer_id,
        district,
        limit,
    )
    return [visit_of(row) for row in rows]
