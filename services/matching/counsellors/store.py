"""All SQL of the known counsellors."""

from collections.abc import Mapping, Sequence

from chassis.batch.aggregates import Aggregate
from chassis.database.db import Connection
from chassis.database.rows import Rows
from services.matching.counsellors.model import STAFF, Counsellor, Staff

_ROWS = Rows[Counsellor](
    "counsellor", "counsellor_id", {"counsellor_id": "uuid", "joined_on": "date", "left_on": "date"}
)
_KEEP = _ROWS.keep(["left_on"], if_changed=True)


class StaffStore(Aggregate[Staff]):
    """Keeps the counsellors as one. They seldom change, so recording a visit only shares a lock on them."""

    def key(self, state: Staff) -> str:
        return STAFF

    async def load(self, conn: Connection, keys: Sequence[str]) -> Mapping[str, Staff]:
        rows = await conn.fetch(f"SELECT {_ROWS.names} FROM counsellor ORDER BY counsellor_id FOR SHARE")
        found = {
            row["counsellor_id"]: Counsellor(row["counsellor_id"], row["joined_on"], row["left_on"]) for row in rows
        }
        return {key: Staff(found) for key in keys}

    async def save(self, conn: Connection, states: Sequence[Staff]) -> None:
        counsellors = [counsellor for staff in states for counsellor in staff.counsellors.values()]
        await conn.execute(_KEEP, *_ROWS.arguments(counsellors))
