"""All SQL of the known employers."""

from collections.abc import Mapping, Sequence

from chassis.batch.aggregates import Aggregate
from chassis.database.db import Connection
from chassis.database.rows import Rows
from contracts.ids import EmployerId
from services.matching.employers.model import Employer

_ROWS = Rows[Employer](
    "employer",
    "employer_id",
    {"employer_id": "uuid", "joined_on": "date", "left_on": "date", "vacancies_closed": "bool"},
)
_KEEP = _ROWS.keep(["left_on", "vacancies_closed"])


class EmployerStore(Aggregate[Employer]):
    """Keeps known employers. They seldom change, so opening a vacancy only shares a lock on its employer."""

    def key(self, state: Employer) -> EmployerId:
        return state.employer_id

    async def load(self, conn: Connection, keys: Sequence[EmployerId]) -> Mapping[EmployerId, Employer]:
        rows = await conn.fetch(
            f"SELECT {_ROWS.names} FROM employer WHERE employer_id = ANY($1) ORDER BY employer_id FOR SHARE", keys
        )
        return {
            row["employer_id"]: Employer(row["employer_id"], row["joined_on"], row["left_on"], row["vacancies_closed"])
            for row in rows
        }

    async def save(self, conn: Connection, states: Sequence[Employer]) -> None:
        await conn.execute(_KEEP, *_ROWS.arguments(states))
