"""Makes the topics: here for the local stack, and as a one-shot job in a deployment."""

import asyncio
import logging
import time
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Protocol

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, NoError, TopicAlreadyExistsError, for_code

from jobplus.stack.errors import StackFailed

# A broker that is starting refuses connections: that is waited for, and no line in a log.
logging.getLogger("aiokafka").addHandler(logging.NullHandler())

_REQUEST_MILLISECONDS = 10_000
_DAY_MILLISECONDS = 86_400_000


class Topic(Protocol):
    """What a topic needs to be made."""

    @property
    def name(self) -> str:
        """Its full name in Kafka."""
        ...

    @property
    def partitions(self) -> int:
        """Into how many it is split; never changed, since that would break the order of its keys."""
        ...

    @property
    def compacted(self) -> bool:
        """Whether only the last record of each key is kept; otherwise all are, for ever."""
        ...

    @property
    def tombstone_days(self) -> int:
        """For how many days a compacted topic keeps a record that removes a key."""
        ...


def make_topics(
    servers: str,
    topics: Iterable[Topic],
    *,
    replication: int = 1,
    seconds: float = 60,
    security: Mapping[str, Any] = MappingProxyType({}),
) -> list[str]:
    """Make those topics that don't exist yet, waiting for Kafka for at most `seconds`; returns their names.

    `servers` is `host:port,...`; `security` is what else a client must be given to connect. Raises StackFailed
    when Kafka isn't there in time, refuses a topic, or has one with other partitions or another retention.
    """
    return asyncio.run(_make(servers, list(topics), replication, seconds, security))


def broker_unready_because(servers: str) -> str | None:
    """Why Kafka doesn't answer a client; None when it does."""

    async def ask() -> str | None:
        client = _client(servers, {})
        try:
            await client.start()
        except (KafkaError, OSError) as error:
            return f"no answer on {servers}: {error or type(error).__name__}"
        finally:
            await client.close()
        return None

    return asyncio.run(ask())


def _client(servers: str, security: Mapping[str, Any]) -> AIOKafkaAdminClient:
    given: dict[str, Any] = {**security, "bootstrap_servers": servers, "request_timeout_ms": _REQUEST_MILLISECONDS}
    return AIOKafkaAdminClient(**given)


async def _make(
    servers: str, topics: Collection[Topic], replication: int, seconds: float, security: Mapping[str, Any]
) -> list[str]:
    deadline = time.monotonic() + seconds
    while True:
        try:
            return await _once(servers, topics, replication, security)
        except (KafkaError, OSError) as error:
            # One that is starting refuses or lets wait; what it has made by then is found there the next time.
            if time.monotonic() > deadline:
                raise StackFailed(
                    f"no Kafka on {servers} made the topics within {seconds:.0f} s: is it running there? ({error})"
                ) from error
        await asyncio.sleep(0.1)


async def _once(servers: str, topics: Collection[Topic], replication: int, security: Mapping[str, Any]) -> list[str]:
    client = _client(servers, security)
    try:
        await client.start()
        present = set(await client.list_topics())
        missing = [topic for topic in topics if topic.name not in present]
        await _create(client, missing, replication)
        existing = [topic for topic in topics if topic.name in present]
        await _refuse_other_partitions(client, existing)
        await _refuse_other_retention(client, existing)
    finally:
        await client.close()
    return [topic.name for topic in missing]


async def _create(client: AIOKafkaAdminClient, topics: Collection[Topic], replication: int) -> None:
    if not topics:
        return
    answer = await client.create_topics(
        [
            NewTopic(topic.name, topic.partitions, replication, topic_configs=_settings(topic, replication))
            for topic in topics
        ]
    )
    for failed in answer.to_object()["topic_errors"]:
        error = for_code(failed["error_code"])
        # Two that make the topics at once are no failure: they are there afterwards.
        if error not in {NoError, TopicAlreadyExistsError}:
            said = failed.get("error_message") or error.__name__
            raise StackFailed(f"Kafka refused the topic {failed['topic']}: {said}")


def _retention(topic: Topic) -> dict[str, str]:
    if topic.compacted:
        return {"cleanup.policy": "compact", "delete.retention.ms": str(topic.tombstone_days * _DAY_MILLISECONDS)}
    return {"cleanup.policy": "delete", "retention.ms": "-1"}


def _settings(topic: Topic, replication: int) -> dict[str, str]:
    # One copy may be away without stopping the producers, and an acknowledged record is on two. Kafka's own clock dates
    # the records, or it would refuse those of a relay whose clock is an hour ahead.
    in_sync = "2" if replication > 2 else "1"
    return {**_retention(topic), "min.insync.replicas": in_sync, "message.timestamp.type": "LogAppendTime"}


async def _refuse_other_partitions(client: AIOKafkaAdminClient, topics: Collection[Topic]) -> None:
    if not topics:
        return
    wanted = {topic.name: topic.partitions for topic in topics}
    for described in await client.describe_topics(list(wanted)):
        found = len(described["partitions"])
        if found != wanted[described["topic"]]:
            raise StackFailed(
                f"topic {described['topic']} has {found} partitions instead of {wanted[described['topic']]}, "
                "which can't be changed without breaking the order of its keys: use an empty Kafka"
            )


async def _refuse_other_retention(client: AIOKafkaAdminClient, topics: Collection[Topic]) -> None:
    """A topic that somebody made with Kafka's defaults would lose its records after a week, unseen."""
    for topic in topics:
        wanted = _retention(topic)
        asked = ConfigResource(ConfigResourceType.TOPIC, topic.name, dict(wanted))
        for answer in await client.describe_configs([asked]):
            for resource in answer.to_object()["resources"]:
                found = {entry["config_names"]: entry["config_value"] for entry in resource["config_entries"]}
                if found != wanted:
                    raise StackFailed(
                        f"topic {topic.name} has {found} instead of {wanted}: set that, or use an empty Kafka"
                    )
