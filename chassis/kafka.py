"""The one factory of Kafka clients: it sets every default that is unsafe, and a test asserts it."""

import ssl
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import (
    MessageSizeTooLargeError,
    PolicyViolationError,
    RecordListTooLargeError,
    RecordTooLargeError,
    UnsupportedForMessageFormatError,
)

from chassis.settings import KafkaSettings, ServiceSettings

MOST_RECORDS = 1000

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


def looker(settings: KafkaSettings) -> AIOKafkaConsumer:
    """Make a consumer of no group, by which a topic is looked at and nothing is read."""
    return AIOKafkaConsumer(**connection(settings), group_id=None, enable_auto_commit=False)


def consumer(settings: ServiceSettings, group: str) -> AIOKafkaConsumer:
    """Make a group consumer whose position is PostgreSQL's business: it never commits by itself."""
    return AIOKafkaConsumer(
        **connection(settings),
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        session_timeout_ms=round(settings.kafka_session_seconds * 1000),
        heartbeat_interval_ms=round(settings.kafka_heartbeat_seconds * 1000),
        max_poll_records=MOST_RECORDS,
        max_poll_interval_ms=300_000,
        fetch_max_wait_ms=round(settings.kafka_fetch_wait_seconds * 1000),
        max_partition_fetch_bytes=2 * 1024 * 1024,
    )
