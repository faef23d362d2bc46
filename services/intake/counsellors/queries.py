"""Reads of counsellors."""

from datetime import date

from chassis.db import Connection
from services.intake.counsellors.model import Counsellor
from services.intake.counsellors.store import counsellor_of


async def in_service(conn: Connection, day: date) -> list[Counsellor]:
    """List the counsellors in service on a day, by name."""
    rows = await conn.fetch(
        """SELECT * FROM counsellor WHERE joined_on <= $1 AND (left_on IS NULL OR left_on > $1)
           ORDER BY name, counsellor_id""",
        day,
    )
    return [counsellor_of(row) for row in rows]
