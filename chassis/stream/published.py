"""The published events that a service keeps, a partition of the table a day: so that what Kafka has lost can be sent
again. What is too old is dropped by its partition."""

from datetime import date, timedelta
from typing import Any

import structlog

from chassis.database.db import Connection

log = structlog.get_logger()

PREFIX = "published_event_"
AHEAD = 2
"""Days for which there is a partition already."""


async def turn_over(conn: Connection, days: int) -> None:
    """Make the partitions of today and the days ahead, and drop those that are over so many days old (0: all)."""
    today: Any = await conn.fetchval("SELECT (now() AT TIME ZONE 'UTC')::date")
    async with conn.transaction():
        await conn.execute("SET LOCAL lock_timeout = '5s'")
        there = {row["name"] for row in await conn.fetch(_PARTITIONS)}
        for day in (today + timedelta(ahead) for ahead in range(-1, AHEAD + 1)):
            if days and _name(day) not in there:
                following = day + timedelta(1)
                await conn.execute(
                    f"""CREATE TABLE {_name(day)} PARTITION OF published_event
                        FOR VALUES FROM ('{day} 00:00:00+00') TO ('{following} 00:00:00+00')"""
                )
        oldest = today - timedelta(days) if days else date.max
        gone = sorted(name for name in there if name < _name(oldest))
        for name in gone:
            await conn.execute(f"DROP TABLE {name}")
    if gone:
        log.info("published_events_dropped", partitions=gone)


_PARTITIONS = """SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                 WHERE i.inhparent = 'published_event'::regclass"""


def _name(day: date) -> str:
    return f"{PREFIX}{day:%Y%m%d}"
