"""A look at where partitions end asks for no more than it needs."""

import asyncio
from collections.abc import Sequence

import pytest
from aiokafka import TopicPartition

from chassis.running.settings import ServiceSettings
from chassis.stream import kafka
from chassis.stream.history import Log
from chassis.stream.record import Partition
from contracts.topics import FIRMS
from jobplus.stack.local import Stack
from tests.kit.topics import Topics
from tests.matching.workers.test_lost_history import firms


def test_where_a_log_begins_is_asked_of_those_alone_that_go_on_beyond_what_was_read(
    alone: Stack, topics: Topics, monkeypatch: pytest.MonkeyPatch
) -> None:
    topics.make_anew(FIRMS)
    topics.write(firms(topics))
    topics.cut(FIRMS)
    topics.write(firms(topics))
    first, second = Partition(FIRMS.name, 0), Partition(FIRMS.name, 1)

    async def looks() -> None:
        consumer = kafka.reader(
            ServiceSettings.model_construct(kafka_servers=alone.kafka_servers, kafka_security="PLAINTEXT")
        )
        asked: list[TopicPartition] = []
        begin = consumer.beginning_offsets

        async def noting(partitions: Sequence[TopicPartition]) -> dict[TopicPartition, int]:
            asked.extend(partitions)
            return await begin(partitions)

        monkeypatch.setattr(consumer, "beginning_offsets", noting)
        async with consumer:
            assert await kafka.logs_beyond(consumer, {first: 8, second: 7}) == {first: Log(8, 8), second: Log(4, 8)}
            assert asked == [TopicPartition(*second)]
            assert await kafka.logs_beyond(consumer, {first: 9}) == {first: Log(8, 8)}

    asyncio.run(looks())
