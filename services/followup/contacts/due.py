"""Which contacts are due by a day."""

from datetime import date

from chassis.db import Connection
from services.followup.contacts.commands import AnnounceContact


async def contacts(conn: Connection, day: date, limit: int) -> list[AnnounceContact]:
    """Find the contacts to announce, the earliest first; none of an employment that has ended."""
    rows = await conn.fetch(
        """SELECT c.contact_id, c.placement_id FROM contact c JOIN employment e USING (placement_id)
           WHERE c.status = 'planned' AND c.due_on <= $1 AND e.ended_on IS NULL
           ORDER BY c.due_on, c.contact_id LIMIT $2""",
        day,
        limit,
    )
    return [AnnounceContact(row["contact_id"], row["placement_id"]) for row in rows]
