"""The plain consumer: reads a service's topics with aiokafka and hands whole batches to `RecordBatches`.

Kafka's own committed offsets are for lag tools only. On assignment the consumer seeks to where PostgreSQL stands and
reads the record applied last once more. Where Kafka doesn't hold what comes next (`chassis.stream.history`), then or
later, it leaves the group and stands still instead of skipping.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError

from chassis.database.db import AWAY, CONFLICTS
from chassis.running import telemetry
from chassis.running.telemetry import Pulse
from chassis.stream.history import History, HistoryLost, Log
from chassis.stream.kafka import NO_POSITION, gather, logs_beyond, logs_of, without_position
from chassis.stream.record import Partition, Record
from chassis.stream.record_batch import LONGEST_PAUSE, RecordBatches
from chassis.stream.standstill import Standstill

log = structlog.get_logger()

POLL_MS = 200
SMALL_BATCH = 200
REST_SECONDS = 0.03
"""After a small batch a consumer rests so long, for the next to be larger: a transaction costs more than a record."""
COMMIT_SECONDS = 1.0
LONGEST_LOOK = 10.0
"""A look or an end that takes longer is given up: aiokafka may wait for ever once its broker went away."""

MakeConsumer = Callable[[], AIOKafkaConsumer]


class _SeekToPostgres(ConsumerRebalanceListener):
    def __init__(self, revoked: Callable[[], None], assigned: Callable[[Sequence[Partition]], Any]) -> None:
        self._revoked = revoked
        self._assigned = assigned

    # aiokafka awaits what these give, though its signatures don't say so
    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        self._revoked()

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        await self._assigned(sorted(Partition(tp.topic, tp.partition) for tp in assigned))


class Consumer:
    """Runs one member of a service's consumer group until it is told to stop. `compacted` is as in History."""

    def __init__(
        self,
        make_consumer: MakeConsumer,
        make_reader: MakeConsumer,
        topics: Sequence[str],
        compacted: Mapping[str, timedelta],
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
        self._history = History(compacted)
        self._standstill = Standstill(make_reader, compacted, batches.positions, pulse)
        self._kafka: AIOKafkaConsumer | None = None
        self._not_sought: Exception | None = None
        self._assigned: list[Partition] = []
        self._got_on = False
        self._asked: asyncio.Task[dict[Partition, Log]] | None = None
        self._asked_at = float("-inf")
        self._next_commit = 0.0
        self._told: dict[TopicPartition, int] = {}

    async def run(self, stopping: asyncio.Event) -> None:
        """Consume until `stopping`. What is in hand is finished first."""
        pause = 0.1
        while not stopping.is_set():
            try:
                await self._session(stopping)
            except HistoryLost as lost:
                await self._standstill.outlast(lost, stopping)
            except (KafkaError, *AWAY, *CONFLICTS) as error:
                self._pulse.fail(type(error).__name__)
                log.warning("consumer_interrupted", error=str(error), kind=type(error).__name__)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stopping.wait(), pause)
                pause = 0.1 if self._got_on else min(pause * 2, LONGEST_PAUSE)

    async def _session(self, stopping: asyncio.Event) -> None:
        self._not_sought = None
        self._got_on = False
        self._leave()
        kafka = self._kafka = self._make_consumer()
        kafka.subscribe(self._topics, listener=_SeekToPostgres(self._leave, self._seek))
        await kafka.start()
        try:
            while not stopping.is_set():
                records = await self._next(kafka)
                gather(kafka, busy=bool(records))
                if self._not_sought:
                    raise self._not_sought
                if records:
                    await self._batches.insist(records, self._pulse, stopping)
                    self._got_on = True
                self._pulse.beat()
                await _within(LONGEST_LOOK, self._look(kafka, busy=bool(records)))
                if 0 < len(records) < SMALL_BATCH:
                    await asyncio.sleep(REST_SECONDS)
        finally:
            self._kafka = None
            self._leave()
            with suppress(Exception):
                await _within(LONGEST_LOOK, kafka.stop())

    async def _next(self, kafka: AIOKafkaConsumer) -> list[Record]:
        """Give the next records, compared with what has to come. What is read before a partition was sought is left
        out: it stands where Kafka has a position, and comes again from ours."""
        try:
            polled = await kafka.getmany(timeout_ms=self._poll_ms)
        except NO_POSITION as error:
            if self._history.reads(without_position(error)):
                raise
            await asyncio.sleep(REST_SECONDS)
            return []
        sought = [found for tp, found in polled.items() if self._history.reads(Partition(tp.topic, tp.partition))]
        for found in sought:
            self._history.read(found)
        return [record for found in sought for record in found]

    def _leave(self) -> None:
        self._assigned = []
        self._history.leave()
        if self._asked is not None:
            self._asked.cancel()  # what it tells is older than what is compared at the next assignment
            self._asked = None

    async def _seek(self, partitions: Sequence[Partition]) -> None:
        kafka = self._kafka
        if kafka is None:
            return
        try:
            logs = await logs_of(kafka, partitions)
            begin = self._history.begin(await self._batches.positions.begin(logs), logs)
            for partition, offset in begin.items():
                kafka.seek(TopicPartition(*partition), offset)
            self._assigned = list(partitions)
        except Exception as error:
            # aiokafka logs what a listener raises and reads on from anywhere, so the next round raises it
            self._not_sought = error

    async def _look(self, kafka: AIOKafkaConsumer, busy: bool) -> None:
        """Note where the partitions end, and tell Kafka where we stand.

        The broker answers behind the fetch that is under way, which may take as long as a fetch waits: who is busy
        reads on meanwhile.
        """
        now = time.monotonic()
        if self._asked is None and now >= self._asked_at + self._look_seconds:
            self._asked_at = now
            self._asked = asyncio.ensure_future(logs_beyond(kafka, self._history.unread()))
        if self._asked is not None and (self._asked.done() or not busy or now >= self._asked_at + LONGEST_LOOK):
            await asyncio.wait({self._asked})
            await self._looked()
        if now >= self._next_commit and not busy:
            self._next_commit = now + COMMIT_SECONDS
            positions = {tp: await kafka.position(tp) for tp in map(_topic_partition, self._assigned)}
            if positions and positions != self._told:
                with suppress(KafkaError):
                    await kafka.commit(positions)
                    self._told = positions

    async def _looked(self) -> None:
        """Compare what was asked for with what was read, and note where the partitions end."""
        asked, self._asked = self._asked, None
        if asked is None:
            return
        logs = asked.result()
        self._history.looked(logs)
        ends = {partition: found.end for partition, found in logs.items()}
        left = await self._batches.positions.looked(ends, time.monotonic() - self._asked_at)
        telemetry.LAG.set(left)


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
