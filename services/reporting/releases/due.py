"""Whether a month that has ended is still to be released, where that is done by itself."""

from datetime import date, timedelta

from chassis.batch.due import FindDue
from chassis.database.db import Connection
from services.reporting.behind import is_behind
from services.reporting.releases.commands import PublishRelease, ReleaseForm
from services.reporting.releases.contents import month_end


def ended_month(days: int) -> FindDue:
    """Give what finds the last month that ended so many days ago, if it has not been released and is known.

    Known means that somebody who registered by its end was recorded before today, so that a history is released on the
    day after it was brought in, and that no event which has arrived is still to be counted.
    """

    async def find(conn: Connection, day: date, limit: int) -> list[PublishRelease]:
        ended = last_ended(day - timedelta(days=days))
        is_due = await conn.fetchval(
            """SELECT NOT EXISTS (SELECT FROM release WHERE day >= $1)
                 AND EXISTS (SELECT FROM daily
                             WHERE measure = 'registered' AND occurred_on <= $1 AND recorded_on < $2)""",
            ended,
            day,
        )
        return [PublishRelease(ReleaseForm(day=ended))] if is_due and not await is_behind(conn) else []

    return find


def last_ended(day: date) -> date:
    """Give the last month's end up to a day."""
    return day if day == month_end(day) else day.replace(day=1) - timedelta(days=1)
