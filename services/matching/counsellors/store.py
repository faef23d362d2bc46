"""All SQL of the known counsellors."""

from collections.abc import Mapping, Sequence

from chassis.aggregates import NothingToFind
from chassis.db import Connection, columns
from services.matching.counsellors.model import STAFF, Counsellor, Staff


class StaffStore(NothingToFind):
    """Keeps the counsellors as one. They seldom change, so recording a visit only shares a lock on them."""

    def key(self, state: Staff) -> str:
        return STAFF

    async def load(self, conn: Connection, keys: Sequence[str]) -> Mapping[str, Staff]:
        rows = await conn.fetch(
            "SELECT counsellor_id, joined_on, left_on FROM counsellor ORDER BY counsellor_id FOR SHARE"
        )
        found = {
            row["counsellor_id"]: Counsellor(row["counsellor_id"], row["joined_on"], row["left_on"]) for row in rows
        }
        return {key: Staff(found) for key in keys}

    async def save(self, conn: Connection, states: Sequence[Staff]) -> None:
        await conn.execute(
            """INSERT INTO counsellor (counsellor_id, joined_on, left_on)
               SELECT * FROM unnest($1::uuid[], $2::date[], $3::date[])
               ON CONFLICT (counsellor_id) DO UPDATE SET left_on = excluded.left_on
               WHERE counsellor.left_on IS DISTINCT FROM excluded.left_on""",
            *columns([(c.counsellor_id, c.joined_on, c.left_on) for s in states for c in s.counsellors.values()], 3),
        )
