"""Reads of vacancies."""

from uuid import UUID

from chassis.db import Connection
from services.matching.vacancies.model import Vacancy
from services.matching.vacancies.store import vacancy_of


async def vacancy(conn: Connection, vacancy_id: UUID) -> Vacancy | None:
    """Read one vacancy, None when there is none."""
    row = await conn.fetchrow("SELECT * FROM vacancy WHERE vacancy_id = $1", vacancy_id)
    return vacancy_of(row) if row else None
