"""Reads of firms."""

from uuid import UUID

from chassis.db import Connection
from services.intake.firms.model import Employer
from services.intake.firms.store import employer_of


async def employer(conn: Connection, employer_id: UUID) -> Employer | None:
    """Read one employer, None when there is none."""
    row = await conn.fetchrow("SELECT * FROM employer WHERE employer_id = $1", employer_id)
    return employer_of(row) if row else None
