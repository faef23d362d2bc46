"""Reads of surveys and their samples."""

from datetime import date
from typing import Any
from uuid import UUID

from chassis.database.db import Connection
from services.followup.surveys.model import Survey
from services.followup.surveys.store import DECLINED, INVITATIONS, survey_of


async def survey(conn: Connection, survey_id: UUID) -> Survey | None:
    """Read one survey, None when there is none."""
    row = await conn.fetchrow("SELECT * FROM survey WHERE survey_id = $1", survey_id)
    return survey_of(row) if row else None


async def surveys(conn: Connection, limit: int, after: tuple[date, UUID] | None) -> list[Survey]:
    """List the surveys, the newest first, from a place on."""
    day, survey_id = after or (date.max, UUID(int=2**128 - 1))
    rows = await conn.fetch(
        """SELECT * FROM survey WHERE (occurred_on, survey_id) < ($1, $2)
           ORDER BY occurred_on DESC, survey_id DESC LIMIT $3""",
        day,
        survey_id,
        limit,
    )
    return [survey_of(row) for row in rows]


async def sample(conn: Connection, survey_id: UUID, limit: int, after: UUID | None) -> list[dict[str, Any]]:
    """List the invitations of a survey, by their id, from one on; `declined` tells who is not to be asked any more."""
    rows = await conn.fetch(
        f"""SELECT invitation_id, person_id, answered, person_id IN ({DECLINED}) AS declined
            FROM ({INVITATIONS}) AS asked
            WHERE survey_id = $1 AND invitation_id > $2 ORDER BY invitation_id LIMIT $3""",
        survey_id,
        after or UUID(int=0),
        limit,
    )
    return [dict(row) for row in rows]
