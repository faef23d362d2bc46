"""How many events wait in the outbox, as a process last looked.

Counting them would cost the more the more there are. They are numbered in their order, so that the first and the last
tell how many there are at most; it is counted, as far as the limit, where that is over it: numbers that were given and
not used, or an event that is sent again under its old one, make no full outbox.
"""

import asyncio
from contextlib import suppress
from time import monotonic

import asyncpg
import structlog

from chassis.batch.unknown_ids import age
from chassis.database.db import AWAY, CONNECT_SECONDS, Connection, Pool
from chassis.running import telemetry
from chassis.running.telemetry import Pulse

log = structlog.get_logger()

LOOK_SECONDS = 1.0
ALARM = 0.5
"""Of the limit: from there on it is said in the log."""
TOLD_SECONDS = 60.0
"""So often."""


class Backlog:
    """What waits in the outbox, and whether that is as much as may."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.is_full = False
        self._told_at = -TOLD_SECONDS

    async def look(self, conn: Connection) -> int:
        """Look anew; gives how many events wait, the limit at most where that was counted."""
        found = await conn.fetchrow(
            """SELECT first.id AS first, first.event_id AS oldest, (SELECT max(id) FROM outbox) AS last
               FROM (SELECT id, event_id FROM outbox ORDER BY id LIMIT 1) AS first"""
        )
        waiting: int = found["last"] - found["first"] + 1 if found else 0
        if found and waiting >= self.limit:
            counted = await conn.fetch("SELECT count(*) AS n FROM (SELECT FROM outbox LIMIT $1) AS counted", self.limit)
            waiting = counted[0]["n"]
        self.is_full = waiting >= self.limit
        telemetry.OUTBOX.set(waiting)
        if found and waiting >= ALARM * self.limit and monotonic() - self._told_at > TOLD_SECONDS:
            self._told_at = monotonic()
            log.error("outbox_fills", waiting=waiting, limit=self.limit, oldest_seconds=round(age(found["oldest"])))
        return waiting

    async def watch(self, pool: Pool, pulse: Pulse, stopping: asyncio.Event) -> None:
        """Look every LOOK_SECONDS until `stopping`; while PostgreSQL is away, what was seen last holds."""
        while not stopping.is_set():
            try:
                async with pool.acquire(timeout=CONNECT_SECONDS) as conn:
                    await self.look(conn)
                if self.is_full:
                    pulse.fail(f"full: {self.limit} events wait to be published, and no more may")
                else:
                    pulse.beat()
            except (*AWAY, asyncpg.PostgresError) as error:
                pulse.fail(type(error).__name__)
                log.warning("outbox_unseen", error=str(error), kind=type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), LOOK_SECONDS)
