"""Reads of placements."""

from uuid import UUID

from chassis.db import Connection
from services.matching.placements.model import Placement
from services.matching.placements.store import placement_of


async def placement(conn: Connection, placement_id: UUID) -> Placement | None:
    """Read one placement, None when there is none."""
    row = await conn.fetchrow("SELECT * FROM placement WHERE placement_id = $1", placement_id)
    return placement_of(row) if row else None


async def placements_of(conn: Connection, seeker_id: UUID) -> list[Placement]:
    """List the placements of a seeker by their day, those that were corrected among them."""
    rows = await conn.fetch(
        "SELECT * FROM placement WHERE seeker_id = $1 ORDER BY occurred_on, placement_id", seeker_id
    )
    return [placement_of(row) for row in rows]
