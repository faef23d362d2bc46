"""What an operator, or an accident, does to topics."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from contracts.topics import Topic

_DAY_MILLISECONDS = 24 * 3600 * 1000


def set_topic(servers: str, topic: Topic, **more: str) -> None:
    """Give a topic its usual settings, and more (by `max_message_bytes` for max.message.bytes)."""
    tombstones = str(topic.tombstone_days * _DAY_MILLISECONDS)
    kept = {"cleanup.policy": "delete", "retention.ms": "-1"}
    last_kept = {"cleanup.policy": "compact", "delete.retention.ms": tombstones}
    usual = last_kept if topic.compacted else kept
    settings = {**usual, "min.insync.replicas": "1", **{name.replace("_", "."): more[name] for name in more}}
    _with(servers, lambda admin: admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic.name, settings)]))


def _with(servers: str, ask: Callable[[AIOKafkaAdminClient], Awaitable[Any]]) -> None:
    async def run() -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=servers)
        try:
            await admin.start()
            await ask(admin)
        finally:
            await admin.close()

    asyncio.run(run())
