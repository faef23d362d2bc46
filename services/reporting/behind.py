"""Whether reporting is behind: nothing is published while events that have arrived are still to be counted, nor, by
itself, of days that are only being brought in."""

from datetime import date, timedelta

from chassis.database.db import Connection
from chassis.problems import ProblemType
from services.reporting.subscriptions import READ

STILL_COUNTING = ProblemType("still-counting", 409, "Events that have arrived are still to be counted")

LOOK_HOLDS = timedelta(seconds=30)
"""So long what was seen of a partition holds: a worker that runs has looked since."""


async def is_behind(conn: Connection) -> bool:
    """Tell whether events have arrived that are still to be counted, or may have: a worker notes twice a second where
    each of its partitions ends, so one that nobody has looked at for long says nothing."""
    found = await conn.fetchval(
        """SELECT EXISTS (
             SELECT FROM consumer_offset
             WHERE topic = ANY($1) AND (
               next_offset < end_offset OR checked_at IS NULL OR checked_at < clock_timestamp() - $2::interval))""",
        READ,
        LOOK_HOLDS,
    )
    return bool(found)


async def is_known(conn: Connection, through: date, today: date) -> bool:
    """Tell whether what happened up to a day is known: somebody who registered by then was recorded before today, so
    that a history counts as known on the day after it was brought in, and nothing that has arrived is still to be
    counted."""
    found = await conn.fetchval(
        """SELECT EXISTS (SELECT FROM daily
                          WHERE measure = 'registered' AND occurred_on <= $1 AND recorded_on < $2)""",
        through,
        today,
    )
    return bool(found) and not await is_behind(conn)
