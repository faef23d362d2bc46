"""All SQL of the sessions."""

from collections.abc import Sequence

from chassis.batch.effects import Doer
from chassis.database.db import Connection
from chassis.database.rows import Rows
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


class AddSessions(Doer[Session]):
    """Adds sessions."""

    async def do(self, conn: Connection, effects: Sequence[Session]) -> None:
        await conn.execute(_SESSION.insert, *_SESSION.arguments(effects))
