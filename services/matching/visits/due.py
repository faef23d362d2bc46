"""Which firms' plans are to be looked at for the year's visit list."""

from datetime import date

from chassis.database.db import Connection
from services.matching.visits.commands import ListVisit


async def to_look_at(conn: Connection, day: date, limit: int) -> list[ListVisit]:
    """Find the firms whose plans were not looked at for this year, by whom the last one left unplaced as known now."""
    rows = await conn.fetch(
        """SELECT employer_id FROM unplaced_of_year u JOIN planning_firm f ON (looked_for, looked_by) < ($1, u.version)
           WHERE u.year = $1 - 1 ORDER BY looked_for, looked_by, employer_id LIMIT $2""",
        day.year,
        limit,
    )
    return [ListVisit(row["employer_id"], day.year) for row in rows]
