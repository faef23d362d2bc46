"""Reads what the stack published, for tests of what is published."""

import asyncio
from typing import Any

import orjson
from aiokafka import AIOKafkaConsumer, TopicPartition

from jobplus.stack.local import Stack


async def published(stack: Stack, topic: str, key: str, last: str) -> list[tuple[str, dict[str, Any]]]:
    """The events of a key, read from Kafka until one of the type `last` comes."""
    kafka = AIOKafkaConsumer(bootstrap_servers=stack.kafka_servers, auto_offset_reset="earliest")
    await kafka.start()
    try:
        kafka.assign([TopicPartition(topic, partition) for partition in range(12)])
        found: list[tuple[str, dict[str, Any]]] = []
        async with asyncio.timeout(30):
            async for record in kafka:
                if record.key == key.encode():
                    name = dict(record.headers)["ce_type"].decode().removeprefix("jobplus.")
                    found.append((name, orjson.loads(record.value)))
                    if name == last:
                        return found
        raise AssertionError("Kafka ended")
    finally:
        await kafka.stop()
