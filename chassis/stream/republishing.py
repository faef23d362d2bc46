"""Published events, sent again by their owner where Kafka has lost them: with the ids and sequences that they had.

Somebody asks, the relay does it: before it sends anything else, so that each key's events stay in order behind the
place where the first was sent again. Each names the services that it is sent again for; no other applies it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
import structlog
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError, KafkaTimeoutError

from chassis.batch.unknown_ids import partition_of
from chassis.database.db import Connection, may_pass
from chassis.stream.kafka import REFUSED, logs_of
from chassis.stream.record import Partition

log = structlog.get_logger()

PAGE = 2000
ENDS_SECONDS = 10.0

Ends = Callable[[str], Awaitable[Mapping[int, int]]]
"""Tells where each of a topic's partitions ends."""

Send = Callable[[Sequence[asyncpg.Record], Sequence[str]], Awaitable[dict[int, BaseException]]]
"""Sends events again for services; gives what went wrong, by the event's id."""

Present = Callable[[Connection], Awaitable[None]]
"""Has the present state of each key of a compacted topic published anew."""


class Republication(NamedTuple):
    """What is asked: events of a topic's partitions born since a moment (None: all that are kept), for services."""

    topic: str
    partitions: tuple[int, ...]
    services: tuple[str, ...]
    since: datetime | None


async def ask(conn: Connection, wanted: Republication) -> int:
    """Have events published again; gives the id by which it is asked about."""
    return int(
        await conn.fetchval(
            "INSERT INTO republication (topic, partitions, services, since) VALUES ($1, $2, $3, $4) RETURNING id",
            wanted.topic,
            list(wanted.partitions),
            list(wanted.services),
            wanted.since,
        )
        or 0
    )


async def told(conn: Connection, republication_id: int) -> Mapping[str, Any] | None:
    """Tell how far it is, None where there is no such one."""
    row = await conn.fetchrow(
        "SELECT id, topic, partitions, services, since, begins, sent, done_at, error FROM republication WHERE id = $1",
        republication_id,
    )
    return None if row is None else dict(row)


async def kept(conn: Connection, topic: str) -> tuple[int, UUID | None]:
    """Give how many events of a topic are kept, and the id of the oldest; None where none is."""
    row = await conn.fetchrow(
        """SELECT count(DISTINCT event_id) AS kept, (array_agg(event_id ORDER BY id))[1] AS oldest
           FROM published_event WHERE topic = $1""",
        topic,
    )
    return (row["kept"], row["oldest"]) if row else (0, None)


class Republisher:
    """Does what was asked, a page at a time. `present` publishes the present state of compacted topics anew."""

    def __init__(self, ends: Ends, present: Mapping[str, Present]) -> None:
        self._ends = ends
        self._present = present

    async def go_on(self, conn: Connection, send: Send) -> int:
        """Send the next page of the oldest request that isn't done; gives how many events that were, 0 where nothing
        is asked (raises what may pass). One that can't be done ends, for nothing else is sent before it."""
        row = await conn.fetchrow("SELECT * FROM republication WHERE done_at IS NULL ORDER BY id LIMIT 1")
        if row is None:
            return 0
        try:
            return await self._go_on_with(conn, row, send)
        except Exception as error:
            if not isinstance(error, REFUSED) and (isinstance(error, KafkaError) or may_pass(error)):
                raise
            log.exception("republication_failed", id=row["id"], topic=row["topic"])
            await _done(conn, row["id"], f"{type(error).__name__}: {error}")
            return 1

    async def _go_on_with(self, conn: Connection, row: asyncpg.Record, send: Send) -> int:
        if row["begins"] is None:
            begins = {str(partition): end for partition, end in (await self._ends(row["topic"])).items()}
            await conn.execute("UPDATE republication SET begins = $2 WHERE id = $1", row["id"], begins)
            log.info("republication_begins", id=row["id"], topic=row["topic"], partitions=row["partitions"])
            return 1
        if row["topic"] in self._present:
            async with conn.transaction():
                await self._present[row["topic"]](conn)
                await _done(conn, row["id"])
            return 1
        page = await _page(conn, row)
        if not page:
            await _done(conn, row["id"])
            log.info("republication_done", id=row["id"], topic=row["topic"], sent=row["sent"])
            return 1
        wanted = [one for one in page if partition_of(one["key"], len(row["begins"])) in row["partitions"]]
        errors = await send(wanted, row["services"])
        if errors:
            raise next((error for error in errors.values() if isinstance(error, REFUSED)), next(iter(errors.values())))
        await conn.execute(
            "UPDATE republication SET last_id = $2, sent = sent + $3 WHERE id = $1",
            row["id"],
            page[-1]["id"],
            len(wanted),
        )
        return len(page)


async def _done(conn: Connection, republication_id: int, error: str | None = None) -> None:
    await conn.execute("UPDATE republication SET done_at = now(), error = $2 WHERE id = $1", republication_id, error)


async def _page(conn: Connection, row: asyncpg.Record) -> list[asyncpg.Record]:
    """Read the next events of a republication. An id that is as old as a moment is a UUIDv7 that begins with it."""
    first = UUID(int=round(row["since"].timestamp() * 1000) << 80) if row["since"] else UUID(int=0)
    return await conn.fetch(
        """SELECT * FROM published_event
           WHERE topic = $1 AND id > $2 AND event_id >= $3 ORDER BY id LIMIT $4""",
        row["topic"],
        -(2**63) if row["last_id"] is None else row["last_id"],
        first,
        PAGE,
    )


async def ends_of(consumer: AIOKafkaConsumer, topic: str) -> Mapping[int, int]:
    """Ask Kafka where a topic's partitions end, by a consumer of no group, which is stopped afterwards."""
    consumer.subscribe([topic])
    async with asyncio.timeout(ENDS_SECONDS):
        await consumer.start()
    try:
        async with asyncio.timeout(ENDS_SECONDS):
            numbers = sorted(consumer.partitions_for_topic(topic) or ())
            if not numbers:
                raise KafkaTimeoutError(f"Kafka tells nothing of {topic}")
            logs = await logs_of(consumer, [Partition(topic, number) for number in numbers])
        return {partition.partition: log.end for partition, log in logs.items()}
    finally:
        await consumer.stop()
