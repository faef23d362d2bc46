"""Reads of sessions."""

from datetime import date
from typing import Any
from uuid import UUID

from chassis.database.db import Connection
from chassis.http.cursors import START
from services.intake.startup.queries import records_of_client


async def sessions(
    conn: Connection, client_id: UUID, limit: int, after: tuple[date, UUID] | None
) -> list[dict[str, Any]] | None:
    """List a client's sessions by their day, from a place on, those under merged ids too; None when there is no such
    client."""
    records = await records_of_client(conn, client_id)
    if records is None:
        return None
    rows = await conn.fetch(
        """SELECT session_id, counsellor_id, kind, channel, minutes, occurred_on FROM session
           WHERE client_id = ANY($1) AND (occurred_on, session_id) > ($2, $3)
           ORDER BY occurred_on, session_id LIMIT $4""",
        records,
        *(after or START),
        limit,
    )
    return [dict(row) for row in rows]
