"""Whether the year that has ended is still to be published."""

from datetime import date

from chassis.database.db import Connection
from services.reporting.behind import is_known
from services.reporting.unplaced.commands import PublishUnplaced


async def ended_year(conn: Connection, day: date, limit: int) -> list[PublishUnplaced]:
    """Give the last year that ended, if it has not been published and is known."""
    ended = day.year - 1
    published = await conn.fetchval("SELECT EXISTS (SELECT FROM unplaced_published WHERE year = $1)", ended)
    is_due = not published and await is_known(conn, date(ended, 12, 31), day)
    return [PublishUnplaced(ended)] if is_due else []
