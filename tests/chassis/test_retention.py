"""What has outlived its days is deleted in portions: one row, one table or a long past stops none of the rest."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import pytest
from structlog.testing import capture_logs

from chassis.database import retention
from chassis.database.db import Pool
from chassis.database.retention import PORTION_BLOCKS, Retention
from chassis.running import telemetry
from chassis.running.settings import ServiceSettings
from jobplus.stack.local import Stack
from tests.chassis.serving import counting_service, until

OLD_KEYS = (
    """INSERT INTO idempotency SELECT 'c', n::text, '', '', now() - interval '8 days' FROM generate_series(1, $1) n"""
)
LARGEST_PORTION = f"""SELECT max(rows) FROM (
    SELECT count(*) AS rows FROM inbox GROUP BY (ctid::text::point)[0]::bigint / {PORTION_BLOCKS}) AS portions"""
OLD_IDS = "INSERT INTO inbox SELECT gen_random_uuid(), now() - interval '31 days' FROM generate_series(1, $1::int)"


@pytest.fixture
async def settings(stack: Stack, pool: Pool) -> ServiceSettings:
    return (await counting_service(stack, pool)).settings


def made(pool: Pool, settings: ServiceSettings, own: Mapping[str, int] | None = None) -> Retention:
    return Retention(pool, settings, own or {})


async def test_only_what_has_outlived_its_days_is_deleted_also_where_it_lies_among_the_rest(
    pool: Pool, settings: ServiceSettings
) -> None:
    await pool.execute(
        """INSERT INTO inbox SELECT gen_random_uuid(), now() - make_interval(days => n % 60)
           FROM generate_series(0, 19999) n"""
    )
    before = _count(telemetry.RETENTION_DELETED, "inbox")

    assert await made(pool, settings).delete() == []

    assert await pool.fetchval("SELECT count(*) FROM inbox WHERE kept_at < now() - interval '30 days'") == 0
    left = await pool.fetchval("SELECT count(*) FROM inbox")
    assert 9_900 < left < 10_400
    assert _count(telemetry.RETENTION_DELETED, "inbox") - before == 20_000 - left


async def test_a_row_that_somebody_holds_is_left_to_the_next_round_and_no_other(
    pool: Pool, settings: ServiceSettings
) -> None:
    await pool.execute(OLD_KEYS, 12_000)
    await pool.execute(OLD_IDS, 10)
    async with pool.acquire() as conn, conn.transaction():
        await conn.execute("SELECT FROM idempotency WHERE key = '77' FOR UPDATE")
        assert await asyncio.wait_for(made(pool, settings).delete(), 10) == []
        assert [row["key"] for row in await pool.fetch("SELECT key FROM idempotency")] == ["77"]
        assert await pool.fetchval("SELECT count(*) FROM inbox") == 0
    await made(pool, settings).delete()
    assert await pool.fetchval("SELECT count(*) FROM idempotency") == 0


async def test_a_table_that_is_locked_is_told_of_and_tried_again_soon_and_the_others_go_on(
    pool: Pool, settings: ServiceSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "LOCK_SECONDS", 0.1)
    monkeypatch.setattr(retention, "AGAIN_SECONDS", 0.1)
    await pool.execute(OLD_KEYS, 10)
    await pool.execute(OLD_IDS, 10)
    stopping, failed = asyncio.Event(), _count(telemetry.RETENTION_FAILED, "idempotency")
    async with pool.acquire() as conn:
        locking = conn.transaction()
        await locking.start()
        await conn.execute("LOCK TABLE idempotency")
        with capture_logs() as logs:
            running = asyncio.ensure_future(made(pool, settings).run(stopping))
            await until(lambda: _count(telemetry.RETENTION_FAILED, "idempotency") >= failed + 2)
        await locking.rollback()
    assert await pool.fetchval("SELECT count(*) FROM inbox") == 0
    told = {(line["event"], line["table"], line["kind"], bool(line["error"])) for line in logs}
    assert told == {("retention_failed", "idempotency", "LockNotAvailableError", True)}

    async def emptied() -> bool:
        return await pool.fetchval("SELECT count(*) FROM idempotency") == 0

    await until(emptied)
    stopping.set()
    await asyncio.wait_for(running, 1)


async def test_an_error_without_a_text_is_told_by_its_kind(
    pool: Pool, settings: ServiceSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "CONNECT_SECONDS", 0.05)
    held = [await pool.acquire() for _ in range(pool.get_max_size())]
    try:
        with capture_logs() as logs:
            assert await made(pool, settings).delete() == ["idempotency", "taken_row", "erased_row", "inbox"]
    finally:
        for conn in held:
            await pool.release(conn)
    assert [(line["kind"], line["error"]) for line in logs] == [("TimeoutError", "TimeoutError()")] * 4


async def test_what_one_look_does_not_take_in_the_next_one_does(
    pool: Pool, settings: ServiceSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "MOST_LOOKED_AT", 6_000)
    monkeypatch.setattr(retention, "REST_SECONDS", 0.0)
    await pool.execute(OLD_IDS, 40_000)
    assert await made(pool, settings).delete() == []
    assert await pool.fetchval("SELECT count(*) FROM inbox") == 0


async def test_who_is_told_to_stop_stops_at_once_amid_a_long_past_and_what_was_deleted_stays_so(
    pool: Pool, settings: ServiceSettings
) -> None:
    """Of 200,000 rows, 40 portions with a rest after each: over 0.8 s. Of the portion that is given up it may not be
    known whether its commit came through: then it isn't counted."""
    await pool.execute(OLD_IDS, 200_000)
    portion = await pool.fetchval(LARGEST_PORTION)
    stopping, before = asyncio.Event(), _count(telemetry.RETENTION_DELETED, "inbox")
    running = asyncio.ensure_future(made(pool, settings).run(stopping))
    await until(lambda: _count(telemetry.RETENTION_DELETED, "inbox") > before)
    stopping.set()
    asked = time.monotonic()
    await running
    assert time.monotonic() - asked < 1
    left = await pool.fetchval("SELECT count(*) FROM inbox")
    counted = _count(telemetry.RETENTION_DELETED, "inbox") - before
    assert left > 0
    assert counted <= 200_000 - left <= counted + portion


def _count(counter: Any, table: str) -> int:
    return int(counter.labels(table)._value.get())
