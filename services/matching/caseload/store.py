"""All SQL that keeps the caseload."""

from collections.abc import Mapping, Sequence

from chassis.batch.aggregates import Aggregate
from chassis.database.db import Connection
from chassis.database.rows import Rows
from contracts.ids import SeekerId
from services.matching.caseload.model import Client, Opening

_CLIENTS = Rows[Client]("client", "seeker_id", {"seeker_id": "uuid", "counsellor_id": "uuid"})
_KEEP_CLIENTS = _CLIENTS.keep()
_OPENINGS = Rows[Opening](
    "record_opening",
    ("seeker_id", "opened_on", "counsellor_id"),
    {"seeker_id": "uuid", "opened_on": "date", "counsellor_id": "uuid"},
)


class ClientStore(Aggregate[Client]):
    """Keeps whom each counsellor has."""

    def key(self, state: Client) -> SeekerId:
        return state.seeker_id

    async def load(self, conn: Connection, keys: Sequence[SeekerId]) -> Mapping[SeekerId, Client]:
        raise TypeError("a client is only written")

    async def save(self, conn: Connection, states: Sequence[Client]) -> None:
        await conn.execute(_KEEP_CLIENTS, *_CLIENTS.arguments([client for client in states if client.counsellor_id]))
        if erased := [c.seeker_id for c in states if c.counsellor_id is None]:
            for table in ("client", "record_opening"):
                await conn.execute(f"DELETE FROM {table} WHERE seeker_id = ANY($1)", erased)


class OpeningStore(Aggregate[Opening]):
    """Keeps openings."""

    def key(self, state: Opening) -> Opening:
        return state

    async def load(self, conn: Connection, keys: Sequence[Opening]) -> Mapping[Opening, Opening]:
        raise TypeError("an opening is only added")

    async def save(self, conn: Connection, states: Sequence[Opening]) -> None:
        await conn.execute(_OPENINGS.keep_first, *_OPENINGS.arguments(states))
