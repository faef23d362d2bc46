"""All SQL that keeps the caseload."""

from collections.abc import Sequence

from chassis.batch.effects import Doer
from chassis.database.db import Connection
from chassis.database.rows import Rows
from services.matching.caseload.model import Client, ForgottenClient, Opening

_CLIENTS = Rows[Client]("client", "seeker_id", {"seeker_id": "uuid", "counsellor_id": "uuid"})
_KEEP_CLIENTS = _CLIENTS.keep()
_OPENINGS = Rows[Opening](
    "record_opening",
    ("seeker_id", "opened_on", "counsellor_id"),
    {"seeker_id": "uuid", "opened_on": "date", "counsellor_id": "uuid"},
)


class NoteClients(Doer[Client]):
    """Keeps whom each counsellor has, as it was said last, under the locks of the seekers."""

    async def do(self, conn: Connection, effects: Sequence[Client]) -> None:
        last = {client.seeker_id: client for client in effects}
        await conn.execute(_KEEP_CLIENTS, *_CLIENTS.arguments(list(last.values())))


class AddOpenings(Doer[Opening]):
    """Adds openings. No lock is theirs: two batches that add the same ones add them in one order."""

    async def do(self, conn: Connection, effects: Sequence[Opening]) -> None:
        await conn.execute(_OPENINGS.keep_first, *_OPENINGS.arguments(sorted(effects)))


class DeleteClients(Doer[ForgottenClient]):
    """Deletes all that the caseload has of seekers."""

    async def do(self, conn: Connection, effects: Sequence[ForgottenClient]) -> None:
        forgotten = [client.seeker_id for client in effects]
        for table in ("client", "record_opening"):
            await conn.execute(f"DELETE FROM {table} WHERE seeker_id = ANY($1)", forgotten)
