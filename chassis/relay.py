"""The relay: brings the outbox to Kafka, in the order in which it was filled, and deletes what is acknowledged.

One relay leads per database (an advisory lock on a connection of its own). It is woken after each commit, and looks
by itself where nothing woke it. It may send an event twice, after a crash between the acknowledgement and the delete;
consumers drop an event id that they know.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

import asyncpg
import structlog
from aiokafka import AIOKafkaProducer

from chassis import telemetry
from chassis.cloudevents import Attributes, to_headers
from chassis.db import Pool
from chassis.telemetry import Pulse
from chassis.wake import Alarm

log = structlog.get_logger()

BATCH = 2000
VACUUM_EVERY = 20_000
REST_SECONDS = 0.02
"""After a look that found nothing, however often it is woken: a commit need not have left an event."""
SEND_SECONDS = 30.0
RETRY_SECONDS = 1.0
DRAIN_SECONDS = 5.0
"""Short, for where leadership was lost another relay sends the same by now."""

MakeProducer = Callable[[], AIOKafkaProducer]


class Relay:
    """Moves one database's outbox to Kafka. It goes on while it finds events, then waits until it is woken, or
    `poll_seconds` are over."""

    def __init__(self, pool: Pool, source: str, make_producer: MakeProducer, pulse: Pulse, poll_seconds: float) -> None:
        self._pool = pool
        self._source = source
        self._make_producer = make_producer
        self._producer: AIOKafkaProducer | None = None
        self._pulse = pulse
        self._poll_seconds = poll_seconds
        self._alarm = Alarm()
        self._deleted = 0

    def wake(self) -> None:
        """Have it look at once."""
        self._alarm.ring()

    async def run(self, stopping: asyncio.Event) -> None:
        """Relay until `stopping`, then until the outbox is empty, Kafka is away or DRAIN_SECONDS are over."""
        deadline = float("inf")
        while time.monotonic() < deadline:
            last_round = stopping.is_set()
            if last_round and deadline == float("inf"):
                deadline = time.monotonic() + DRAIN_SECONDS
            least, longest = REST_SECONDS, self._poll_seconds
            self._alarm.reset()
            try:
                moved = await self.move()
                self._pulse.beat()
            except Exception as error:
                self._pulse.fail(type(error).__name__)
                log.warning("relay_failed", error=str(error), kind=type(error).__name__)
                await self._drop_producer()
                if last_round:
                    break
                moved, least, longest = 0, RETRY_SECONDS, RETRY_SECONDS
            if last_round and not moved:
                break
            if not moved:
                await self._alarm.wait(stopping, least, longest)
        await self._drop_producer()

    async def move(self) -> int:
        """Send the oldest events, await every acknowledgement, delete them; gives how many."""
        async with self._pool.acquire(timeout=SEND_SECONDS) as conn:
            rows = await conn.fetch("SELECT * FROM outbox ORDER BY id LIMIT $1", BATCH)
            telemetry.OUTBOX.set(len(rows))
            if not rows:
                return 0
            async with asyncio.timeout(SEND_SECONDS):
                await self._send(rows)
            await conn.execute("DELETE FROM outbox WHERE id = ANY($1)", [row["id"] for row in rows])
            self._deleted += len(rows)
            if self._deleted >= VACUUM_EVERY:
                # the oldest rows are looked for first: without this, among ever more that are deleted
                await conn.execute("VACUUM (TRUNCATE false) outbox")
                self._deleted = 0
        return len(rows)

    async def _send(self, rows: Sequence[asyncpg.Record]) -> None:
        if self._producer is None:
            producer = self._make_producer()
            await producer.start()
            self._producer = producer
        acknowledged: list[Awaitable[Any]] = []
        for row in rows:
            attributes = Attributes(
                id=row["event_id"],
                source=self._source,
                type=row["type"],
                time=row["time"],
                subject=row["key"],
                sequence=row["sequence"],
                correlation_id=row["correlation_id"],
                causation_id=row["causation_id"],
            )
            acknowledged.append(
                await self._producer.send(
                    row["topic"], row["value"], key=row["key"].encode(), headers=to_headers(attributes)
                )
            )
        await asyncio.gather(*acknowledged)

    async def _drop_producer(self) -> None:
        """Part with the producer; one that hangs (Kafka away) is cut off, so that it sends nothing later."""
        producer, self._producer = self._producer, None
        if producer is None:
            return
        try:
            async with asyncio.timeout(5):
                await producer.stop()
        except Exception as error:
            log.warning("producer_cut_off", kind=type(error).__name__)
            sending: asyncio.Task[None] | None = producer._sender._sender_task  # pyright: ignore[reportPrivateUsage]
            if sending is not None:
                sending.cancel()
            with suppress(Exception):
                async with asyncio.timeout(5):
                    await producer.client.close()
