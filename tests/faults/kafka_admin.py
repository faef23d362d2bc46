"""What an operator, or an accident, does to topics."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from contracts.topics import Topic

_TO_THE_END = -1
_ALL_KEPT = {"cleanup.policy": "delete", "retention.ms": "-1"}
_LAST_KEPT = {"cleanup.policy": "compact"}


def set_topic(servers: str, topic: Topic, **more: str) -> None:
    """Give a topic its usual settings, and more (by `max_message_bytes` for max.message.bytes)."""
    usual = _LAST_KEPT if topic.compacted else _ALL_KEPT
    settings = {**usual, "min.insync.replicas": "1", **{name.replace("_", "."): more[name] for name in more}}
    _with(servers, lambda admin: admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic.name, settings)]))


def cut_logs(servers: str, topics: Sequence[Topic]) -> None:
    """Delete all records of topics that aren't compacted, as retention or a restore does."""
    records = {
        TopicPartition(topic.name, partition): RecordsToDelete(_TO_THE_END)
        for topic in topics
        for partition in range(topic.partitions)
    }
    _with(servers, lambda admin: admin.delete_records(records))


def _with(servers: str, ask: Callable[[AIOKafkaAdminClient], Awaitable[Any]]) -> None:
    async def run() -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=servers)
        try:
            await admin.start()
            await ask(admin)
        finally:
            await admin.close()

    asyncio.run(run())
