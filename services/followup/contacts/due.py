"""Which contacts are due by a day."""

from datetime import date

from chassis.db import Connection
from services.followup.contacts.commands import AnnounceContacts


async def contacts(conn: Connection, day: date, limit: int) -> list[AnnounceContacts]:
    """Find what is to be announced, the earliest first: a command a contact, of which the first does it for all
    of a placement."""
    rows = await conn.fetch(
        """SELECT placement_id FROM contact WHERE status = 'planned' AND due_on <= $1
           ORDER BY due_on, contact_id LIMIT $2""",
        day,
        limit,
    )
    return [AnnounceContacts(row["placement_id"]) for row in rows]
