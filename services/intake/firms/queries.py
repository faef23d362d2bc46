"""Reads of firms and their hiring plans."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chassis.database.db import Connection
from chassis.http.cursors import END, Place
from contracts.codes import District, FirmSize
from services.intake.firms.asking import DAYS_TO_ANSWER
from services.intake.firms.model import Employer, FirmStatus, HiringPlan, PlanRequest
from services.intake.firms.store import employer_of, plan_of, request_of


@dataclass(frozen=True, slots=True)
class Sought:
    """Which firms are looked for: what is None matches all; `name` is a part of the name, in any case and width.

    `planning` tells those that have a hiring plan which holds from the others, `asked` those that were asked for one
    lately and haven't answered, so that they are not asked again yet.
    """

    status: FirmStatus
    name: str | None = None
    business_number: str | None = None
    district: District | None = None
    size: FirmSize | None = None
    programme: str | None = None
    planning: bool | None = None
    asked: bool | None = None


async def employer(conn: Connection, employer_id: UUID) -> Employer | None:
    """Read one employer, None when there is none."""
    row = await conn.fetchrow("SELECT * FROM employer WHERE employer_id = $1", employer_id)
    return employer_of(row) if row else None


async def employers(conn: Connection, sought: Sought, today: date, limit: int, after: UUID | None) -> list[Employer]:
    """List firms by their id, which is the order in which they became known, from one on."""
    rows = await conn.fetch(
        """SELECT * FROM employer e
           WHERE status = $1 AND employer_id > $2
             AND ($3::text IS NULL OR strpos(compared_name, compared($3)) > 0)
             AND ($4::text IS NULL OR compared(business_number) = $4)
             AND ($5::text IS NULL OR district = $5)
             AND ($6::text IS NULL OR $6 = ANY(programmes))
             AND ($7::bool IS NULL OR $7 = EXISTS (
               SELECT FROM hiring_plan p
               WHERE p.employer_id = e.employer_id AND p.withdrawn_on IS NULL AND p.hire_by >= $8))
             AND ($9::text IS NULL OR size = $9)
             AND ($11::bool IS NULL OR $11 = EXISTS (
               SELECT FROM plan_request r
               WHERE r.employer_id = e.employer_id AND r.plan_id IS NULL AND r.asked_on > $8 - $12::int))
           ORDER BY employer_id LIMIT $10""",
        sought.status,
        after or UUID(int=0),
        sought.name,
        sought.business_number,
        sought.district,
        sought.programme,
        sought.planning,
        today,
        sought.size,
        limit,
        sought.asked,
        DAYS_TO_ANSWER,
    )
    return [employer_of(row) for row in rows]


async def plans(conn: Connection, employer_id: UUID, limit: int, after: Place | None) -> list[HiringPlan]:
    """List a firm's hiring plans, the newest first, from a place on."""
    rows = await conn.fetch(
        """SELECT * FROM hiring_plan WHERE employer_id = $1 AND (filed_on, plan_id) < ($2, $3)
           ORDER BY filed_on DESC, plan_id DESC LIMIT $4""",
        employer_id,
        *(after or END),
        limit,
    )
    return [plan_of(row) for row in rows]


async def requests(conn: Connection, employer_id: UUID, limit: int, after: Place | None) -> list[PlanRequest]:
    """List when a firm was asked for its hiring plan, the latest first, from a place on."""
    rows = await conn.fetch(
        """SELECT * FROM plan_request WHERE employer_id = $1 AND (asked_on, request_id) < ($2, $3)
           ORDER BY asked_on DESC, request_id DESC LIMIT $4""",
        employer_id,
        *(after or END),
        limit,
    )
    return [request_of(row) for row in rows]
