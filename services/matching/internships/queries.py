"""Reads of internships."""

from uuid import UUID

from chassis.db import Connection
from services.matching.internships.model import Internship
from services.matching.internships.store import internship_of


async def internship(conn: Connection, internship_id: UUID) -> Internship | None:
    """Read one internship, None when there is none."""
    row = await conn.fetchrow("SELECT * FROM internship WHERE internship_id = $1", internship_id)
    return internship_of(row) if row else None
