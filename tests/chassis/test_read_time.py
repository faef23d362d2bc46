"""A statement that only looks has its time; on a real PostgreSQL, whose statements wait."""

import asyncpg
import pytest

from chassis.database import db
from jobplus.stack.local import Stack
from tests.chassis.serving import counting_service

SLEEP = "SELECT pg_sleep(60)"


async def test_a_look_that_takes_too_long_is_ended_and_its_connection_serves_on(stack: Stack, pool: db.Pool) -> None:
    service = await counting_service(stack, pool, read_seconds=0.1)
    async with db.pool(service.settings, "test") as reading:
        with pytest.raises(db.ReadTooLong, match=r"took longer than 0\.1 s"):
            async with db.reading(reading) as conn:
                await conn.execute(SLEEP)

        async with reading.acquire() as conn:
            assert await conn.fetchval("SHOW statement_timeout") == "0"  # what is changed has its own time
            with pytest.raises(asyncpg.DivisionByZeroError):
                async with conn.transaction(), db.reading_briefly(conn):
                    await conn.execute("SELECT 1 / 0")
