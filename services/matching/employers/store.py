"""All SQL of the known employers."""

from collections.abc import Mapping, Sequence

from chassis.aggregates import NothingToFind
from chassis.db import Connection, columns
from contracts.ids import EmployerId
from services.matching.employers.model import Employer


class EmployerStore(NothingToFind):
    """Keeps known employers. They never change here, so opening a vacancy only shares a lock on its employer."""

    def key(self, state: Employer) -> EmployerId:
        return state.employer_id

    async def load(self, conn: Connection, keys: Sequence[EmployerId]) -> Mapping[EmployerId, Employer]:
        rows = await conn.fetch(
            """SELECT employer_id, joined_on FROM employer
               WHERE employer_id = ANY($1) ORDER BY employer_id FOR SHARE""",
            keys,
        )
        return {row["employer_id"]: Employer(row["employer_id"], row["joined_on"]) for row in rows}

    async def save(self, conn: Connection, states: Sequence[Employer]) -> None:
        await conn.execute(
            "INSERT INTO employer (employer_id, joined_on) SELECT * FROM unnest($1::uuid[], $2::date[])",
            *columns([(e.employer_id, e.joined_on) for e in states], 2),
        )
