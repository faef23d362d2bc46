"""Reads of vacancies."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chassis.database.db import Connection
from contracts.codes import District, Occupation
from services.matching.vacancies.model import Vacancy
from services.matching.vacancies.store import vacancy_of


@dataclass(frozen=True, slots=True)
class Sought:
    """Which vacancies are looked for; what is None matches all."""

    employer_id: UUID | None = None
    occupation: Occupation | None = None
    district: District | None = None
    visit_id: UUID | None = None
    open: bool | None = None


async def vacancy(conn: Connection, vacancy_id: UUID) -> Vacancy | None:
    """Read one vacancy, None when there is none."""
    row = await conn.fetchrow("SELECT * FROM vacancy WHERE vacancy_id = $1", vacancy_id)
    return vacancy_of(row) if row else None


async def vacancies(conn: Connection, sought: Sought, limit: int, after: tuple[date, UUID] | None) -> list[Vacancy]:
    """List vacancies, the newest first, from a place on."""
    day, vacancy_id = after or (date.max, UUID(int=2**128 - 1))
    rows = await conn.fetch(
        """SELECT * FROM vacancy
           WHERE (opened_on, vacancy_id) < ($1, $2)
             AND ($3::uuid IS NULL OR employer_id = $3)
             AND ($4::text IS NULL OR occupation = $4)
             AND ($5::text IS NULL OR district = $5)
             AND ($6::uuid IS NULL OR visit_id = $6)
             AND ($7::bool IS NULL OR $7 = (closed_on IS NULL))
           ORDER BY opened_on DESC, vacancy_id DESC LIMIT $8""",
        day,
        vacancy_id,
        sought.employer_id,
        sought.occupation,
        sought.district,
        sought.visit_id,
        sought.open,
        limit,
    )
    return [vacancy_of(row) for row in rows]
