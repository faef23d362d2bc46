"""All SQL of the firms."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import asyncpg

from chassis.db import Connection, columns
from contracts.ids import EmployerId
from services.intake.firms.model import Employer, WithBusinessNumber

_COLUMNS = "employer_id, business_number, name, size, district, joined_on"


def employer_of(row: asyncpg.Record) -> Employer:
    """Read an employer from a row."""
    return Employer(
        EmployerId(row["employer_id"]),
        row["business_number"],
        row["name"],
        row["size"],
        row["district"],
        row["joined_on"],
    )


class EmployerStore:
    """Keeps employers, and finds one by its business number."""

    def key(self, state: Employer) -> EmployerId:
        return state.employer_id

    async def find(self, conn: Connection, finds: Sequence[WithBusinessNumber]) -> Mapping[WithBusinessNumber, UUID]:
        rows = await conn.fetch(
            "SELECT business_number, employer_id FROM employer WHERE business_number = ANY($1)",
            [find.number for find in finds],
        )
        return {WithBusinessNumber(row["business_number"]): row["employer_id"] for row in rows}

    async def load(self, conn: Connection, keys: Sequence[EmployerId]) -> Mapping[EmployerId, Employer]:
        rows = await conn.fetch(
            f"SELECT {_COLUMNS} FROM employer WHERE employer_id = ANY($1) ORDER BY employer_id FOR UPDATE", keys
        )
        return {EmployerId(row["employer_id"]): employer_of(row) for row in rows}

    async def save(self, conn: Connection, states: Sequence[Employer]) -> None:
        await conn.execute(
            f"""INSERT INTO employer ({_COLUMNS})
                SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::date[])""",
            *columns([(e.employer_id, e.business_number, e.name, e.size, e.district, e.joined_on) for e in states], 6),
        )
