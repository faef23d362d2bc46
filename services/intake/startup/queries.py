"""Reads of clients and their launches."""

from datetime import date
from typing import Any
from uuid import UUID

from chassis.db import Connection
from services.intake.seekers.queries import ids_of

_START = (date.min, UUID(int=0))


async def is_client(conn: Connection, client_id: UUID) -> bool:
    """Tell whether an id is a seeker's, or that of somebody else who came to start-up counselling."""
    found = await conn.fetchval(
        """SELECT EXISTS (SELECT FROM seeker WHERE seeker_id = $1)
               OR EXISTS (SELECT FROM startup_client WHERE client_id = $1)""",
        client_id,
    )
    return bool(found)


async def launches(
    conn: Connection, client_id: UUID, limit: int, after: tuple[date, UUID] | None
) -> list[dict[str, Any]] | None:
    """List what a client launched by its day, from a place on, also under merged ids; None when there is no such
    client."""
    if not await is_client(conn, client_id):
        return None
    rows = await conn.fetch(
        """SELECT launch_id, occurred_on, occupation FROM launch
           WHERE client_id = ANY($1) AND (occurred_on, launch_id) > ($2, $3)
           ORDER BY occurred_on, launch_id LIMIT $4""",
        await ids_of(conn, client_id),
        *(after or _START),
        limit,
    )
    return [dict(row) for row in rows]
