"""All SQL of the vacancies."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import asyncpg

from chassis.aggregates import Find
from chassis.db import Connection, columns
from contracts.ids import VacancyId
from services.matching.found import found, placed
from services.matching.vacancies.model import Vacancy, VacancyOfInternship, VacancyOfPlacement, VacancyOfReferral

_COLUMNS = (
    "vacancy_id, employer_id, title, occupation, openings, placed, sector, employment, wage, district, deadline, "
    "opened_on, converts, closed_on, closed_as, referrals_ended, visit_id"
)


def vacancy_of(row: asyncpg.Record) -> Vacancy:
    """Read a vacancy from a row."""
    return Vacancy(
        VacancyId(row["vacancy_id"]),
        row["employer_id"],
        row["title"],
        row["occupation"],
        row["openings"],
        row["placed"],
        row["sector"],
        row["employment"],
        row["wage"],
        row["district"],
        row["deadline"],
        row["opened_on"],
        row["converts"],
        row["closed_on"],
        row["closed_as"],
        row["referrals_ended"],
        row["visit_id"],
    )


class VacancyStore:
    """Keeps vacancies, and finds the one that a referral, an internship or a placement is for."""

    def key(self, state: Vacancy) -> VacancyId:
        return state.vacancy_id

    async def find(self, conn: Connection, finds: Sequence[Find]) -> Mapping[Find, UUID]:
        of = await found(conn, "vacancy_id", finds, VacancyOfReferral, VacancyOfInternship)
        return {**of, **await placed(conn, "vacancy_id", finds, VacancyOfPlacement)}

    async def load(self, conn: Connection, keys: Sequence[VacancyId]) -> Mapping[VacancyId, Vacancy]:
        rows = await conn.fetch(
            f"SELECT {_COLUMNS} FROM vacancy WHERE vacancy_id = ANY($1) ORDER BY vacancy_id FOR UPDATE", keys
        )
        return {row["vacancy_id"]: vacancy_of(row) for row in rows}

    async def save(self, conn: Connection, states: Sequence[Vacancy]) -> None:
        await conn.execute(
            f"""INSERT INTO vacancy ({_COLUMNS})
                SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::int[], $6::int[], $7::text[],
                                     $8::text[], $9::int[], $10::text[], $11::date[], $12::date[], $13::bool[],
                                     $14::date[], $15::text[], $16::bool[], $17::uuid[])
                ON CONFLICT (vacancy_id) DO UPDATE SET
                    title = excluded.title, openings = excluded.openings, wage = excluded.wage,
                    deadline = excluded.deadline, placed = excluded.placed, closed_on = excluded.closed_on,
                    closed_as = excluded.closed_as, referrals_ended = excluded.referrals_ended""",
            *columns(
                [
                    (
                        v.vacancy_id, v.employer_id, v.title, v.occupation, v.openings, v.placed, v.sector,
                        v.employment, v.wage, v.district, v.deadline, v.opened_on, v.converts, v.closed_on, v.closed_as,
                        v.referrals_ended, v.visit_id,
                    )
                    for v in states
                ],
                17,
            ),
        )  # fmt: skip
