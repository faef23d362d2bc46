"""All SQL of the known employers."""

from collections.abc import Mapping, Sequence

from chassis.aggregates import NothingToFind
from chassis.db import Connection, columns
from contracts.ids import EmployerId
from services.matching.employers.model import Employer

_COLUMNS = "employer_id, joined_on, left_on, vacancies_closed"


class EmployerStore(NothingToFind):
    """Keeps known employers. They seldom change, so opening a vacancy only shares a lock on its employer."""

    def key(self, state: Employer) -> EmployerId:
        return state.employer_id

    async def load(self, conn: Connection, keys: Sequence[EmployerId]) -> Mapping[EmployerId, Employer]:
        rows = await conn.fetch(
            f"SELECT {_COLUMNS} FROM employer WHERE employer_id = ANY($1) ORDER BY employer_id FOR SHARE", keys
        )
        return {
            row["employer_id"]: Employer(row["employer_id"], row["joined_on"], row["left_on"], row["vacancies_closed"])
            for row in rows
        }

    async def save(self, conn: Connection, states: Sequence[Employer]) -> None:
        await conn.execute(
            f"""INSERT INTO employer ({_COLUMNS})
                SELECT * FROM unnest($1::uuid[], $2::date[], $3::date[], $4::bool[])
                ON CONFLICT (employer_id) DO UPDATE SET
                    left_on = excluded.left_on, vacancies_closed = excluded.vacancies_closed""",
            *columns([(e.employer_id, e.joined_on, e.left_on, e.vacancies_closed) for e in states], 4),
        )
