"""Events as records on Kafka, numbered as their owners' outboxes number them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import uuid_utils.compat as uuids

from chassis.batch.unknown_ids import partition_of
from chassis.stream.cloudevents import Attributes, to_headers
from contracts.event import Event

UNWRITTEN = -1
CENTRE = "main"


class Record(NamedTuple):
    """A record as a consumer reads it; one that is still to be written has the offset UNWRITTEN."""

    topic: str
    partition: int
    offset: int
    key: bytes
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]


class Sources:
    """Numbers the events of each topic and key densely, from 1 on."""

    def __init__(self) -> None:
        self._last: defaultdict[tuple[str, str], int] = defaultdict(int)

    def record(
        self, event: Event, *, event_id: UUID | None = None, sequence: int | None = None, traceparent: str = ""
    ) -> Record:
        """Write an event as the next of its topic and key, or under a given number."""
        topic = event.topic
        if sequence is None:
            sequence = self._last[topic.name, event.key] + 1
            self._last[topic.name, event.key] = sequence
        attributes = Attributes(
            event_id or uuids.uuid7(), topic.source, event.type, event.recorded_at, event.key,
            sequence, "why", "because", event.dataschema, CENTRE, traceparent,
        )  # fmt: skip
        partition = partition_of(event.key, topic.partitions)
        return Record(topic.name, partition, UNWRITTEN, event.key.encode(), event.encode(), to_headers(attributes))

    def records(self, events: Sequence[Event]) -> list[Record]:
        return [self.record(event) for event in events]


class Partitions:
    """Gives records their offsets, in the order in which they are appended."""

    def __init__(self) -> None:
        self._next: defaultdict[tuple[str, int], int] = defaultdict(int)

    def append(self, records: Sequence[Record]) -> list[Record]:
        placed: list[Record] = []
        for record in records:
            address = record.topic, record.partition
            placed.append(record._replace(offset=self._next[address]))
            self._next[address] += 1
        return placed
