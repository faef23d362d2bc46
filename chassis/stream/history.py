"""Whether Kafka still holds what comes next: each position is compared with the log, at assignment and with each batch.

Pure. A position is lost where the log begins after it or ends before it, or before where it was seen to end, as a topic
does that was made anew; where another event stands at the record that was applied last; and, on topics that aren't
compacted, where the next record doesn't stand at exactly the next offset. On a compacted one gaps are normal; there a
worker that was away for longer than tombstones are kept has lost, too: it can't know who was removed meanwhile.
"""

from collections.abc import Container, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from chassis.stream.cloudevents import MalformedEvent, from_record
from chassis.stream.record import Partition, Record

TO_DO = "restore Kafka, or publish the events again (runbook, History lost)"


class HistoryLost(Exception):
    """Kafka doesn't hold what comes next, or a source was restored from the past: going on would skip.

    `losses` says of each partition why. `shown_by_kafka`: a look at Kafka tells whether it still is so.
    """

    def __init__(self, losses: Mapping[Partition, str], *, shown_by_kafka: bool = True) -> None:
        super().__init__("; ".join(losses.values()))
        self.losses = dict(losses)
        self.shown_by_kafka = shown_by_kafka


class Log(NamedTuple):
    """Where a partition's log begins, and the offset after its last record."""

    start: int
    end: int


class Position(NamedTuple):
    """Where PostgreSQL stands in a partition.

    `last_offset` is the record applied last, None where the position was set by hand or nothing was read yet: then
    reading begins at exactly `next_offset`, and only the log's ends are compared. `seen_end` is where the log ended
    when it was last looked at, `away` for how long nobody did; `lost` says why reading stopped.
    """

    next_offset: int
    last_offset: int | None = None
    last_event_id: UUID | None = None
    seen_end: int | None = None
    away: timedelta = timedelta(0)
    lost: str | None = None


class _Expected(NamedTuple):
    """`offset` is where the next record stands, with this id where it is known; `unread` is the first that counts, and
    `end` where the log was seen to end."""

    offset: int
    event_id: UUID | None
    unread: int
    end: int


class History:
    """What has to come next in each partition that is read. `compacted` topics each with how long tombstones live."""

    def __init__(self, compacted: Mapping[str, timedelta]) -> None:
        self._compacted = compacted
        self._expected: dict[Partition, _Expected] = {}

    def leave(self) -> None:
        """Nothing is read any more: partitions are being assigned anew."""
        self._expected.clear()

    def begin(self, positions: Mapping[Partition, Position], logs: Mapping[Partition, Log]) -> dict[Partition, int]:
        """Give the offset to begin reading at, for each partition (raises HistoryLost, for all that lost)."""
        losses = {
            partition: why
            for partition, position in positions.items()
            if (why := position.lost or self._trouble(partition, position, logs[partition]))
        }
        if losses:
            raise HistoryLost(losses)
        for partition, position in positions.items():
            self._expected[partition] = _expected(position, logs[partition])
        return {partition: self._expected[partition].offset for partition in positions}

    def reads(self, partition: Partition) -> bool:
        """Tell whether a partition is read from a position that PostgreSQL gave."""
        return partition in self._expected

    def unread(self) -> dict[Partition, int]:
        """Give the first offset of each partition that was not read yet."""
        return {partition: expected.unread for partition, expected in self._expected.items()}

    def looked(self, logs: Mapping[Partition, Log]) -> None:
        """Compare the logs with what was read, and with where they ended before (raises HistoryLost)."""
        mine = {partition: log for partition, log in sorted(logs.items()) if partition in self._expected}
        losses: dict[Partition, str] = {}
        for partition, log in mine.items():
            expected = self._expected[partition]
            if why := _cut(partition, expected.unread, log) or _shorter(partition, expected.end, log):
                losses[partition] = why
            self._expected[partition] = expected._replace(end=log.end)
        if losses:
            raise HistoryLost(losses)

    def read(self, records: Sequence[Record]) -> None:
        """Note the next records of one partition as read; the first after `begin` is compared with the one applied last
        (raises HistoryLost)."""
        first, last = records[0], records[-1]
        partition = Partition(first.topic, first.partition)
        expected = self._expected[partition]
        if expected.event_id is not None and first.offset == expected.offset:
            _same(partition, first, expected.event_id)
        following = last.offset + 1
        self._expected[partition] = _Expected(following, None, max(following, expected.unread), expected.end)

    def _trouble(self, partition: Partition, position: Position, log: Log) -> str | None:
        """Tell why a position can't be gone on from, None where it can as far as the log's ends show."""
        lived = self._compacted.get(partition.topic)
        if lived is not None and position.last_offset is not None and position.away > lived:
            return (
                f"{_name(partition)} was not looked at for {position.away.days} days, and tombstones are kept for "
                f"{lived.days}: who was removed meanwhile isn't known; have {partition.topic} published again "
                "(runbook, A worker that was away for long)"
            )
        if trouble := _cut(partition, position.next_offset, log) or _short(partition, position.next_offset, log):
            return trouble
        if position.last_offset is None or position.seen_end is None:
            return None
        return _shorter(partition, position.seen_end, log)


def not_applied(
    records: Sequence[Record], next_offsets: Mapping[Partition, int], compacted: Container[str]
) -> list[Record]:
    """Give those records that stand where the partitions go on, each partition's in order of offset. Raises HistoryLost
    where one is skipped: no topic has gaps but a compacted one."""
    due = dict(next_offsets)
    fresh: list[Record] = []
    for record in records:
        partition = Partition(record.topic, record.partition)
        if record.offset < due[partition]:
            continue
        if record.offset > due[partition] and record.topic not in compacted:
            said = f"goes on at offset {due[partition]}, but the next record stands at {record.offset}"
            raise HistoryLost({partition: f"{_name(partition)} {said}: {TO_DO}"})
        due[partition] = record.offset + 1
        fresh.append(record)
    return fresh


def _expected(position: Position, log: Log) -> _Expected:
    last = position.last_offset
    if last is None or last < log.start:
        # nothing to compare: set by hand, or cut off behind us, which loses nothing
        return _Expected(position.next_offset, None, position.next_offset, log.end)
    return _Expected(last, position.last_event_id, position.next_offset, log.end)


def _cut(partition: Partition, unread: int, log: Log) -> str | None:
    if unread >= log.start:
        return None
    return f"{_name(partition)} goes on at offset {unread}, but its log begins at {log.start}: {TO_DO}"


def _short(partition: Partition, unread: int, log: Log) -> str | None:
    if unread <= log.end:
        return None
    return f"{_name(partition)} goes on at offset {unread}, but its log ends at {log.end}: {TO_DO}"


def _shorter(partition: Partition, seen: int, log: Log) -> str | None:
    if seen <= log.end:
        return None
    return f"{_name(partition)} ended at offset {seen}, and now its log ends at {log.end}: {TO_DO}"


def _same(partition: Partition, record: Record, event_id: UUID) -> None:
    try:
        found = from_record(record.headers, record.key, record.value)[0].id
    except MalformedEvent:
        found = None
    if found != event_id:
        said = f"{_name(partition)} offset {record.offset} holds event {found} where {event_id} was applied"
        raise HistoryLost({partition: f"{said}: {TO_DO}"})


def _name(partition: Partition) -> str:
    return f"{partition.topic}/{partition.partition}"
