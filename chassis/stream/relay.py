"""The relay: brings the outbox to Kafka, in the order in which it was filled.

One relay leads per database (see leadership). It is woken after each commit, and looks by itself where nothing woke it.
It takes events out in a transaction, which it commits once Kafka has acknowledged all of them: where PostgreSQL can't
take them out nothing is sent. It may send an event twice, after a crash between the acknowledgement and the commit, or
when it can't tell whether Kafka has it; consumers drop an event id that they know.

What Kafka refuses for good is looked for by ever smaller batches, and set aside; later events of its key are parked
behind it, and all others go on.
"""

import asyncio
import time
from asyncio import Future
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import asyncpg
import structlog
from aiokafka import AIOKafkaProducer

from chassis.database.db import CONNECT_SECONDS, Connection, Pool
from chassis.database.leadership import in_term
from chassis.database.wake import Alarm
from chassis.running import telemetry
from chassis.running.telemetry import Pulse
from chassis.stream import published, sending
from chassis.stream.cloudevents import AGAIN_FOR, Attributes, to_headers
from chassis.stream.kafka import REFUSED
from chassis.stream.republishing import Republisher

log = structlog.get_logger()

BATCH = 2000
SMALLER = 4
"""A batch in which something was refused is followed by one of so many times fewer events."""
VACUUM_EVERY = 20_000
SMALL_BATCH = 200
REST_SECONDS = 0.06
"""After a look that found nothing, however often it is woken: a commit need not have left an event. And after a small
batch, for the next to be larger: a transaction and a request to Kafka cost more than an event, here and at all who
read them. Who was idle sends the first event at once."""
SEND_SECONDS = 10.0
"""For a batch: less than PostgreSQL lets its transaction be idle (chassis-0005-sending.sql)."""
RETRY_SECONDS = 0.5
LONGEST_PAUSE = 5.0
DRAIN_SECONDS = 5.0
"""Short, for where leadership was lost another relay sends the same by now."""
ASK_SECONDS = 1.0
TURN_OVER_SECONDS = 3600.0
TURN_OVER_AGAIN_SECONDS = 60.0

MakeProducer = Callable[[], AIOKafkaProducer]


class _NotAllSent(Exception):
    """Ends the transaction of a batch of which Kafka hasn't acknowledged everything."""


