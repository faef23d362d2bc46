"""Hears what a relay's process would hear of commits in a test's database."""

from typing import Self

import asyncpg

from chassis.database.db import Pool
from chassis.database.wake import CHANNEL
from jobplus.stack.local import Stack


class Listening:
    """Hears the channel on a connection of its own: which PostgreSQL process notified, and how many events could be
    read by then."""

    def __init__(self, stack: Stack, pool: Pool) -> None:
        self._stack, self._pool = stack, pool
        self.heard: list[tuple[int, int]] = []

    async def __aenter__(self) -> Self:
        database = await self._pool.fetchval("SELECT current_database()")
        self._conn = await asyncpg.connect(self._stack.database_url().rpartition("/")[0] + f"/{database}")
        await self._conn.add_listener(CHANNEL, self._hear)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._conn.close()

    async def _hear(self, _: object, pid: int, channel: str, payload: object) -> None:
        self.heard.append((pid, await self._pool.fetchval("SELECT count(*) FROM outbox")))
