"""All SQL that keeps the caseload."""

from collections.abc import Mapping, Sequence

from chassis.aggregates import NothingToFind
from chassis.db import Connection, columns
from contracts.ids import SeekerId
from services.matching.caseload.model import Client, Opening


class ClientStore(NothingToFind):
    """Keeps whom each counsellor has."""

    def key(self, state: Client) -> SeekerId:
        return state.seeker_id

    async def load(self, conn: Connection, keys: Sequence[SeekerId]) -> Mapping[SeekerId, Client]:
        raise TypeError("a client is only written")

    async def save(self, conn: Connection, states: Sequence[Client]) -> None:
        await conn.execute(
            """INSERT INTO client (seeker_id, counsellor_id) SELECT * FROM unnest($1::uuid[], $2::uuid[])
               ON CONFLICT (seeker_id) DO UPDATE SET counsellor_id = excluded.counsellor_id""",
            *columns([(c.seeker_id, c.counsellor_id) for c in states if c.counsellor_id], 2),
        )
        if erased := [c.seeker_id for c in states if c.counsellor_id is None]:
            for table in ("client", "record_opening"):
                await conn.execute(f"DELETE FROM {table} WHERE seeker_id = ANY($1)", erased)


class OpeningStore(NothingToFind):
    """Keeps openings."""

    def key(self, state: Opening) -> Opening:
        return state

    async def load(self, conn: Connection, keys: Sequence[Opening]) -> Mapping[Opening, Opening]:
        raise TypeError("an opening is only added")

    async def save(self, conn: Connection, states: Sequence[Opening]) -> None:
        await conn.execute(
            """INSERT INTO record_opening (seeker_id, opened_on, counsellor_id)
               SELECT * FROM unnest($1::uuid[], $2::date[], $3::uuid[]) ON CONFLICT DO NOTHING""",
            *columns(states, 3),
        )
