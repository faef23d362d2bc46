"""Which supports are due by a day."""

from datetime import date

from chassis.database.db import Connection
from services.followup.support.commands import AnnounceSupport


async def supports(conn: Connection, day: date, limit: int) -> list[AnnounceSupport]:
    """Find the public jobs of which a month's support has fallen due, the earliest first."""
    rows = await conn.fetch(
        """SELECT seeker_id FROM public_job WHERE next_due_on <= $1
           ORDER BY next_due_on, seeker_id LIMIT $2""",
        day,
        limit,
    )
    return [AnnounceSupport(row["seeker_id"]) for row in rows]
