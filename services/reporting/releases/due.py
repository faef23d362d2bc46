"""Whether a month that has ended is still to be released, where that is done by itself."""

from datetime import date, timedelta

from chassis.batch.due import FindDue
from chassis.database.db import Connection
from services.reporting.behind import is_known
from services.reporting.figures.period import month_end
from services.reporting.releases.commands import PublishRelease, ReleaseForm


def ended_month(days: int) -> FindDue:
    """Give what finds the last month that ended so many days ago, if it has not been released and is known."""

    async def find(conn: Connection, day: date, limit: int) -> list[PublishRelease]:
        ended = last_ended(day - timedelta(days=days))
        released = await conn.fetchval("SELECT EXISTS (SELECT FROM release WHERE day >= $1)", ended)
        is_due = not released and await is_known(conn, ended, day)
        return [PublishRelease(ReleaseForm(day=ended))] if is_due else []

    return find


def last_ended(day: date) -> date:
    """Give the last month's end up to a day."""
    return day if day == month_end(day) else day.replace(day=1) - timedelta(days=1)
