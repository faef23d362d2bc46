"""Which firms' plans are to be looked at for the year's visit list."""

from datetime import date

from chassis.db import Connection
from services.matching.visits.commands import ListVisit


async def to_look_at(conn: Connection, day: date, limit: int) -> list[ListVisit]:
    """Find the firms whose plans were not looked at for this year, once it is known whom the last one left unplaced."""
    rows = await conn.fetch(
        """SELECT employer_id FROM planning_firm
           WHERE looked_for < $1 AND EXISTS (SELECT FROM unplaced_of_year WHERE year = $1 - 1)
           ORDER BY looked_for, employer_id LIMIT $2""",
        day.year,
        limit,
    )
    return [ListVisit(row["employer_id"], day.year) for row in rows]
