"""A consumer that has something to read has Kafka gather more of it; one that waits is answered at once."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.protocol.fetch import FetchRequest

from chassis.running.settings import ServiceSettings
from chassis.stream import kafka
from jobplus.stack.local import Stack


def _fetches(consumer: AIOKafkaConsumer, monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Note of each fetch that is sent from now on what it waits for: bytes, and milliseconds."""
    client: Any = consumer._client  # pyright: ignore[reportPrivateUsage]
    asked: list[tuple[int, int]] = []
    send = client.send

    async def noting(node: Any, request: Any, **given: Any) -> Any:
        if isinstance(request, FetchRequest):
            sent: Any = request
            asked.append((sent._min_bytes, sent._max_wait_ms))
        return await send(node, request, **given)

    monkeypatch.setattr(client, "send", noting)
    return asked


async def test_who_reads_has_kafka_gather_more_and_who_waits_is_answered_at_once(
    alone: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = ServiceSettings.model_construct(
        kafka_servers=alone.kafka_servers,
        kafka_security="PLAINTEXT",
        kafka_session_seconds=12.0,
        kafka_heartbeat_seconds=3.0,
        kafka_fetch_wait_seconds=0.1,
    )
    consumer = kafka.consumer(settings, "fetching")
    partition = TopicPartition("jobplus.seekers", 0)
    await consumer.start()
    try:
        consumer.assign([partition])
        consumer.seek(partition, (await consumer.end_offsets([partition]))[partition])
        asked = _fetches(consumer, monkeypatch)
        for busy, waits_for in ((True, (kafka.BUSY_BYTES, kafka.BUSY_WAIT_MS)), (False, (1, 100))):
            kafka.gather(consumer, busy)
            async with asyncio.timeout(30):
                while asked[-1:] != [waits_for]:  # the fetch under way ends, and others follow
                    await consumer.getmany(timeout_ms=50)
    finally:
        await consumer.stop()
