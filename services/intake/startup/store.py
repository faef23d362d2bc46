"""All SQL of start-up clients and launches."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from chassis.aggregates import NothingToFind
from chassis.db import Connection, columns
from contracts.ids import LaunchId
from services.intake.startup.model import Launch, StartupClient


class StartupClientStore(NothingToFind):
    """Keeps who had a start-up session, and since when."""

    def key(self, state: StartupClient) -> UUID:
        return state.client_id

    async def load(self, conn: Connection, keys: Sequence[UUID]) -> Mapping[UUID, StartupClient]:
        rows = await conn.fetch(
            """SELECT client_id, first_session_on FROM startup_client
               WHERE client_id = ANY($1) ORDER BY client_id FOR UPDATE""",
            keys,
        )
        return {row["client_id"]: StartupClient(row["client_id"], row["first_session_on"]) for row in rows}

    async def save(self, conn: Connection, states: Sequence[StartupClient]) -> None:
        await conn.execute(
            """INSERT INTO startup_client AS c (client_id, first_session_on)
               SELECT * FROM unnest($1::uuid[], $2::date[])
               ON CONFLICT (client_id) DO UPDATE
               SET first_session_on = least(c.first_session_on, excluded.first_session_on)""",
            *columns([(s.client_id, s.first_session_on) for s in states], 2),
        )


class LaunchStore(NothingToFind):
    """Keeps launches. They are only ever added, so there is nothing to load."""

    def key(self, state: Launch) -> LaunchId:
        return state.launch_id

    async def load(self, conn: Connection, keys: Sequence[LaunchId]) -> Mapping[LaunchId, Launch]:
        return {}

    async def save(self, conn: Connection, states: Sequence[Launch]) -> None:
        await conn.execute(
            """INSERT INTO launch (launch_id, client_id, occurred_on, occupation)
               SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::date[], $4::text[])""",
            *columns([(s.launch_id, s.client_id, s.occurred_on, s.occupation) for s in states], 4),
        )
