"""Grants whose last day is over."""

from collections.abc import Sequence
from datetime import date

from chassis.database.db import Connection
from services.feed.grants.commands import EndGrant


async def grants(conn: Connection, day: date, limit: int) -> Sequence[EndGrant]:
    """Find grants that ended by themselves before a day, and of which nobody was told yet."""
    rows = await conn.fetch(
        """SELECT grant_id, until FROM passing_grant WHERE ended_on IS NULL AND until < $1
           ORDER BY until, grant_id LIMIT $2""",
        day,
        limit,
    )
    return [EndGrant(row["grant_id"], row["until"]) for row in rows]
