"""The plain consumer: reads a service's topics with aiokafka and hands whole batches to `RecordBatches`.

Kafka's own committed offsets are for lag tools only. On assignment the consumer seeks to where PostgreSQL stands
and reads the record applied last once more: a missing or different one means that Kafka was emptied or restored,
and the consumer stops with one clear line instead of skipping.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError

from chassis import telemetry
from chassis.cloudevents import MalformedEvent, from_record
from chassis.db import AWAY, CONFLICTS
from chassis.record import Record
from chassis.record_batch import LONGEST_PAUSE, HistoryLost, Partition, RecordBatches
from chassis.telemetry import Pulse

log = structlog.get_logger()

POLL_MS = 200
SMALL_BATCH = 200
REST_SECONDS = 0.03
"""After a small batch a consumer rests so long, for the next to be larger: a transaction costs more than a record."""
COMMIT_SECONDS = 1.0
LONGEST_LOOK = 10.0
"""A look or an end that takes longer is given up: aiokafka may wait for ever once its broker went away."""

MakeConsumer = Callable[[], AIOKafkaConsumer]


class Verification:
    """Compares the first record read of each partition with the one applied last."""

    def __init__(self, compacted: frozenset[str]) -> None:
        self._compacted = compacted
        self._expected: dict[Partition, tuple[int, UUID]] = {}

    def expect(self, partition: Partition, offset: int, event_id: UUID | None) -> None:
        self._expected.pop(partition, None)
        if event_id is not None:
            self._expected[partition] = (offset, event_id)

    def ends(self, ends: Mapping[Partition, int]) -> None:
        """Raise HistoryLost where a partition ends before the record that was applied last."""
        for partition, (offset, _) in self._expected.items():
            if partition in ends and ends[partition] <= offset:
                raise HistoryLost(
                    f"{partition.topic}/{partition.partition} ends at {ends[partition]}, but offset {offset} was "
                    "applied: Kafka was emptied or restored; rebuild this service or restore Kafka"
                )

    def check(self, record: Record) -> None:
        """Raise HistoryLost when this, the first record of its partition, isn't the one applied last."""
        expected = self._expected.pop(Partition(record.topic, record.partition), None)
        if expected is None:
            return
        offset, event_id = expected
        if record.offset > offset and record.topic in self._compacted:
            return
        try:
            found = from_record(record.headers, record.key, record.value)[0].id
        except MalformedEvent:
            found = None
        if record.offset != offset or found != event_id:
            raise HistoryLost(
                f"{record.topic}/{record.partition} offset {offset} holds event {found} where {event_id} was "
                "applied: Kafka was emptied or restored; rebuild this service or restore Kafka"
            )


class _SeekToPostgres(ConsumerRebalanceListener):
    def __init__(self, assigned: Callable[[Sequence[Partition]], Any]) -> None:
        self._assigned = assigned

    # aiokafka awaits what these give, though its signatures don't say so
    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        pass

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        await self._assigned(sorted(Partition(tp.topic, tp.partition) for tp in assigned))


class Consumer:
    """Runs one member of a service's consumer group until it is told to stop."""

    def __init__(
        self,
        make_consumer: MakeConsumer,
        topics: Sequence[str],
        compacted: frozenset[str],
        batches: RecordBatches,
        pulse: Pulse,
        look_seconds: float,
    ) -> None:
        self._make_consumer = make_consumer
        self._topics = topics
        self._batches = batches
        self._pulse = pulse
        self._look_seconds = look_seconds
        self._poll_ms = min(POLL_MS, round(look_seconds * 1000))
        self._verification = Verification(compacted)
        self._kafka: AIOKafkaConsumer | None = None
        self._not_sought: Exception | None = None
        self._assigned: list[Partition] = []
        self._got_on = False
        self._next_look = 0.0
        self._next_commit = 0.0
        self._told: dict[TopicPartition, int] = {}

    async def run(self, stopping: asyncio.Event) -> None:
        """Consume until `stopping`; raises HistoryLost. What is in hand is finished first."""
        pause = 0.1
        while not stopping.is_set():
            try:
                await self._session(stopping)
            except (KafkaError, *AWAY, *CONFLICTS) as error:
                self._pulse.fail(type(error).__name__)
                log.warning("consumer_interrupted", error=str(error), kind=type(error).__name__)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stopping.wait(), pause)
                pause = 0.1 if self._got_on else min(pause * 2, LONGEST_PAUSE)

    async def _session(self, stopping: asyncio.Event) -> None:
        self._not_sought = None
        self._got_on = False
        kafka = self._kafka = self._make_consumer()
        kafka.subscribe(self._topics, listener=_SeekToPostgres(self._seek))
        await kafka.start()
        try:
            while not stopping.is_set():
                polled = await kafka.getmany(timeout_ms=self._poll_ms)
                if self._not_sought:
                    raise self._not_sought
                records = [record for found in polled.values() for record in found]
                if records:
                    for found in polled.values():
                        self._verification.check(found[0])
                    await self._batches.insist(records, self._pulse, stopping)
                    self._got_on = True
                self._pulse.beat()
                await _within(LONGEST_LOOK, self._look(kafka, busy=bool(records)))
                if 0 < len(records) < SMALL_BATCH:
                    await asyncio.sleep(REST_SECONDS)
        finally:
            self._kafka = None
            with suppress(Exception):
                await _within(LONGEST_LOOK, kafka.stop())

    async def _seek(self, partitions: Sequence[Partition]) -> None:
        kafka = self._kafka
        if kafka is None:
            return
        self._assigned = list(partitions)
        try:
            ends = await kafka.end_offsets([TopicPartition(*p) for p in partitions])
            positions = await self._batches.positions(partitions)
            for partition, (offset, event_id) in positions.items():
                self._verification.expect(partition, offset, event_id)
                kafka.seek(TopicPartition(*partition), offset)
            self._verification.ends({Partition(tp.topic, tp.partition): end for tp, end in ends.items()})
        except Exception as error:
            # aiokafka logs what a listener raises and reads on from anywhere, so the next round raises it
            self._not_sought = error

    async def _look(self, kafka: AIOKafkaConsumer, busy: bool) -> None:
        """Note where the partitions end, and tell Kafka where we stand."""
        now = time.monotonic()
        if now >= self._next_look:
            self._next_look = now + self._look_seconds
            # asked of the broker: what the last fetch said may be older than what was sent meanwhile
            ends = await kafka.end_offsets([TopicPartition(*p) for p in self._assigned])
            left = await self._batches.looked({Partition(tp.topic, tp.partition): end for tp, end in ends.items()})
            telemetry.LAG.set(left)
        if now >= self._next_commit and not busy:
            self._next_commit = now + COMMIT_SECONDS
            positions = {tp: await kafka.position(tp) for tp in map(_topic_partition, self._assigned)}
            if positions != self._told:
                with suppress(KafkaError):
                    await kafka.commit(positions)
                    self._told = positions


async def _within(seconds: float, work: Coroutine[Any, Any, None]) -> None:
    """Do some work in a task of its own, so that what aiokafka cancels in it ends nobody else (raises TimeoutError)."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait({task}, timeout=seconds)
        if not task.done() or task.cancelled():
            raise TimeoutError(f"Kafka gave no answer for {seconds:.0f} s")
        task.result()
    finally:
        task.cancel()


def _topic_partition(partition: Partition) -> TopicPartition:
    return TopicPartition(*partition)
