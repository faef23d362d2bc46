"""A stack's Kafka: events are written as a relay writes them, and topics are read from their beginning, each event
once. Topics can be cut and emptied as by an accident.

One producer, and one consumer a topic, are kept until the end. They are asked by plain code like everything else: their
loop is their own and runs only meanwhile, so that nothing of them stirs in a test that doesn't ask.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Sequence
from functools import cached_property
from typing import Any, Self, TypeVar
from uuid import UUID

import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete

from chassis.stream.cloudevents import from_record
from contracts import decode
from contracts.event import Event
from contracts.topics import Topic
from jobplus.stack.local import Stack
from tests.kit.records import Record, Sources
from tests.kit.threads import begin
from tests.kit.waiting import until

SECONDS = 120.0
"""For one writing or reading: longer than Kafka needs to come back."""
FETCH_MILLISECONDS = 5
LONGEST_REST_MILLISECONDS = 3_600_000

Given = TypeVar("Given")


class Published:
    """An event as it stands on a topic."""

    def __init__(self, record: Any) -> None:
        self._record = record
        self.attributes, self._data = from_record(record.headers, record.key, record.value)
        attributes = self.attributes
        self.event_id: UUID = attributes.id
        self.type = attributes.type
        self.sequence = attributes.sequence
        self.key: str = record.key.decode()

    @property
    def name(self) -> str:
        """Its type within this project, as `Placed`."""
        return self.type.removeprefix("jobplus.")

    @cached_property
    def data(self) -> dict[str, Any]:
        """What was written of it, as JSON; nothing in a tombstone."""
        return orjson.loads(self._data) if self._data else {}

    @cached_property
    def event(self) -> Any:
        """The typed event."""
        return decode(self.type, self._record.topic, self.key, self._data)

    @property
    def written(self) -> bytes:
        """All that was written of it: headers, key and value."""
        record = self._record
        return b"\n".join([*(value for _, value in record.headers), record.key, record.value or b""])


class Topics:
    """The topics of a stack while it runs: `with Topics(stack) as topics`. One asks after the other."""

    def __init__(self, stack: Stack) -> None:
        self.sources = Sources()
        self._stack = stack
        self._servers = stack.kafka_servers
        self._loop = asyncio.new_event_loop()
        self._one_at_a_time = threading.Lock()
        self._producer: AIOKafkaProducer | None = None
        self._readers: dict[str, _Reader] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._stop())
        self._loop.close()

    def publish(self, events: Sequence[Event], *, ids: Sequence[UUID] | None = None) -> list[Any]:
        """Write events, under these ids where given; gives where each stands (topic, partition, offset)."""
        given = ids or [None] * len(events)
        return self.write(
            [self.sources.record(event, event_id=event_id) for event, event_id in zip(events, given, strict=True)]
        )

    def write(self, records: Sequence[Record]) -> list[Any]:
        """Write records in order, whatever is in them; gives where each stands, once Kafka has them all."""
        return self._run(self._write(records))

    def read(self, topic: Topic) -> Sequence[Published]:
        """Give all that stands on a topic now, each partition in order; what was read before isn't read again."""
        reader = self._readers.setdefault(topic.name, _Reader(topic, self._servers))
        self._run(reader.catch_up())
        return reader.found

    def cut(self, topic: Topic) -> None:
        """Have Kafka delete all that stands on a topic that isn't compacted: its log begins where it ended."""
        self._run(
            self._administer(
                lambda kafka: kafka.delete_records(
                    {TopicPartition(topic.name, number): RecordsToDelete(-1) for number in range(topic.partitions)}
                )
            )
        )

    def make_anew(self, topic: Topic) -> None:
        """Delete a topic and make it again, empty."""
        self._run(self._administer(lambda kafka: kafka.delete_topics([topic.name])))
        until(lambda: self._stack.make_topics([topic]), f"{topic.name} is made anew", holds=bool)

    def _run(self, asked: Coroutine[Any, Any, Given]) -> Given:
        # In a thread, as the one that asks may be running a loop itself.
        with self._one_at_a_time:
            return begin(lambda: self._loop.run_until_complete(asyncio.wait_for(asked, SECONDS))).result()

    async def _administer(self, ask: Callable[[AIOKafkaAdminClient], Coroutine[Any, Any, Any]]) -> None:
        kafka = AIOKafkaAdminClient(bootstrap_servers=self._servers)
        await kafka.start()
        try:
            await ask(kafka)
        finally:
            await kafka.close()

    async def _write(self, records: Sequence[Record]) -> list[Any]:
        if self._producer is None:
            self._producer = AIOKafkaProducer(
                bootstrap_servers=self._servers, enable_idempotence=True, acks="all", linger_ms=2
            )
            await self._producer.start()
        sent = [
            await self._producer.send(record.topic, record.value, key=record.key, headers=record.headers)
            for record in records
        ]
        return [await one for one in sent]

    async def _stop(self) -> None:
        if self._producer is not None:
            await self._producer.stop()
        for reader in self._readers.values():
            await reader.stop()


class _Reader:
    """What was read of a topic, and the consumer that stands where it goes on."""

    def __init__(self, topic: Topic, servers: str) -> None:
        self.found: list[Published] = []
        self._servers = servers
        self._partitions = [TopicPartition(topic.name, number) for number in range(topic.partitions)]
        self._consumer: AIOKafkaConsumer | None = None

    async def catch_up(self) -> None:
        if self._consumer is None:
            # Kafka answers a connection's questions in turn, so where a topic ends is told after a fetch has been.
            # While nobody asks, the loop stands still: the fetch under way must not count as failed by then, for a
            # stop that comes upon one which is to be tried again breaks off (aiokafka 0.14, Fetcher.close).
            self._consumer = AIOKafkaConsumer(
                bootstrap_servers=self._servers,
                enable_auto_commit=False,
                fetch_max_wait_ms=FETCH_MILLISECONDS,
                request_timeout_ms=LONGEST_REST_MILLISECONDS,
            )
            await self._consumer.start()
            self._consumer.assign(self._partitions)
            await self._consumer.seek_to_beginning(*self._partitions)
        ends: dict[TopicPartition, int] = await self._consumer.end_offsets(self._partitions)
        while [one for one in self._partitions if await self._consumer.position(one) < ends[one]]:
            batches: dict[TopicPartition, list[Any]] = await self._consumer.getmany(timeout_ms=200)
            self.found += [Published(record) for records in batches.values() for record in records]

    async def stop(self) -> None:
        if self._consumer is not None:
            await self._consumer.stop()
