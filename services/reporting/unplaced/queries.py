"""Reads of what was published of the unplaced, out of the ledger."""

from datetime import timedelta

from chassis.batch.decisions import Actor
from chassis.database.db import Connection
from contracts.reports import UnplacedOccupationsPublished
from services.reporting.subscriptions import READ
from services.reporting.unplaced.model import MEASURE, Publication

LOOK_HOLDS = timedelta(seconds=30)
"""So long what was seen of a partition holds: a worker that runs has looked since."""


async def publications(conn: Connection, year: int | None = None) -> list[Publication]:
    """List what was published of a year's unplaced, or of all years', the oldest first."""
    rows = await conn.fetch(
        """SELECT position, recorded_at, actor_role, actor_id, data FROM ledger
           WHERE key = $1 AND topic = $2 AND type = $3 ORDER BY position""",
        MEASURE,
        UnplacedOccupationsPublished.topic.name,
        UnplacedOccupationsPublished.type,
    )
    read = ((row, UnplacedOccupationsPublished.model_validate_json(row["data"])) for row in rows)
    return [
        Publication(
            year=event.year,
            version=event.version,
            published_on=event.occurred_on,
            recorded_at=row["recorded_at"],
            published_by=str(Actor(row["actor_role"], row["actor_id"])),
            position=row["position"],
            unplaced=tuple(zip(event.occupations, event.unplaced, strict=False)),
        )
        for row, event in read
        if year in {None, event.year}
    ]


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
