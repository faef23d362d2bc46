"""Reads of supports."""

from datetime import date
from typing import Any
from uuid import UUID

from chassis.database.db import Connection
from chassis.http.cursors import START
from chassis.http.held import HeldTo
from services.followup.owners import seekers_open_to
from services.followup.persons import records_of
from services.followup.support.model import Status, Support
from services.followup.support.store import SUPPORTS, support_of


async def support(conn: Connection, support_id: UUID) -> Support | None:
    """Read one support, None when there is none."""
    row = await conn.fetchrow(f"{SUPPORTS} WHERE support_id = $1", support_id)
    return support_of(row) if row else None


async def supports(
    conn: Connection,
    status: Status,
    seeker_id: UUID | None,
    counsellor_id: UUID | None,
    limit: int,
    after: tuple[date, UUID] | None,
    held: HeldTo | None = None,
) -> list[Support]:
    """List the supports of a status, by their day, from a place on: of a seeker, of a counsellor's clients, or all; of
    those whom the list is held to.

    Only what is asked for is in the query, so that PostgreSQL sees which index it can take.
    """
    day, support_id = after or START
    asked: list[tuple[str, Any]] = [("status = {}", status)]
    if seeker_id:
        asked.append(("s.seeker_id IN (" + records_of("{0}") + ")", seeker_id))
    if counsellor_id:
        clients = "SELECT FROM client WHERE client.seeker_id = coalesce(m.seeker_id, s.seeker_id)"
        asked.append((f"EXISTS ({clients} AND counsellor_id = {{}})", counsellor_id))
    conditions = [condition.format(f"${place}") for place, (condition, _) in enumerate(asked, 4)]
    is_open, arguments = seekers_open_to(held, "coalesce(m.seeker_id, s.seeker_id)", 4 + len(asked))
    rows = await conn.fetch(
        f"""{SUPPORTS} WHERE {" AND ".join(["(due_on, support_id) > ($1, $2)", *conditions, is_open])}
           ORDER BY due_on, support_id LIMIT $3""",
        day,
        support_id,
        limit,
        *(value for _, value in asked),
        *arguments,
    )
    return [support_of(row) for row in rows]
