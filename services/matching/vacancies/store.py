"""All SQL of the vacancies."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import asyncpg

from chassis.batch.aggregates import Aggregate, Find
from chassis.database.db import Connection
from chassis.database.rows import Rows
from contracts.ids import VacancyId
from services.matching.lookup_queries import Leads, about
from services.matching.pool.model import SeekerOfInternship, SeekerOfPlacement, SeekerOfReferral
from services.matching.vacancies.model import Vacancy, VacancyOfInternship, VacancyOfPlacement, VacancyOfReferral

_ROWS = Rows[Vacancy](
    "vacancy",
    "vacancy_id",
    {
        "vacancy_id": "uuid",
        "employer_id": "uuid",
        "title": "text",
        "occupation": "text",
        "openings": "int",
        "placed": "int",
        "sector": "text",
        "employment": "text",
        "wage": "int",
        "district": "text",
        "deadline": "date",
        "opened_on": "date",
        "converts": "bool",
        "closed_on": "date",
        "closed_as": "text",
        "referrals_ended": "bool",
        "visit_id": "uuid",
    },
)
_KEEP = _ROWS.keep(["title", "openings", "wage", "deadline", "placed", "closed_on", "closed_as", "referrals_ended"])

_LEADS: Leads = {
    VacancyOfReferral: "vacancy_id",
    VacancyOfInternship: "vacancy_id",
    VacancyOfPlacement: "vacancy_id",
    SeekerOfReferral: "seeker_id",
    SeekerOfInternship: "seeker_id",
    SeekerOfPlacement: "seeker_id",
}


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


class VacancyStore(Aggregate[Vacancy]):
    """Keeps vacancies, and finds the one that a referral, an internship or a placement is for, and with it whose that
    is: a merge that comes between is told by the mark that is found in place of the seeker."""

    def key(self, state: Vacancy) -> VacancyId:
        return state.vacancy_id

    async def find(self, conn: Connection, finds: Sequence[Find]) -> Mapping[Find, UUID]:
        return await about(conn, finds, _LEADS)

    async def load(self, conn: Connection, keys: Sequence[VacancyId]) -> Mapping[VacancyId, Vacancy]:
        rows = await conn.fetch(
            f"SELECT {_ROWS.names} FROM vacancy WHERE vacancy_id = ANY($1) ORDER BY vacancy_id FOR UPDATE", keys
        )
        return {row["vacancy_id"]: vacancy_of(row) for row in rows}

    async def save(self, conn: Connection, states: Sequence[Vacancy]) -> None:
        await conn.execute(_KEEP, *_ROWS.arguments(states))
