"""All SQL of the sessions."""

from collections.abc import Mapping, Sequence

from chassis.aggregates import NothingToFind
from chassis.db import Connection, columns
from contracts.ids import SessionId
from services.intake.counselling.model import Session


class SessionStore(NothingToFind):
    """Keeps sessions. They are only ever added, so there is nothing to load."""

    def key(self, state: Session) -> SessionId:
        return state.session_id

    async def load(self, conn: Connection, keys: Sequence[SessionId]) -> Mapping[SessionId, Session]:
        return {}

    async def save(self, conn: Connection, states: Sequence[Session]) -> None:
        await conn.execute(
            """INSERT INTO session (session_id, client_id, counsellor_id, kind, channel, minutes, occurred_on)
               SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::int[], $7::date[])
            """,
            *columns(
                [
                    (s.session_id, s.client_id, s.counsellor_id, s.kind, s.channel, s.minutes, s.occurred_on)
                    for s in states
                ],
                7,
            ),
        )
