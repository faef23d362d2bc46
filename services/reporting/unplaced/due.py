"""Whether the year that has ended is still to be published."""

from datetime import date

from chassis.database.db import Connection
from services.reporting.behind import is_behind
from services.reporting.unplaced.commands import PublishUnplaced


async def ended_year(conn: Connection, day: date, limit: int) -> list[PublishUnplaced]:
    """Give the last year that ended, if it has not been published and is known.

    Known means that somebody who registered by its end was recorded before today, so that a history is published on
    the day after it was brought in, and that no event which has arrived is still to be counted.
    """
    ended = day.year - 1
    is_due = await conn.fetchval(
        """SELECT NOT EXISTS (SELECT FROM unplaced_published WHERE year = $1)
             AND EXISTS (SELECT FROM daily
                         WHERE measure = 'registered' AND occurred_on <= make_date($1, 12, 31) AND recorded_on < $2)""",
        ended,
        day,
    )
    return [PublishUnplaced(ended)] if is_due and not await is_behind(conn) else []
