"""Which vacancies close by themselves by a day: those that have expired, and those of employers who left."""

from datetime import date

from chassis.database.db import Connection
from services.matching.employers.commands import NoteVacanciesClosed
from services.matching.vacancies.commands import CloseOfLeft, ExpireVacancy


async def expired(conn: Connection, day: date, limit: int) -> list[ExpireVacancy]:
    """Find the open vacancies whose last day to apply is over, the earliest first."""
    rows = await conn.fetch(
        """SELECT vacancy_id FROM vacancy WHERE closed_on IS NULL AND deadline < $1
           ORDER BY deadline, vacancy_id LIMIT $2""",
        day,
        limit,
    )
    return [ExpireVacancy(row["vacancy_id"]) for row in rows]


async def of_those_who_left(conn: Connection, day: date, limit: int) -> list[CloseOfLeft | NoteVacanciesClosed]:
    """Find the open vacancies of employers who left, and those employers who have none any more."""
    rows = await conn.fetch(
        """SELECT e.employer_id, v.vacancy_id
           FROM employer e LEFT JOIN vacancy v ON v.employer_id = e.employer_id AND v.closed_on IS NULL
           WHERE e.left_on IS NOT NULL AND NOT e.vacancies_closed
           ORDER BY e.left_on, e.employer_id LIMIT $1""",
        limit,
    )
    return [
        CloseOfLeft(row["vacancy_id"], row["employer_id"])
        if row["vacancy_id"]
        else NoteVacanciesClosed(row["employer_id"])
        for row in rows
    ]
