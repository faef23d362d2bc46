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


async def test_what_is_planned_once_is_planned_by_index_and_for_whatever_is_asked(pool: db.Pool) -> None:
    planned = "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement = $1"
    asked, settings = "SELECT 1 + $1::int", ("plan_cache_mode", "enable_seqscan")
    async with db.reading(pool, planned_once=True) as conn:
        assert [await conn.fetchval(f"SHOW {name}") for name in settings] == ["force_generic_plan", "off"]
        assert [await conn.fetchval(asked, number) for number in range(2)] == [1, 2]
        assert [tuple(row) for row in await conn.fetch(planned, asked)] == [(2, 0)]
    async with db.reading(pool) as conn:
        assert [await conn.fetchval(f"SHOW {name}") for name in settings] == ["auto", "on"]
