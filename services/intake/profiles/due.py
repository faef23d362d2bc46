"""Whose profile is to be published anew, by any day."""

from collections.abc import Sequence
from datetime import date

from chassis.database.db import Connection
from services.intake.profiles.commands import TellProfile


async def profiles(conn: Connection, day: date, limit: int) -> Sequence[TellProfile]:
    """Find whose profile is to be published anew."""
    rows = await conn.fetch("SELECT seeker_id FROM profile_to_tell ORDER BY seeker_id LIMIT $1", limit)
    return [TellProfile(row["seeker_id"]) for row in rows]