class Relay:
    """Moves one database's outbox to Kafka. It goes on while it finds events, then waits until it is woken, or
    `poll_seconds` are over. What was published is kept for `days`."""

    def __init__(
        self,
        pool: Pool,
        source: str,
        centre: str,
        make_producer: MakeProducer,
        republisher: Republisher,
        pulse: Pulse,
        *,
        poll_seconds: float,
        days: int,
    ) -> None:
        self._republisher = republisher
        self._pool = pool
        self._source = source
        self._centre = centre
        self._make_producer = make_producer
        self._producer: AIOKafkaProducer | None = None
        self._pulse = pulse
        self._poll_seconds = poll_seconds
        self._days = days
        self._alarm = Alarm()
        self._deleted = 0
        self._most = BATCH
        self._next_turn = 0.0
        self._next_ask = 0.0

    def wake(self) -> None:
        """Have it look at once."""
        self._alarm.ring()

    async def run(self, stopping: asyncio.Event, term: int) -> None:
        """Relay in a term of leadership until `stopping`, then until the outbox is empty, Kafka is away or
        DRAIN_SECONDS are over."""
        deadline, pause = float("inf"), RETRY_SECONDS
        while time.monotonic() < deadline:
            last_round = stopping.is_set()
            if last_round and deadline == float("inf"):
                deadline = time.monotonic() + DRAIN_SECONDS
            least, longest = REST_SECONDS, self._poll_seconds
            self._alarm.reset()
            try:
                moved = await self.move(term)
                self._pulse.beat()
                pause = RETRY_SECONDS
            except Exception as error:
                self._pulse.fail(type(error).__name__)
                log.warning("relay_failed", error=str(error), kind=type(error).__name__)
                await self._drop_producer()
                if last_round:
                    break
                moved, least, longest = 0, pause, pause
                pause = min(2 * pause, LONGEST_PAUSE)
            if last_round and not moved:
                break
            if moved < SMALL_BATCH:
                await self._alarm.wait(stopping, least, least if moved else longest)
        await self._drop_producer()

    async def move(self, term: int) -> int:
        """Send the oldest events and take them out of the outbox once they are acknowledged; gives how many left it."""
        async with self._pool.acquire(timeout=CONNECT_SECONDS) as conn:
            await self._turn_over(conn)
            if again := await self._republish(conn, term):
                return again
            rows: Sequence[asyncpg.Record] = ()
            errors: dict[int, BaseException] = {}
            try:
                async with conn.transaction():
                    rows = await sending.take(conn, term, self._most, keep=self._days > 0)
                    errors = await self._send([row for row in rows if not row["parked"]])
                    if errors:
                        raise _NotAllSent
            except _NotAllSent:
                await self._drop_producer()
                return await self._after(conn, term, rows, errors)
            self._most = min(2 * self._most, BATCH)
            await self._vacuum(conn, len(rows))
        return len(rows)

    async def _after(
        self, conn: Connection, term: int, rows: Sequence[asyncpg.Record], errors: dict[int, BaseException]
    ) -> int:
        """Take out what was acknowledged of a batch, and go for what was refused (raises what else went wrong)."""
        acknowledged = [row["id"] for row in rows if not row["parked"] and row["id"] not in errors]
        if acknowledged:
            await sending.take_these(conn, term, acknowledged, keep=self._days > 0)
        refused = [row for row in rows if isinstance(errors.get(row["id"]), REFUSED)]
        if not refused:
            raise next(iter(errors.values()))
        if len(rows) == 1:
            event, reason = refused[0], errors[refused[0]["id"]]
            told = f"{type(reason).__name__}: {reason}"
            await sending.set_aside(conn, term, event, told)
            telemetry.REFUSED_EVENTS.inc()
            log.error("event_refused", topic=event["topic"], type=event["type"], key=event["key"], error=told)
        self._most = max(1, len(rows) // SMALLER)
        return len(acknowledged) + 1

    async def _republish(self, conn: Connection, term: int) -> int:
        """Send again what somebody asked for, before anything else; it is looked for every second."""
        if time.monotonic() < self._next_ask or not await in_term(conn, term):
            return 0
        again = await self._republisher.go_on(conn, self._send)
        if not again:
            self._next_ask = time.monotonic() + ASK_SECONDS
        return again

    async def _turn_over(self, conn: Connection) -> None:
        """See to the partitions of the published events, once an hour, and a minute after it failed."""
        if time.monotonic() < self._next_turn:
            return
        self._next_turn = time.monotonic() + TURN_OVER_SECONDS
        try:
            await published.turn_over(conn, self._days)
        except asyncpg.PostgresError as error:
            self._next_turn = time.monotonic() + TURN_OVER_AGAIN_SECONDS
            log.warning("published_events_not_turned_over", error=str(error), kind=type(error).__name__)

    async def _vacuum(self, conn: Connection, deleted: int) -> None:
        self._deleted += deleted
        if self._deleted >= VACUUM_EVERY:
            # the oldest rows are looked for first: without this, among ever more that are deleted
            await conn.execute("VACUUM (TRUNCATE false) outbox")
            self._deleted = 0

    async def _send(self, rows: Sequence[asyncpg.Record], again_for: Sequence[str] = ()) -> dict[int, BaseException]:
        """Send events and wait for Kafka's word, SEND_SECONDS at the most; gives what went wrong, by the event's id.
        `again_for` names the services for which they are sent again.

        Of a partition all fail behind the first that does: their producer has numbered them.
        """
        sent: dict[int, Future[Any]] = {}
        errors: dict[int, BaseException] = {}
        with suppress(TimeoutError):
            async with asyncio.timeout(SEND_SECONDS):
                for row in rows:
                    try:
                        sent[row["id"]] = await self._hand_over(row, again_for)
                    except REFUSED as error:
                        errors[row["id"]] = error
                        break  # or a later one of its key would overtake it
                if sent:
                    await asyncio.wait(sent.values())
        for row in rows:
            future = sent.get(row["id"])
            if future is not None and future.done():
                if error := future.exception():
                    errors[row["id"]] = error
            elif row["id"] not in errors:
                errors[row["id"]] = TimeoutError(f"Kafka didn't acknowledge it within {SEND_SECONDS:.0f} s")
                if future is not None:
                    future.cancel()
        return errors

    async def _hand_over(self, row: asyncpg.Record, again_for: Sequence[str]) -> "Future[Any]":
        if self._producer is None:
            producer = self._make_producer()
            await producer.start()
            self._producer = producer
        attributes = Attributes(
            id=row["event_id"],
            source=self._source,
            type=row["type"],
            time=row["time"],
            subject=row["key"],
            sequence=row["sequence"],
            correlation_id=row["correlation_id"],
            causation_id=row["causation_id"],
            dataschema=row["dataschema"] or "",
            centre=self._centre,
            traceparent=row["traceparent"] or "",
        )
        headers = to_headers(attributes)
        if again_for:
            headers.append((AGAIN_FOR, ",".join(again_for).encode()))
        return await self._producer.send(row["topic"], row["value"], key=row["key"].encode(), headers=headers)

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
            sending_task: asyncio.Task[None] | None = producer._sender._sender_task  # pyright: ignore[reportPrivateUsage]
            if sending_task is not None:
                sending_task.cancel()
            with suppress(Exception):
                async with asyncio.timeout(5):
                    await producer.client.close()
