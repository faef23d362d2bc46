"""Reads of seekers."""

from uuid import UUID

from chassis.database.db import Connection
from services.matching.pool.model import Seeker
from services.matching.pool.store import seeker_of

RECORD_OF = "coalesce((SELECT merged_into FROM seeker WHERE seeker.seeker_id = {0}), {0})"
"""The record that a seeker's id stands for: its own, or the one that it was merged into."""


async def seeker(conn: Connection, seeker_id: UUID) -> Seeker | None:
    """Read one seeker, None when there is none."""
    row = await conn.fetchrow("SELECT * FROM seeker WHERE seeker_id = $1", seeker_id)
    return seeker_of(row) if row else None
