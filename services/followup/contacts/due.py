"""Which contacts are due by a day."""

from datetime import date

from chassis.database.db import Connection
from services.followup.contacts.commands import AnnounceContacts


async def contacts(conn: Connection, day: date, limit: int) -> list[AnnounceContacts]:
    """Find the placements of which something is to be announced, the earliest first: one command does it for all of
    their contacts."""
    rows = await conn.fetch(
        """SELECT placement_id FROM contact WHERE status = 'planned' AND due_on <= $1
           GROUP BY placement_id ORDER BY min(due_on), placement_id LIMIT $2""",
        day,
        limit,
    )
    return [AnnounceContacts(row["placement_id"]) for row in rows]
