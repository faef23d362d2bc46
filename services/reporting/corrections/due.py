"""Which releases are still to be compared with what is known since a later one was published."""

from collections.abc import Sequence
from datetime import date

from chassis.database.db import Connection
from services.reporting.behind import is_behind
from services.reporting.corrections.commands import CompareRelease

AT_ONCE = 1
"""Each counts its figures anew, while nothing enters the ledger."""


async def earlier_releases(conn: Connection, day: date, limit: int) -> Sequence[CompareRelease]:
    """Give the next release that wasn't compared since the newest was published, once all that has arrived is
    counted."""
    rows = await conn.fetch(
        """SELECT day FROM release
           WHERE day < (SELECT max(day) FROM release)
             AND NOT EXISTS (SELECT FROM release_compared
                             WHERE release = day AND newest >= (SELECT max(day) FROM release))
           ORDER BY day LIMIT $1""",
        min(limit, AT_ONCE),
    )
    return [CompareRelease(row["day"]) for row in rows] if rows and not await is_behind(conn) else []
