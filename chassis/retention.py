"""Deletes, once an hour, what has outlived its days: the chassis's tables that grow, and those of the service."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

import asyncpg
import structlog

from chassis.db import Pool
from chassis.settings import ServiceSettings

log = structlog.get_logger()

EVERY_SECONDS = 3600.0


class Retention:
    """Ages out idempotency keys, inbox ids, and the service's tables that `own` names with their days.

    The outbox empties itself; dead letters wait for a person.
    """

    def __init__(self, pool: Pool, settings: ServiceSettings, own: Mapping[str, int]) -> None:
        self._pool = pool
        self._days = {"idempotency": settings.idempotency_days, "inbox": settings.inbox_days, **own}

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
