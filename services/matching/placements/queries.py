"""Reads of placements."""

from uuid import UUID

from chassis.database.db import Connection
from chassis.http.cursors import START, Place
from services.matching.placements.model import Placement
from services.matching.placements.store import placement_of


async def placement(conn: Connection, placement_id: UUID) -> Placement | None:
    """Read one placement, None when there is none."""
    row = await conn.fetchrow("SELECT * FROM placement WHERE placement_id = $1", placement_id)
    return placement_of(row) if row else None


async def placements_of(conn: Connection, seeker_id: UUID, limit: int, after: Place | None) -> list[Placement]:
    """List the placements of a seeker by their day, those that were corrected among them, from a place on."""
    rows = await conn.fetch(
        """SELECT * FROM placement WHERE seeker_id = $1 AND (occurred_on, placement_id) > ($2, $3)
           ORDER BY occurred_on, placement_id LIMIT $4""",
        seeker_id,
        *(after or START),
        limit,
    )
    return [placement_of(row) for row in rows]
