"""Reads of clients and their launches."""

from datetime import date
from typing import Any
from uuid import UUID

from chassis.database.db import Connection
from chassis.http.cursors import START
from services.intake.seekers.queries import ids_of


async def records_of_client(conn: Connection, client_id: UUID) -> list[UUID] | None:
    """List the ids that a client is known by, a seeker or somebody else who came to start-up counselling; None when
    there is no such client."""
    found = await conn.fetchval(
        """SELECT EXISTS (SELECT FROM seeker WHERE seeker_id = $1)
               OR EXISTS (SELECT FROM startup_client WHERE client_id = $1)""",
        client_id,
    )
    return await ids_of(conn, client_id) if found else None


async def launches(
    conn: Connection, client_id: UUID, limit: int, after: tuple[date, UUID] | None
) -> list[dict[str, Any]] | None:
    """List what a client launched by its day, from a place on, also under merged ids; None when there is no such
    client."""
    records = await records_of_client(conn, client_id)
    if records is None:
        return None
    rows = await conn.fetch(
        """SELECT launch_id, occurred_on, occupation FROM launch
           WHERE client_id = ANY($1) AND (occurred_on, launch_id) > ($2, $3)
           ORDER BY occurred_on, launch_id LIMIT $4""",
        records,
        *(after or START),
        limit,
    )
    return [dict(row) for row in rows]
