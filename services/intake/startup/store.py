"""All SQL of start-up clients and launches."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from chassis.batch.aggregates import Aggregate
from chassis.batch.effects import Doer
from chassis.database.db import Connection
from chassis.database.rows import Rows
from services.intake.startup.model import Launch, StartupClient

_CLIENT = Rows[StartupClient]("startup_client", "client_id", {"client_id": "uuid", "first_session_on": "date"})
_KEEP_EARLIEST = f"""{_CLIENT.insert}
    ON CONFLICT (client_id) DO UPDATE
    SET first_session_on = least(startup_client.first_session_on, excluded.first_session_on)"""

_LAUNCH = Rows[Launch](
    "launch", "launch_id", {"launch_id": "uuid", "client_id": "uuid", "occurred_on": "date", "occupation": "text"}
)


class StartupClientStore(Aggregate[StartupClient]):
    """Keeps who had a start-up session, and since when."""

    def key(self, state: StartupClient) -> UUID:
        return state.client_id

    async def load(self, conn: Connection, keys: Sequence[UUID]) -> Mapping[UUID, StartupClient]:
        rows = await conn.fetch(
            f"SELECT {_CLIENT.names} FROM startup_client WHERE client_id = ANY($1) ORDER BY client_id FOR UPDATE", keys
        )
        return {row["client_id"]: StartupClient(row["client_id"], row["first_session_on"]) for row in rows}

    async def save(self, conn: Connection, states: Sequence[StartupClient]) -> None:
        await conn.execute(_KEEP_EARLIEST, *_CLIENT.arguments(states))


class AddLaunches(Doer[Launch]):
    """Adds launches."""

    async def do(self, conn: Connection, effects: Sequence[Launch]) -> None:
        await conn.execute(_LAUNCH.insert, *_LAUNCH.arguments(effects))
