"""Batches of Kafka records, applied once: the next offsets stand in PostgreSQL, in the transaction of the data.

    lock the partitions' offsets -> drop what is applied, stop where one is skipped -> drop event ids that are known
    -> set aside what can't be read, and park what waits behind a dead letter -> apply -> move the offsets

A batch that fails for good is halved until the one record that fails is found; that one becomes a dead letter.
What may pass (PostgreSQL away, a lost race) is raised, or repeated by `insist`: the same batch, never the next.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Container, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import structlog

from chassis.batch.unknown_ids import AHEAD, born_ms
from chassis.database.db import AWAY, CONFLICTS, CONNECT_SECONDS, Connection, Pool, may_pass
from chassis.database.wake import Committed, nobody
from chassis.running import telemetry
from chassis.running.telemetry import Pulse
from chassis.stream import dead_letters, record_texts
from chassis.stream.cloudevents import Attributes, again_for, from_record
from chassis.stream.history import HistoryLost, not_applied
from chassis.stream.positions import Positions
from chassis.stream.record import Partition, Record

log = structlog.get_logger()

LONGEST_PAUSE = 5.0


@dataclass(frozen=True, slots=True)
class Received:
    """An event as it was read: where it stood, what CloudEvents says of it, and the typed event itself."""

    partition: Partition
    offset: int
    attributes: Attributes
    data: bytes | None
    event: Any


class _Read(NamedTuple):
    """A record with what could be read of it: an event to apply, one to skip, or the trouble with it."""

    record: Record
    attributes: Attributes | None
    received: Received | None = None
    trouble: str | None = None
    skipped: bool = False


Apply = Callable[[Connection, Sequence[Received]], Awaitable[None]]
"""Applies events inside the given transaction; raises for what can't be applied."""

Decode = Callable[[str, str, str, bytes | None], Any]
"""(event type, topic, key, data) -> the typed event; raises ValueError for what isn't one."""


class RecordBatches:
    """Applies the records of a service by its `name`, each once. `types` are those it listens to, None for every type.

    `sources` are the topics' owners, as CloudEvents sources: what comes from another is a dead letter.
    `compacted` are the topics that have gaps. With `inbox` off, `apply` itself drops event ids that it knows, by a
    unique key of its own. Events of the types `overtaking`, and whatever is on the topics `unparked`, aren't parked
    behind dead letters of their key. `committed` is called once events were applied.
    """

    def __init__(
        self,
        pool: Pool,
        name: str,
        decode: Decode,
        apply: Apply,
        types: frozenset[str] | None,
        sources: Mapping[str, str],
        *,
        inbox: bool = True,
        compacted: Container[str] = frozenset[str](),
        overtaking: frozenset[str] = frozenset(),
        unparked: Container[str] = frozenset[str](),
        committed: Committed = nobody,
    ) -> None:
        self._name = name
        self._committed = committed
        self._overtaking = overtaking
        self.unparked = unparked
        self._compacted = compacted
        self._inbox = inbox
        self._pool = pool
        self.positions = Positions(pool)
        self._decode = decode
        self._apply = apply
        self._types = types
        self._sources = sources

    async def apply(self, records: Sequence[Record]) -> None:
        """Apply records of any partitions, each partition's in order of offset (raises HistoryLost where the next one
        of a partition is skipped)."""
        try:
            await self._commit(records)
        except Exception as error:
            if isinstance(error, HistoryLost) or may_pass(error):
                raise
            if len(records) > 1:
                middle = len(records) // 2
                await self.apply(records[:middle])
                await self.apply(records[middle:])
                return
            reason = f"{type(error).__name__}: {error}"
            log.error("dead_letter", topic=records[0].topic, offset=records[0].offset, error=reason)
            await self._commit(records, broken=reason)

    async def insist(self, records: Sequence[Record], pulse: Pulse, ending: asyncio.Event) -> None:
        """Apply a batch, the same one again for as long as what stops it may pass; once `ending`, raises that."""
        pause = 0.05
        while True:
            try:
                await self.apply(records)
                break
            except (*CONFLICTS, *AWAY) as error:
                pulse.fail(type(error).__name__)
                log.warning("batch_repeated", error=str(error), kind=type(error).__name__)
                with suppress(TimeoutError):
                    await asyncio.wait_for(ending.wait(), pause)
                if ending.is_set():
                    raise
                pause = min(pause * 2, LONGEST_PAUSE)
        telemetry.BATCH_RECORDS.observe(len(records))

    async def apply_again(self, conn: Connection, record: Record) -> None:
        """Apply a record that had been set aside, inside the caller's transaction; raises what it fails with."""
        read = self._read(record)
        if read.received is None:
            raise dead_letters.Unread(read.trouble or f"{record.topic} offset {record.offset} is not listened to")
        received = await _new(conn, [read.received]) if self._inbox else [read.received]
        if received:
            await self._apply(conn, received)

    async def _commit(self, records: Sequence[Record], broken: str | None = None) -> None:
        async with self._pool.acquire(timeout=CONNECT_SECONDS) as conn:
            async with conn.transaction():
                applied = await self._apply_batch(conn, records, broken)
            if applied:
                self._committed()

    async def _apply_batch(self, conn: Connection, records: Sequence[Record], broken: str | None) -> int:
        """Apply what is new, inside the caller's transaction; gives how many events that were."""
        fresh = await self._not_applied(conn, records)
        if not fresh:
            return 0
        read = [self._read(record) for record in fresh]
        blocked = await dead_letters.blocked_keys(conn, fresh)
        letters: list[dead_letters.Letter] = []
        wanted: list[Received] = []
        for one in read:
            if one.skipped:
                continue
            record, trouble = one.record, one.trouble or broken
            address = (record.topic, record.key or b"")
            overtakes = record.topic in self.unparked or (
                one.attributes is not None and one.attributes.type in self._overtaking
            )
            if address in blocked and not overtakes:
                letters.append(dead_letters.Letter.of(record, "parked", blocked[address], one.attributes))
            elif trouble is None and one.received is not None:
                wanted.append(one.received)
            else:
                letters.append(dead_letters.Letter.of(record, "dead", trouble or "unreadable", one.attributes))
                blocked[address] = f"waits behind offset {record.offset}"
        await dead_letters.keep(conn, letters)

        if self._inbox:
            wanted = await _new(conn, wanted)
        if wanted:
            await self._apply(conn, wanted)
        await _move(conn, read)
        return len(wanted)

    def _read(self, record: Record) -> "_Read":
        attributes = None
        try:
            attributes, data = from_record(record.headers, record.key, record.value)
            if self._types is not None and attributes.type not in self._types:
                return _Read(record, attributes, skipped=True)
            if (services := again_for(record.headers)) and self._name not in services:
                return _Read(record, attributes, skipped=True)
            if attributes.source != (owner := self._sources.get(record.topic)):
                raise ValueError(f"{attributes.source[:80]} doesn't own {record.topic}: {owner or 'nobody'} does")
            record_texts.check(attributes, data)
            key = (record.key or b"").decode()
            event = self._decode(attributes.type, record.topic, key, data)
        except ValueError as error:
            return _Read(record, attributes, trouble=str(error))
        partition = Partition(record.topic, record.partition)
        return _Read(record, attributes, Received(partition, record.offset, attributes, data, event))

    async def _not_applied(self, conn: Connection, records: Sequence[Record]) -> list[Record]:
        """Lock the partitions' rows, which fences anyone who still holds them, and keep what is behind them."""
        partitions = sorted({Partition(r.topic, r.partition) for r in records})
        rows = await conn.fetch(
            """SELECT o.topic, o.partition, o.next_offset
               FROM consumer_offset o JOIN unnest($1::text[], $2::int[]) AS given (topic, partition)
               USING (topic, partition) ORDER BY o.topic, o.partition FOR UPDATE OF o""",
            [p.topic for p in partitions],
            [p.partition for p in partitions],
        )
        following = {Partition(row["topic"], row["partition"]): row["next_offset"] for row in rows}
        return not_applied(records, following, self._compacted)


