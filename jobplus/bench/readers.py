"""What reporting's worker is measured against: `python -m jobplus.bench.readers NAME GROUP`.

All read the topics of facts from their beginning. Three keep a ledger, a counter by type and day, and their offsets in
one transaction of reporting's PostgreSQL, over one connection. FastStream commits nothing to Kafka and writes no log,
so that it does what the first does. Faust's tables count by type in memory, and in their changelogs in Kafka, by its
usual settings. None checks an event's form, its order or its number, or would see what it missed.
"""

import sys
from collections import Counter
from collections.abc import AsyncIterable, Callable, Sequence
from datetime import date
from typing import Any, NamedTuple, cast
from uuid import UUID

import asyncpg
import faust
import orjson
import uvloop
from aiokafka import AIOKafkaConsumer, ConsumerRecord
from faststream import AckPolicy, FastStream
from faststream.kafka import KafkaBroker, KafkaMessage

from chassis.database import db
from chassis.running.settings import read
from chassis.stream import kafka
from jobplus.bench.history import FACTS
from services.reporting.settings import ReportingSettings

Record = ConsumerRecord[bytes, bytes]

BATCH = 1_000
"""Records of a batch at the most, as reporting's worker takes them."""

TABLES = """
DROP TABLE IF EXISTS peer_ledger, peer_counter, peer_offset;
CREATE TABLE peer_ledger (event_id uuid PRIMARY KEY, type text, occurred_on date, data bytea);
CREATE TABLE peer_counter (type text, occurred_on date, amount bigint, PRIMARY KEY (type, occurred_on));
CREATE TABLE peer_offset (topic text, partition int, next_offset bigint, PRIMARY KEY (topic, partition));
"""
"""What they keep it in; made anew for each turn, before it begins."""


class Told(NamedTuple):
    """What is kept of an event."""

    event_id: UUID
    type: str
    occurred_on: date
    data: bytes


def told(record: Record, event: Any) -> Told:
    headers = dict(record.headers)
    return Told(
        UUID(headers["ce_id"].decode()),
        headers["ce_type"].decode(),
        date.fromisoformat(event["occurred_on"]),
        record.value or b"",
    )


async def keep_one(conn: db.Connection, record: Record, event: Any) -> None:
    """Keep an event in a transaction of its own."""
    one = told(record, event)
    async with conn.transaction():
        if await conn.fetchval(
            "INSERT INTO peer_ledger VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING true", *one
        ):
            await conn.execute(
                """INSERT INTO peer_counter AS c VALUES ($1, $2, 1)
                   ON CONFLICT (type, occurred_on) DO UPDATE SET amount = c.amount + 1""",
                one.type,
                one.occurred_on,
            )
        await conn.execute(
            """INSERT INTO peer_offset VALUES ($1, $2, $3)
               ON CONFLICT (topic, partition) DO UPDATE SET next_offset = excluded.next_offset""",
            record.topic,
            record.partition,
            record.offset + 1,
        )


async def keep_many(conn: db.Connection, records: Sequence[Record], events: Sequence[Any]) -> None:
    """Keep a batch of events in one transaction, by three statements."""
    ones = [told(record, event) for record, event in zip(records, events, strict=True)]
    by_id = {one.event_id: one for one in ones}
    offsets = {(record.topic, record.partition): record.offset + 1 for record in records}
    async with conn.transaction():
        new = await conn.fetch(
            """INSERT INTO peer_ledger SELECT * FROM unnest($1::uuid[], $2::text[], $3::date[], $4::bytea[])
               ON CONFLICT DO NOTHING RETURNING event_id""",
            *db.columns(list(by_id.values()), 4),
        )
        counted = Counter((one.type, one.occurred_on) for row in new for one in [by_id[row["event_id"]]])
        await conn.execute(
            """INSERT INTO peer_counter AS c SELECT * FROM unnest($1::text[], $2::date[], $3::bigint[])
               ON CONFLICT (type, occurred_on) DO UPDATE SET amount = c.amount + excluded.amount""",
            *db.columns([(*of, amount) for of, amount in counted.items()], 3),
        )
        await conn.execute(
            """INSERT INTO peer_offset SELECT * FROM unnest($1::text[], $2::int[], $3::bigint[])
               ON CONFLICT (topic, partition) DO UPDATE SET next_offset = excluded.next_offset""",
            *db.columns([(*of, offset) for of, offset in offsets.items()], 3),
        )


