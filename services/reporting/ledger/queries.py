"""Reads of the ledger."""

from typing import Any

import orjson

from chassis.db import Connection


async def entry(conn: Connection, position: int) -> dict[str, Any] | None:
    """Read one event as it stands in the ledger, None when there is none."""
    row = await conn.fetchrow("SELECT * FROM ledger WHERE position = $1", position)
    return {**row, "data": orjson.loads(row["data"])} if row else None


async def gaps(conn: Connection, limit: int) -> list[dict[str, Any]]:
    """List the numbers that are missing, the longest missing first."""
    rows = await conn.fetch("SELECT * FROM sequence_gap ORDER BY found_at LIMIT $1", limit)
    return [dict(row) for row in rows]
