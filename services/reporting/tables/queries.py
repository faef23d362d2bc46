"""Reads of the tables that were kept."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from chassis.database.db import Connection
from services.reporting.tables.model import KeptTable, Question
from services.reporting.tables.store import table_of


class Listed(NamedTuple):
    """A table that was kept, without its counts."""

    id: UUID
    kept_at: datetime
    question: Question


async def kept(conn: Connection, table_id: UUID) -> KeptTable | None:
    """Read a table, None where none is kept under an id."""
    row = await conn.fetchrow("SELECT * FROM kept_table WHERE table_id = $1", table_id)
    return table_of(row) if row else None


async def kept_by(conn: Connection, who: str, before: UUID | None, limit: int) -> list[Listed]:
    """List the tables that somebody kept, the newest first, from before one on."""
    rows = await conn.fetch(
        """SELECT table_id, kept_at, question FROM kept_table
           WHERE kept_by = $1 AND ($2::uuid IS NULL OR table_id < $2) ORDER BY table_id DESC LIMIT $3""",
        who,
        before,
        limit,
    )
    return [Listed(row["table_id"], row["kept_at"], Question.from_parameters(row["question"])) for row in rows]
