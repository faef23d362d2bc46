"""What a worker does when history is lost: it reads no further, says why, and waits until it may go on.

Its process stays, and isn't ready: whoever starts it anew would find the same. It goes on by itself once Kafka holds
again what comes next, or once somebody has set the positions anew, which leaves `lost` empty in their rows.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from chassis.database.db import AWAY, CONFLICTS
from chassis.running import telemetry
from chassis.running.telemetry import Pulse
from chassis.stream.history import History, HistoryLost, Position
from chassis.stream.kafka import logs_of
from chassis.stream.positions import Positions
from chassis.stream.record import Partition

log = structlog.get_logger()

LOOK_SECONDS = 1.0
ANSWER_SECONDS = 10.0
"""A look that takes longer is given up: aiokafka waits for a topic that isn't there."""
READ_MILLISECONDS = 2_000


class Standstill:
    """Waits where history is lost. `compacted` is as in History."""

    def __init__(
        self,
        make_reader: Callable[[], AIOKafkaConsumer],
        compacted: Mapping[str, timedelta],
        positions: Positions,
        pulse: Pulse,
    ) -> None:
        self._make_reader = make_reader
        self._compacted = compacted
        self._positions = positions
        self._pulse = pulse

    async def outlast(self, lost: HistoryLost, stopping: asyncio.Event) -> None:
        """Write down what was lost, and return when reading may go on, or once `stopping`."""
        log.critical("history_lost", error=str(lost))
        for topic, count in Counter(partition.topic for partition in lost.losses).items():
            telemetry.HISTORY_LOST.labels(topic).set(count)
        noted = False
        while not stopping.is_set():
            self._pulse.fail(f"history_lost: {lost}")
            try:
                if not noted:
                    await self._positions.note_lost(lost.losses)
                    noted = True
                async with asyncio.timeout(ANSWER_SECONDS):
                    if await self._may_go_on(lost):
                        log.warning("history_found", partitions=len(lost.losses))
                        break
            except (KafkaError, *AWAY, *CONFLICTS) as error:
                log.warning("history_not_looked_at", error=str(error), kind=type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), LOOK_SECONDS)
        telemetry.HISTORY_LOST.clear()

    async def _may_go_on(self, lost: HistoryLost) -> bool:
        """Tell whether none of the partitions is lost any more; what Kafka holds again is written down as found."""
        standing = await self._positions.of(list(lost.losses))
        still = {partition: position for partition, position in standing.items() if position.lost}
        if not still or not lost.shown_by_kafka:
            return not still
        reader = self._make_reader()
        try:
            await reader.start()
            for partition, position in still.items():
                if not await self._is_there(reader, partition, position):
                    return False
                await self._positions.note_found(partition)
        finally:
            await reader.stop()
        return True

    async def _is_there(self, reader: AIOKafkaConsumer, partition: Partition, position: Position) -> bool:
        """Tell whether Kafka holds what comes next in a partition."""
        topic_partition = TopicPartition(*partition)
        history = History(self._compacted)
        reader.assign([topic_partition])
        logs = await logs_of(reader, [partition])
        try:
            begin = history.begin({partition: position._replace(lost=None)}, logs)[partition]
            if begin == logs[partition].end:
                return True
            reader.seek(topic_partition, begin)
            for records in (await reader.getmany(timeout_ms=READ_MILLISECONDS)).values():
                history.read(records)
                return records[0].offset == begin or partition.topic in self._compacted
        except HistoryLost:
            return False
        return partition.topic in self._compacted  # where the record applied last may be gone, as any may
