"""What users of other queues, outboxes and pools have reported of theirs, tried on ours."""

import asyncio
import random
from typing import Any

import pytest
from aiokafka.errors import KafkaConnectionError, OutOfOrderSequenceNumber

from chassis.database import db
from chassis.database.db import Pool
from chassis.running.service import Service
from chassis.stream import kafka, relay
from jobplus.stack.local import Stack
from tests.chassis.counting import Raise, asked
from tests.chassis.serving import Sink, counting_service, leading, until


class Failing(Sink):
    """A producer that fails a number of times, as Kafka's does until it is made anew or Kafka is there again."""

    def __init__(self, started: list[int], failures: int, error: Exception) -> None:
        super().__init__()
        self._started, self._failures, self._error = started, failures, error

    async def start(self) -> None:
        self._started.append(1)

    async def send(self, topic: str, value: bytes, *, key: bytes, headers: object) -> "asyncio.Future[None]":
        if len(self._started) <= self._failures:
            failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            failed.set_exception(self._error)
            return failed
        return await super().send(topic, value, key=key, headers=headers)


async def _led(service: Service, monkeypatch: pytest.MonkeyPatch, failures: int, error: Exception) -> list[str]:
    """Have three events sent by producers of which so many fail; gives the keys that were sent."""
    monkeypatch.setattr(relay, "RETRY_SECONDS", 0.01)
    monkeypatch.setattr(relay, "LONGEST_PAUSE", 0.02)
    started, sinks = list[int](), list[Failing]()

    def producer(_: Any) -> Failing:
        sinks.append(Failing(started, failures, error))
        return sinks[-1]

    async with leading(service, monkeypatch):
        monkeypatch.setattr(kafka, "producer", producer)
        await service.handler.run([asked(Raise(name)) for name in "abc"])
        await until(lambda: any(len(sink.keys) == 3 for sink in sinks))
    assert len(started) == failures + 1
    return [key for sink in sinks for key in sink.keys]


async def test_a_producer_whose_numbers_are_out_of_order_is_made_anew_and_none_is_restarted_by_hand(
    stack: Stack, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = await counting_service(stack, pool)
    assert await _led(service, monkeypatch, 1, OutOfOrderSequenceNumber()) == ["a", "b", "c"]


async def test_however_long_kafka_is_away_no_event_is_given_up(
    stack: Stack, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = await counting_service(stack, pool)
    assert await _led(service, monkeypatch, 60, KafkaConnectionError()) == ["a", "b", "c"]
    assert await pool.fetchval("SELECT count(*) FROM unsent_event") == 0


async def test_what_commits_later_with_a_lower_number_is_not_passed_over(
    stack: Stack, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    await pool.execute(
        """CREATE FUNCTION rest() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(1); RETURN NULL; END';
           CREATE CONSTRAINT TRIGGER slow_commit AFTER INSERT ON outbox DEFERRABLE INITIALLY DEFERRED
           FOR EACH ROW WHEN (NEW.key = 'slow') EXECUTE FUNCTION rest()"""
    )
    service = await counting_service(stack, pool, relay_poll_seconds=0.05)
    async with leading(service, monkeypatch) as sink:
        slow = asyncio.create_task(service.handler.run([asked(Raise("slow"))]))
        await asyncio.sleep(0.3)  # by now it has its number
        await service.handler.run([asked(Raise("quick"))])
        await until(lambda: sink.keys == ["quick"])
        await slow
        await until(lambda: sink.keys == ["quick", "slow"])
    assert await pool.fetchval("SELECT key FROM published_event ORDER BY id LIMIT 1") == "slow"


async def test_who_gives_up_waiting_for_a_connection_takes_none_with_them(stack: Stack, pool: Pool) -> None:
    service = await counting_service(stack, pool, database_pool=3, costly_reads=1)
    async with db.pool(service.settings, "impatient") as small:
        held = [await small.acquire() for _ in range(3)]

        async def ask(patience: float) -> None:
            async with small.acquire(timeout=patience) as conn:
                await conn.fetchval("SELECT pg_sleep(0.01)")

        waiting = [asyncio.create_task(ask(random.uniform(0, 0.2))) for _ in range(200)]
        await asyncio.sleep(0.05)
        for task in waiting[::3]:
            task.cancel()
        for conn in held:
            await asyncio.sleep(0.03)
            await small.release(conn)
        ended = await asyncio.gather(*waiting, return_exceptions=True)
        assert any(isinstance(error, TimeoutError) for error in ended)
        assert all(error is None or isinstance(error, TimeoutError | asyncio.CancelledError) for error in ended)
        again = [await small.acquire(timeout=2) for _ in range(3)]
        assert [await conn.fetchval("SELECT 1") for conn in again] == [1, 1, 1]
        for conn in again:
            await small.release(conn)
        async with asyncio.timeout(5):
            await small.close()


async def test_a_request_that_is_cut_off_in_its_transaction_leaves_no_lock(pool: Pool) -> None:
    await pool.execute("INSERT INTO counter VALUES ('a', 1)")

    async def hold() -> None:
        async with pool.acquire() as conn, conn.transaction():
            await conn.execute("UPDATE counter SET value = 2")
            await conn.execute("SELECT pg_sleep(30)")

    cut = asyncio.create_task(hold())
    await asyncio.sleep(0.2)
    cut.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cut
    async with asyncio.timeout(5):
        assert await pool.fetchval("UPDATE counter SET value = 3 RETURNING value") == 3


async def test_a_session_that_was_made_read_only_is_lent_to_nobody(stack: Stack, pool: Pool) -> None:
    service = await counting_service(stack, pool)
    name = await pool.fetchval("SELECT current_database()")
    async with db.pool(service.settings, "failing over") as failing:
        await pool.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        await failing.expire_connections()
        with pytest.raises(db.AWAY):
            async with failing.acquire():
                pass
        async with pool.acquire() as conn, conn.transaction():
            await conn.execute("SET LOCAL transaction_read_only = off")
            await conn.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")

        async def writes() -> bool:
            try:
                async with failing.acquire() as conn:
                    await conn.execute("INSERT INTO counter VALUES ('a', 1)")
            except db.AWAY:
                return False  # a session that the pool had made ready meanwhile
            return True

        await until(writes, 3)
