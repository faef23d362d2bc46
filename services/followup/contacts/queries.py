"""Reads of contacts."""

from datetime import date
from uuid import UUID

from chassis.db import Connection
from services.followup.contacts.model import Contact
from services.followup.contacts.store import contact_of


async def contact(conn: Connection, contact_id: UUID) -> Contact | None:
    """Read one contact, None when there is none."""
    row = await conn.fetchrow("SELECT * FROM contact WHERE contact_id = $1", contact_id)
    return contact_of(row) if row else None


async def due(conn: Connection, limit: int, after: tuple[date, UUID] | None) -> list[Contact]:
    """List the contacts that are due, the earliest first, from a place on."""
    day, contact_id = after or (date.min, UUID(int=0))
    rows = await conn.fetch(
        """SELECT * FROM contact WHERE status = 'due' AND (due_on, contact_id) > ($1, $2)
           ORDER BY due_on, contact_id LIMIT $3""",
        day,
        contact_id,
        limit,
    )
    return [contact_of(row) for row in rows]
