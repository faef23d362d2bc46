"""The one factory of Kafka clients: it sets every default that is unsafe, and a test asserts it."""

import asyncio
import ssl
from collections.abc import Iterable, Mapping
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import (
    MessageSizeTooLargeError,
    NoOffsetForPartitionError,
    OffsetOutOfRangeError,
    PolicyViolationError,
    RecordListTooLargeError,
    RecordTooLargeError,
    UnsupportedForMessageFormatError,
)

from chassis.running.settings import KafkaSettings, ServiceSettings
from chassis.stream.history import Log
from chassis.stream.record import Partition

MOST_RECORDS = 1000
BUSY_BYTES = 64 * 1024
BUSY_WAIT_MS = 60
METADATA_SECONDS = 10
"""So soon a consumer sees that a topic it listens to was made, also anew."""
NO_POSITION = (NoOffsetForPartitionError, OffsetOutOfRangeError)
"""What a consumer raises where Kafka has no record at a partition's position: see `without_position`."""

REFUSED = (
    MessageSizeTooLargeError,
    PolicyViolationError,
    RecordListTooLargeError,
    RecordTooLargeError,
    UnsupportedForMessageFormatError,
)
"""What Kafka says of a record, or of the batch that it is in, and says again however often it is sent. That its time is
wrong it says because of a clock, and that passes."""


def connection(settings: KafkaSettings) -> dict[str, Any]:
    """Give what every client needs to connect."""
    given: dict[str, Any] = {
        "bootstrap_servers": settings.kafka_servers.split(","),
        "security_protocol": settings.kafka_security,
    }
    if settings.kafka_security != "PLAINTEXT":
        cafile = str(settings.kafka_ca_file) if settings.kafka_ca_file else None
        given["ssl_context"] = ssl.create_default_context(cafile=cafile)
    if settings.kafka_security == "SASL_SSL" and settings.kafka_password_file:
        given["sasl_mechanism"] = "SCRAM-SHA-512"
        given["sasl_plain_username"] = settings.kafka_user
        given["sasl_plain_password"] = settings.kafka_password_file.read_text().strip()
    return given


def producer(settings: KafkaSettings) -> AIOKafkaProducer:
    """Make an idempotent producer that waits for every replica in sync."""
    return AIOKafkaProducer(
        **connection(settings),
        enable_idempotence=True,
        acks="all",
        linger_ms=2,
        max_batch_size=256 * 1024,
        max_request_size=1_048_576,
        compression_type="lz4",
        request_timeout_ms=20_000,
    )


def consumer(settings: ServiceSettings, group: str) -> AIOKafkaConsumer:
    """Make a group consumer whose position is PostgreSQL's business: it never commits by itself, and where Kafka
    doesn't hold its position it raises NO_POSITION instead of reading on from elsewhere."""
    return AIOKafkaConsumer(
        **connection(settings),
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="none",
        metadata_max_age_ms=METADATA_SECONDS * 1000,
        session_timeout_ms=round(settings.kafka_session_seconds * 1000),
        heartbeat_interval_ms=round(settings.kafka_heartbeat_seconds * 1000),
        max_poll_records=MOST_RECORDS,
        max_poll_interval_ms=300_000,
        fetch_max_wait_ms=round(settings.kafka_fetch_wait_seconds * 1000),
        max_partition_fetch_bytes=2 * 1024 * 1024,
    )


def gather(consumer: AIOKafkaConsumer, busy: bool) -> None:
    """Say how a consumer is to fetch from now on. While there is something to read, Kafka answers once BUSY_BYTES are
    there or BUSY_WAIT_MS are over: fewer, larger batches, of which each costs more than what is in it. Otherwise it
    answers at once, or when the fetch has waited its time."""
    made: Any = consumer
    longest: int = made._fetch_max_wait_ms
    # aiokafka takes both as a consumer is made, and reads them at each fetch
    made._fetcher._fetch_min_bytes = BUSY_BYTES if busy else 1
    made._fetcher._fetch_max_wait_ms = min(BUSY_WAIT_MS, longest) if busy else longest


def reader(settings: ServiceSettings) -> AIOKafkaConsumer:
    """Make a consumer that belongs to no group, and looks at what stands where."""
    return AIOKafkaConsumer(
        **connection(settings), group_id=None, enable_auto_commit=False, auto_offset_reset="none", max_poll_records=1
    )


async def logs_of(consumer: AIOKafkaConsumer, partitions: Iterable[Partition]) -> dict[Partition, Log]:
    """Ask the broker where partitions' logs begin and end: what the last fetch said may be older."""
    asked = [TopicPartition(*partition) for partition in partitions]
    # at once: each waits for the fetch that is under way on the connection
    starts, ends = await asyncio.gather(consumer.beginning_offsets(asked), consumer.end_offsets(asked))
    return {Partition(tp.topic, tp.partition): Log(starts[tp], ends[tp]) for tp in asked}


async def logs_beyond(consumer: AIOKafkaConsumer, unread: Mapping[Partition, int]) -> dict[Partition, Log]:
    """Ask the broker where partitions' logs end, and where those begin that go on beyond the first offset that was not
    read. Of one that doesn't nothing is left to read that could be gone: it is told as if it began at its end. That is
    all there is with nothing to do, and half of what looking costs."""
    ends = await consumer.end_offsets([TopicPartition(*partition) for partition in unread])
    beyond = [
        TopicPartition(*partition) for partition, offset in unread.items() if ends[TopicPartition(*partition)] > offset
    ]
    starts = await consumer.beginning_offsets(beyond) if beyond else {}
    return {Partition(tp.topic, tp.partition): Log(starts.get(tp, end), end) for tp, end in ends.items()}


def without_position(error: Exception) -> Partition:
    """Tell of which partition a NO_POSITION speaks."""
    (said,) = error.args  # aiokafka gives the partition, or a dict of it and the offset
    topic_partition = said if isinstance(said, TopicPartition) else next(iter(said))
    return Partition(topic_partition.topic, topic_partition.partition)
