"""Deletes, once an hour, what has outlived its days: the one list of the chassis's tables that grow."""

import asyncio
from contextlib import suppress

import asyncpg
import structlog

from chassis.db import Pool
from chassis.settings import ServiceSettings

log = structlog.get_logger()

EVERY_SECONDS = 3600.0


class Retention:
    """Ages out idempotency keys and inbox ids. The outbox empties itself; dead letters wait for a person."""

    def __init__(self, pool: Pool, settings: ServiceSettings) -> None:
        self._pool = pool
        self._days = {"idempotency": settings.idempotency_days, "inbox": settings.inbox_days}

    async def run(self, stopping: asyncio.Event) -> None:
        """Delete, then wait for an hour, until `stopping`."""
        while not stopping.is_set():
            try:
                await self.delete()
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
                log.warning("retention_failed", error=str(error))
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), EVERY_SECONDS)

    async def delete(self) -> None:
        """Delete what is too old by now."""
        async with self._pool.acquire() as conn:
            for table, days in self._days.items():
                await conn.execute(f"DELETE FROM {table} WHERE kept_at < now() - make_interval(days => $1)", days)
