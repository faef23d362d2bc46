"""Reads of the ledger."""

from collections.abc import Mapping
from typing import Any

import orjson

from chassis.database.db import Connection
from services.reporting.ledger.store import stand_still


async def entry(conn: Connection, position: int) -> dict[str, Any] | None:
    """Read one event as it stands in the ledger, None when there is none."""
    row = await conn.fetchrow("SELECT * FROM ledger WHERE position = $1", position)
    return {**row, "data": orjson.loads(row["data"])} if row else None


async def last_position(conn: Connection) -> int:
    """Give the position of the last event, 0 of an empty ledger."""
    return await conn.fetchval("SELECT max(position) FROM ledger") or 0


async def position_as_read(conn: Connection) -> int:
    """Give the position of the last event that a reading transaction sees, no earlier one being still on its way. It is
    to be asked first: what the transaction sees is settled by it, while nothing enters the ledger, and entering goes on
    at once."""
    standing = conn.transaction()
    await standing.start()
    try:
        await stand_still(conn)
        return await last_position(conn)
    finally:
        await standing.rollback()


async def gaps(conn: Connection, limit: int) -> list[dict[str, Any]]:
    """List the ranges of numbers that are missing (`first` to `last`), those that were found first on top."""
    rows = await conn.fetch(
        """SELECT source, topic, key, found_at, sequence AS last,
                  (SELECT coalesce(max(l.sequence), 0) + 1 FROM ledger l
                   WHERE (l.key, l.topic, l.source) = (g.key, g.topic, g.source) AND l.sequence < g.sequence) AS first
           FROM sequence_gap g ORDER BY found_at, key, sequence LIMIT $1""",
        limit,
    )
    return [dict(row) for row in rows]


async def missing(conn: Connection, source: str, topic: str, lasts: Mapping[str, int], limit: int) -> list[Any]:
    """List the numbers up to the last of each key that the ledger hasn't, by key and number."""
    rows = await conn.fetch(
        """SELECT given.key, number AS sequence
           FROM unnest($1::text[], $2::bigint[]) AS given (key, last), generate_series(1, given.last) AS number
           WHERE NOT EXISTS (SELECT FROM ledger l
                             WHERE (l.key, l.topic, l.source, l.sequence) = (given.key, $3, $4, number))
           ORDER BY 1, 2 LIMIT $5""",
        list(lasts),
        list(lasts.values()),
        topic,
        source,
        limit,
    )
    return [dict(row) for row in rows]


async def count_gaps(conn: Connection) -> int:
    """Count the numbers whose predecessor is missing: so many ranges there are."""
    return await conn.fetchval("SELECT count(*) FROM sequence_gap") or 0
