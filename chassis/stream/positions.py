"""Where a service stands in each partition: the rows of consumer_offset, apart from a batch's transaction, which moves
them with what it applies (see record_batch)."""

from collections.abc import Mapping, Sequence

from chassis.database.db import CONNECT_SECONDS, Pool
from chassis.stream.history import Log, Position
from chassis.stream.record import Partition


class Positions:
    """A service's positions. Each method takes a connection of its own."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def begin(self, logs: Mapping[Partition, Log]) -> dict[Partition, Position]:
        """Give where each partition stands. Of one that was never read that is where its log begins."""
        ordered = sorted(logs)
        async with self._pool.acquire(timeout=CONNECT_SECONDS) as conn:
            await conn.execute(
                """INSERT INTO consumer_offset (topic, partition, next_offset)
                   SELECT * FROM unnest($1::text[], $2::int[], $3::bigint[]) ON CONFLICT DO NOTHING""",
                [p.topic for p in ordered],
                [p.partition for p in ordered],
                [logs[p].start for p in ordered],
            )
        return await self.of(ordered)

    async def of(self, partitions: Sequence[Partition]) -> dict[Partition, Position]:
        """Give where those of some partitions stand that were read before."""
        async with self._pool.acquire(timeout=CONNECT_SECONDS) as conn:
            rows = await conn.fetch(
                """SELECT topic, partition, next_offset, last_offset, last_event_id, end_offset,
                          coalesce(clock_timestamp() - checked_at, interval '0') AS away, lost
                   FROM consumer_offset JOIN unnest($1::text[], $2::int[]) AS given (topic, partition)
                   USING (topic, partition) ORDER BY topic, partition""",
                [p.topic for p in partitions],
                [p.partition for p in partitions],
            )
        return {Partition(topic, number): Position(*where) for topic, number, *where in rows}

    async def note_lost(self, losses: Mapping[Partition, str]) -> None:
        """Write down why partitions aren't read any more."""
        async with self._pool.acquire(timeout=CONNECT_SECONDS) as conn:
            await conn.execute(
                """UPDATE consumer_offset o
                   SET lost = given.lost, lost_at = coalesce(o.lost_at, clock_timestamp())
                   FROM unnest($1::text[], $2::int[], $3::text[]) AS given (topic, partition, lost)
                   WHERE o.topic = given.topic AND o.partition = given.partition""",
                [p.topic for p in losses],
                [p.partition for p in losses],
                list(losses.values()),
            )

    async def note_found(self, partition: Partition) -> None:
        """Write down that what a partition had lost is there again."""
        async with self._pool.acquire(timeout=CONNECT_SECONDS) as conn:
            await conn.execute(
                "UPDATE consumer_offset SET lost = NULL, lost_at = NULL WHERE topic = $1 AND partition = $2", *partition
            )

    async def looked(self, ends: Mapping[Partition, int], seconds_ago: float) -> int:
        """Note where partitions ended so long ago, when Kafka was asked: what came since isn't in it, so that all has
        settled by later looks alone. Gives how many records are left."""
        async with self._pool.acquire(timeout=CONNECT_SECONDS) as conn:
            ordered = sorted(ends.items())
            rows = await conn.fetch(
                """UPDATE consumer_offset o
                   SET end_offset = greatest(seen.end_offset, o.next_offset),
                       checked_at = clock_timestamp() - make_interval(secs => $4)
                   FROM unnest($1::text[], $2::int[], $3::bigint[]) AS seen (topic, partition, end_offset)
                   WHERE o.topic = seen.topic AND o.partition = seen.partition
                   RETURNING o.end_offset - o.next_offset AS left""",
                [p.topic for p, _ in ordered],
                [p.partition for p, _ in ordered],
                [end for _, end in ordered],
                seconds_ago,
            )
        return sum(row["left"] for row in rows)

    async def go_on_at(self, partition: Partition, offset: int | None) -> bool:
        """Have the consumer of a partition that has lost history go on at an offset, where nothing is compared, or
        where its log begins, as with one that was never read (None); False where nothing is lost."""
        async with self._pool.acquire(timeout=CONNECT_SECONDS) as conn:
            if offset is None:
                return await conn.fetchval(
                    """WITH forgotten AS (
                           DELETE FROM consumer_offset WHERE topic = $1 AND partition = $2 AND lost IS NOT NULL
                           RETURNING 1
                       )
                       SELECT EXISTS (SELECT FROM forgotten)""",
                    *partition,
                )
            moved = await conn.fetchval(
                """UPDATE consumer_offset
                   SET next_offset = $3, last_offset = NULL, last_event_id = NULL, lost = NULL, lost_at = NULL
                   WHERE topic = $1 AND partition = $2 AND lost IS NOT NULL RETURNING 1""",
                *partition,
                offset,
            )
        return bool(moved)
