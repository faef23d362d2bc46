"""All SQL of the sessions."""

from collections.abc import Mapping, Sequence

from chassis.batch.aggregates import Aggregate
from chassis.database.db import Connection
from chassis.database.rows import Rows
from contracts.ids import SessionId
from services.intake.counselling.model import Session

_SESSION = Rows[Session](
    "session",
    "session_id",
    {
        "session_id": "uuid",
        "client_id": "uuid",
        "counsellor_id": "uuid",
        "kind": "text",
        "channel": "text",
        "minutes": "int",
        "occurred_on": "date",
    },
)


class SessionStore(Aggregate[Session]):
    """Keeps sessions. They are only ever added, so there is nothing to load."""

    def key(self, state: Session) -> SessionId:
        return state.session_id

    async def load(self, conn: Connection, keys: Sequence[SessionId]) -> Mapping[SessionId, Session]:
        return {}

    async def save(self, conn: Connection, states: Sequence[Session]) -> None:
        await conn.execute(_SESSION.insert, *_SESSION.arguments(states))
