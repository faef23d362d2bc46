"""Reads what the employment centre publishes into the office's tables, each event once.

    python subscriber.py CREDENTIALS DATABASE

Where it has read to stands in the same database as what it has read, and both are written in one transaction. So it may
be killed at any moment: it goes on where the last transaction ended. Kafka is told nothing, and no group is needed.
"""

import asyncio
import json
import signal
import sqlite3
import ssl
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from jobplus_contracts import Undecodable, UnknownType, decode
from office import apply, opened

Records = Mapping[TopicPartition, Iterable[ConsumerRecord]]


def connected(credentials: Mapping[str, Any]) -> AIOKafkaConsumer:
    """Make a consumer of all that was granted, by the file that the centre handed over."""
    return AIOKafkaConsumer(
        *credentials["topics"],
        bootstrap_servers=credentials["bootstrap_servers"],
        security_protocol=credentials["security_protocol"],
        sasl_mechanism=credentials["sasl_mechanism"],
        sasl_plain_username=credentials["username"],
        sasl_plain_password=credentials["password"],
        ssl_context=ssl.create_default_context(cadata=credentials["ca_pem"]),
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )


def begin_where_it_ended(consumer: AIOKafkaConsumer, office: sqlite3.Connection) -> None:
    """Go to where the last transaction ended; a partition that was never read begins with its first record."""
    for topic, partition, following in office.execute("SELECT topic, partition, next FROM position"):
        if (place := TopicPartition(topic, partition)) in consumer.assignment():
            consumer.seek(place, following)


def take_in(office: sqlite3.Connection, batch: Records) -> None:
    """Apply what came and keep where it ended, all or nothing."""
    office.execute("BEGIN IMMEDIATE")
    try:
        for place, records in batch.items():
            for record in records:
                take(office, record)
            office.execute(
                "INSERT INTO position VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET next = excluded.next",
                (place.topic, place.partition, record.offset + 1),
            )
        office.execute("COMMIT")
    except BaseException:
        office.execute("ROLLBACK")
        raise


def take(office: sqlite3.Connection, record: ConsumerRecord) -> None:
    """Apply a record, unless it has come before or is of a type that isn't known here (raises Undecodable)."""
    headers = {name: content.decode() for name, content in record.headers}
    if office.execute("INSERT OR IGNORE INTO known VALUES (?)", (headers["ce_id"],)).rowcount == 0:
        return
    try:
        event = decode(headers["ce_type"], record.topic, record.key.decode(), record.value)
    except UnknownType:
        return
    except Undecodable as error:
        raise Undecodable(f"{record.topic} {record.partition} at {record.offset}: {error}") from error
    try:
        apply(office, event, int(headers["ce_sequence"]))
    except sqlite3.IntegrityError:
        told = f"{record.topic} tells number {headers['ce_sequence']} of {event.key} twice, as different events"
        sys.exit(f"{told}: the centre was restored from a backup. Ask its operators before you go on.")


async def read(credentials: Mapping[str, Any], office: sqlite3.Connection) -> None:
    """Read until it is ended."""
    consumer = connected(credentials)
    try:
        await consumer.start()
        begin_where_it_ended(consumer, office)
        print("reading", flush=True)
        while True:
            if batch := await consumer.getmany(timeout_ms=1000, max_records=500):
                take_in(office, batch)
    finally:
        await consumer.stop()


async def main(credentials: Mapping[str, Any], office: sqlite3.Connection) -> None:
    """Read, and end orderly when it is asked to."""
    reading = asyncio.ensure_future(read(credentials, office))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, reading.cancel)
    try:
        await reading
    except asyncio.CancelledError:
        print("ended", flush=True)
    except KafkaError as error:
        sys.exit(f"Kafka doesn't let us read: {error}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    asyncio.run(main(json.loads(Path(sys.argv[1]).read_text()), opened(Path(sys.argv[2]))))
