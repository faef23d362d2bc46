"""Reads of internships."""

from collections.abc import Sequence
from uuid import UUID

from chassis.database.db import Connection
from chassis.http.cursors import START, Place
from chassis.http.held import HeldTo
from services.matching.internships.model import Internship, InternshipStatus
from services.matching.internships.store import internship_of
from services.matching.owners import seekers_open_to
from services.matching.pool.queries import RECORD_OF


async def internship(conn: Connection, internship_id: UUID) -> Internship | None:
    """Read one internship, None when there is none."""
    row = await conn.fetchrow("SELECT * FROM internship WHERE internship_id = $1", internship_id)
    return internship_of(row) if row else None


async def internships(
    conn: Connection,
    statuses: Sequence[InternshipStatus] | None,
    seeker_id: UUID | None,
    limit: int,
    after: Place | None,
    held: HeldTo | None = None,
) -> list[Internship]:
    """List internships of these statuses (none: of any), of a seeker or of all, by their first day, from a place on; of
    those whom the list is held to."""
    day, internship_id = after or START
    is_open, arguments = seekers_open_to(held, "internship.seeker_id", 6)
    rows = await conn.fetch(
        f"""SELECT * FROM internship
           WHERE (started_on, internship_id) > ($1, $2)
             AND ($3::text[] IS NULL OR status = ANY($3))
             AND ($4::uuid IS NULL OR seeker_id = {RECORD_OF.format("$4::uuid")})
             AND {is_open}
           ORDER BY started_on, internship_id LIMIT $5""",
        day,
        internship_id,
        statuses or None,
        seeker_id,
        limit,
        *arguments,
    )
    return [internship_of(row) for row in rows]