async def _new(conn: Connection, received: Sequence[Received]) -> list[Received]:
    """Note the events' ids as applied; gives the events that were not before (an id twice in one batch: once)."""
    if not received:
        return []
    by_id = {one.attributes.id: one for one in received}
    rows = await conn.fetch(
        "INSERT INTO inbox (event_id) SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING RETURNING event_id",
        list(by_id),
    )
    new = {row["event_id"] for row in rows}
    return [one for event_id, one in by_id.items() if event_id in new]


async def _move(conn: Connection, read: Sequence[_Read]) -> None:
    last: dict[Partition, tuple[int, UUID | None]] = {}
    through: dict[Partition, int] = {}
    now = time.time_ns() // 1_000_000
    latest = now + AHEAD // timedelta(milliseconds=1)
    for record, attributes, *_ in read:
        partition = Partition(record.topic, record.partition)
        last[partition] = (record.offset, attributes.id if attributes else None)
        birth = born_ms(attributes.id) if attributes else None
        # an id from another time than ours tells nothing of how far was read, as nobody gave it out
        if birth is not None and birth < latest:
            through[partition] = max(min(birth, now), through.get(partition, 0))
    ordered = sorted(last.items())
    await conn.execute(
        """UPDATE consumer_offset o
           SET next_offset = moved.last + 1, last_offset = moved.last, last_event_id = moved.event_id,
               read_through = greatest(o.read_through, moved.through)
           FROM unnest($1::text[], $2::int[], $3::bigint[], $4::uuid[], $5::timestamptz[])
                AS moved (topic, partition, last, event_id, through)
           WHERE o.topic = moved.topic AND o.partition = moved.partition""",
        [p.topic for p, _ in ordered],
        [p.partition for p, _ in ordered],
        [offset for _, (offset, _) in ordered],
        [event_id for _, (_, event_id) in ordered],
        [datetime.fromtimestamp(through.get(p, 0) / 1000, UTC) for p, _ in ordered],
    )