async def one_at_a_time(settings: ReportingSettings, conn: db.Connection, group: str) -> None:
    """What one would write first, with aiokafka and asyncpg."""
    consumer = AIOKafkaConsumer(
        *FACTS,
        **kafka.connection(settings),
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    async for record in consumer:
        await keep_one(conn, record, orjson.loads(record.value or b""))


async def faststream(settings: ReportingSettings, conn: db.Connection, group: str) -> None:
    """FastStream's subscriber, which is handed one event at a time."""
    broker = KafkaBroker(settings.kafka_servers, logger=None)

    @broker.subscriber(*FACTS, group_id=group, auto_offset_reset="earliest", ack_policy=AckPolicy.MANUAL)
    async def keep(event: dict[str, Any], message: KafkaMessage) -> None:
        await keep_one(conn, cast(Record, message.raw_message), event)

    await FastStream(broker, logger=None).run()


async def faststream_batch(settings: ReportingSettings, conn: db.Connection, group: str) -> None:
    """FastStream's subscriber with `batch=True`, as large as ours."""
    broker = KafkaBroker(settings.kafka_servers, logger=None)

    @broker.subscriber(
        *FACTS,
        group_id=group,
        auto_offset_reset="earliest",
        ack_policy=AckPolicy.MANUAL,
        batch=True,
        max_records=BATCH,
    )
    async def keep(events: list[dict[str, Any]], message: KafkaMessage) -> None:
        await keep_many(conn, cast(Sequence[Record], message.raw_message), events)

    await FastStream(broker, logger=None).run()


def changelogs(group: str) -> dict[str, int]:
    """Give the topics in which faust keeps its tables, with their partitions."""
    return {f"{group}-{_counts(partitions)}-changelog": partitions for partitions in set(FACTS.values())}


def _counts(partitions: int) -> str:
    return f"counts-{partitions}"


def faust_table(settings: ReportingSettings, group: str) -> faust.App:
    """Tables of faust that count by type: one for the topics of as many partitions, which a changelog must have too."""
    app = faust.App(group, broker=f"kafka://{settings.kafka_servers}", store="memory://", web_enabled=False)
    for partitions in set(FACTS.values()):
        topics = [topic for topic, of_it in FACTS.items() if of_it == partitions]
        _count(app, topics, app.Table(_counts(partitions), default=int, partitions=partitions))
    return app


def _count(app: faust.App, topics: Sequence[str], counts: Any) -> None:
    source = app.topic(*topics, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")

    async def count(stream: AsyncIterable[Any]) -> None:
        async for event in cast(Any, stream).events():
            counts[event.headers["ce_type"].decode()] += 1

    app.agent(source, name=f"count-{counts.name}")(count)


READERS: dict[str, Callable[[ReportingSettings, db.Connection, str], Any]] = {
    "one_at_a_time": one_at_a_time,
    "faststream": faststream,
    "faststream_batch": faststream_batch,
}
FAUST = "faust_table"
PEERS = (*READERS, FAUST)


async def main(name: str, group: str) -> None:
    settings = read(ReportingSettings)
    conn = await asyncpg.connect(**db.connect_arguments(settings))
    await READERS[name](settings, conn, group)


if __name__ == "__main__":
    if sys.argv[1] == FAUST:
        faust.Worker(faust_table(read(ReportingSettings), sys.argv[2]), loglevel="warning").execute_from_commandline()
    else:
        uvloop.run(main(*sys.argv[1:]))
