"""Reads of counsellors and their absences."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from chassis.database.db import Connection
from chassis.http.cursors import START, Place
from services.intake.counsellors.model import Absence, Counsellor
from services.intake.counsellors.store import counsellor_of, periods_of


async def in_service(conn: Connection, day: date, limit: int, after: Place | None) -> list[Counsellor]:
    """List the counsellors in service on a day, those first who came first, from a place on."""
    rows = await conn.fetch(
        """SELECT * FROM counsellor WHERE joined_on <= $1 AND (left_on IS NULL OR left_on > $1)
               AND (joined_on, counsellor_id) > ($2, $3)
           ORDER BY joined_on, counsellor_id LIMIT $4""",
        day,
        *(after or START),
        limit,
    )
    return [counsellor_of(row) for row in rows]


async def absences(conn: Connection, counsellor_id: UUID, day: date) -> Sequence[Absence] | None:
    """List the absences of a counsellor that aren't over on a day, the earliest first; None of an unknown one."""
    row = await conn.fetchrow(
        "SELECT absences FROM counsellor LEFT JOIN counsellor_absences USING (counsellor_id) WHERE counsellor_id = $1",
        counsellor_id,
    )
    if row is None:
        return None
    return [period for period in periods_of(row["absences"]) if period.last >= day]
