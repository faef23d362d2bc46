"""Reads of supports."""

from datetime import date
from uuid import UUID

from chassis.db import Connection
from services.followup.support.model import Status, Support
from services.followup.support.store import SUPPORTS, support_of


async def support(conn: Connection, support_id: UUID) -> Support | None:
    """Read one support, None when there is none."""
    row = await conn.fetchrow(f"{SUPPORTS} WHERE support_id = $1", support_id)
    return support_of(row) if row else None


async def supports(conn: Connection, status: Status, limit: int, after: tuple[date, UUID] | None) -> list[Support]:
    """List the supports of a status, by their day, from a place on."""
    day, support_id = after or (date.min, UUID(int=0))
    rows = await conn.fetch(
        f"""{SUPPORTS} WHERE status = $1 AND (due_on, support_id) > ($2, $3)
           ORDER BY due_on, support_id LIMIT $4""",
        status,
        day,
        support_id,
        limit,
    )
    return [support_of(row) for row in rows]
