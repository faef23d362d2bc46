"""Reads of contacts."""

from datetime import date
from uuid import UUID

from chassis.db import Connection
from services.followup.contacts.model import Contact, Status
from services.followup.contacts.store import CONTACTS, contact_of


async def contact(conn: Connection, contact_id: UUID) -> Contact | None:
    """Read one contact, None when there is none."""
    row = await conn.fetchrow(f"{CONTACTS} WHERE contact_id = $1", contact_id)
    return contact_of(row) if row else None


async def contacts(
    conn: Connection, status: Status, today: date, limit: int, after: tuple[date, UUID] | None
) -> list[Contact]:
    """List the contacts of a status that are not put off to a later day, by their day, from a place on."""
    day, contact_id = after or (date.min, UUID(int=0))
    rows = await conn.fetch(
        f"""{CONTACTS} WHERE status = $1 AND (due_on, contact_id) > ($2, $3)
             AND (try_on IS NULL OR try_on <= $4)
           ORDER BY due_on, contact_id LIMIT $5""",
        status,
        day,
        contact_id,
        today,
        limit,
    )
    return [contact_of(row) for row in rows]
