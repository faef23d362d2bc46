"""All SQL of profiles that are to be published anew."""

from collections.abc import Mapping, Sequence

from chassis.batch.aggregates import Aggregate
from chassis.database.db import Connection
from contracts.ids import SeekerId
from services.intake.profiles.model import ToTell


class ToTellStore(Aggregate[ToTell]):
    """Forgets who has been told."""

    def key(self, state: ToTell) -> SeekerId:
        return state.seeker_id

    async def load(self, conn: Connection, keys: Sequence[SeekerId]) -> Mapping[SeekerId, ToTell]:
        rows = await conn.fetch(
            "SELECT seeker_id FROM profile_to_tell WHERE seeker_id = ANY($1) ORDER BY seeker_id FOR UPDATE", keys
        )
        return {row["seeker_id"]: ToTell(row["seeker_id"]) for row in rows}

    async def save(self, conn: Connection, states: Sequence[ToTell]) -> None:
        told = [state.seeker_id for state in states if state.told]
        await conn.execute("DELETE FROM profile_to_tell WHERE seeker_id = ANY($1)", told)


async def ask_for_all(conn: Connection) -> None:
    """Have the present profile of everybody who is or was registered published anew."""
    await conn.execute(
        """INSERT INTO profile_to_tell SELECT seeker_id FROM seeker UNION ALL SELECT seeker_id FROM former_seeker
           ON CONFLICT DO NOTHING"""
    )
