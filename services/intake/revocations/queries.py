"""Reads of revocations."""

from chassis.database.db import Connection
from chassis.http.revocations import Revocation, revocation_of


async def revocations(conn: Connection, limit: int, after: str | None) -> list[Revocation]:
    """List whose tokens are taken no more, by subject."""
    rows = await conn.fetch("SELECT * FROM revocation WHERE subject > $2 ORDER BY subject LIMIT $1", limit, after or "")
    return [revocation_of(row) for row in rows]
