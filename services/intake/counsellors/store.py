"""All SQL of the counsellors."""

from collections.abc import Mapping, Sequence

import asyncpg

from chassis.aggregates import NothingToFind
from chassis.db import Connection, columns
from contracts.ids import CounsellorId
from services.intake.counsellors.model import Counsellor

_COLUMNS = "counsellor_id, name, groups, joined_on, left_on"


def counsellor_of(row: asyncpg.Record) -> Counsellor:
    """Read a counsellor from a row."""
    return Counsellor(
        CounsellorId(row["counsellor_id"]), row["name"], tuple(row["groups"]), row["joined_on"], row["left_on"]
    )


class CounsellorStore(NothingToFind):
    """Keeps counsellors. They are read with a shared lock: every session touches one, and few commands change one."""

    def key(self, state: Counsellor) -> CounsellorId:
        return state.counsellor_id

    async def load(self, conn: Connection, keys: Sequence[CounsellorId]) -> Mapping[CounsellorId, Counsellor]:
        rows = await conn.fetch(
            f"SELECT {_COLUMNS} FROM counsellor WHERE counsellor_id = ANY($1) ORDER BY counsellor_id FOR SHARE", keys
        )
        return {CounsellorId(row["counsellor_id"]): counsellor_of(row) for row in rows}

    async def save(self, conn: Connection, states: Sequence[Counsellor]) -> None:
        await conn.execute(
            f"""INSERT INTO counsellor ({_COLUMNS})
                SELECT i, n, string_to_array(g, ','), j, l
                FROM unnest($1::uuid[], $2::text[], $3::text[], $4::date[], $5::date[]) AS given (i, n, g, j, l)
                ON CONFLICT (counsellor_id) DO UPDATE SET
                    name = excluded.name, groups = excluded.groups, left_on = excluded.left_on""",
            *columns([(c.counsellor_id, c.name, ",".join(c.groups), c.joined_on, c.left_on) for c in states], 5),
        )
