"""Which vacancies have expired by a day."""

from datetime import date

from chassis.db import Connection
from services.matching.vacancies.commands import ExpireVacancy


async def expired(conn: Connection, day: date, limit: int) -> list[ExpireVacancy]:
    """Find the open vacancies whose last day to apply is over, the earliest first."""
    rows = await conn.fetch(
        """SELECT vacancy_id FROM vacancy WHERE closed_on IS NULL AND deadline < $1
           ORDER BY deadline, vacancy_id LIMIT $2""",
        day,
        limit,
    )
    return [ExpireVacancy(row["vacancy_id"]) for row in rows]
