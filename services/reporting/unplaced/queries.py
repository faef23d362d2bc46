"""Reads of what was published of the unplaced, out of the ledger."""

from chassis.batch.decisions import Actor
from chassis.database.db import Connection
from contracts.reports import UnplacedOccupationsPublished
from services.reporting.unplaced.model import MEASURE, Publication


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
