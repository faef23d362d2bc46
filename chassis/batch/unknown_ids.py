"""Not seen yet is not unknown: whether this service must have heard of an id by now.

Ids are UUIDv7, so they tell when they were born. Each partition's row keeps the newest birth time among the event
ids read from it. An id born well before that would have been announced there: it is unknown. A younger one may
still be on its way: it is not yet known.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from aiokafka.partitioner import murmur2

from chassis.batch.decisions import Outcome, Refused, Unknown
from chassis.database.db import STATEMENT_SECONDS, Connection
from chassis.problems import NOT_YET_KNOWN, UNKNOWN_ID

SLOWEST_COMMIT = timedelta(seconds=2 * STATEMENT_SECONDS)
"""An id's event can reach the topic this much later than events of younger ids: no transaction takes longer."""
AHEAD = timedelta(minutes=5)
"""How far clocks may differ; an id born later than that was never given out."""

JUST_NOW = timedelta(seconds=2)
"""For so long what a worker noted about a partition's end is trusted."""

FormerIds = Callable[[Connection, Sequence[UUID]], Awaitable[Mapping[UUID, Refused]]]
"""Tells what to answer for those of some ids that this service once had a record of, and has none any more."""


async def no_former_ids(conn: Connection, ids: Sequence[UUID]) -> Mapping[UUID, Refused]:
    """For a service whose records stay."""
    return {}


def born_ms(uuid: UUID) -> int | None:
    """Tell a UUIDv7's birth time in milliseconds since 1970; None for any other kind of id."""
    number = uuid.int
    # version and variant, as RFC 9562 has them
    return number >> 80 if number >> 76 & 0xF == 7 and number >> 62 & 0b11 == 0b10 else None


def born(uuid: UUID) -> datetime | None:
    """Tell a UUIDv7's birth time; None for any other kind of id, and after the year 9999."""
    milliseconds = born_ms(uuid)
    try:
        return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)
    except ValueError:
        return None


def age(uuid: UUID) -> float:
    """Tell how many seconds ago a UUIDv7 was born, by this machine's clock; 0 for any other kind of id."""
    birth = born(uuid)
    return 0.0 if birth is None else max(0.0, (datetime.now(UTC) - birth).total_seconds())


def partition_of(key: str, partitions: int) -> int:
    """Tell which of a topic's partitions holds a key (Kafka's default partitioner)."""
    return (murmur2(key.encode()) & 0x7FFFFFFF) % partitions


async def unknown_ids(
    conn: Connection, outcomes: Sequence[Outcome | Unknown], former_ids: FormerIds = no_former_ids
) -> list[Outcome]:
    """Turn each Unknown into the refusal that it comes to."""
    owned = [o.id for o in outcomes if isinstance(o, Unknown) and o.topic is None]
    former = await former_ids(conn, owned) if owned else {}
    topics = {o.topic for o in outcomes if isinstance(o, Unknown) and o.topic}
    read: dict[str, dict[int, datetime | None]] = {topic: {} for topic in topics}
    if topics:
        rows = await conn.fetch(
            "SELECT topic, partition, read_through FROM consumer_offset WHERE topic = ANY($1)", list(topics)
        )
        for row in rows:
            read[row["topic"]][row["partition"]] = row["read_through"]
    return [_answer(o, former.get(o.id), read.get(o.topic or "")) if isinstance(o, Unknown) else o for o in outcomes]


async def read_to_end(conn: Connection, topic: str, keys: Sequence[UUID]) -> set[UUID]:
    """Tell of which keys' partitions of a topic a worker has noted just now that it had read them to their end: so that
    what stands here about these keys is all that was published."""
    rows = await conn.fetch(
        """SELECT partition,
                  coalesce(next_offset >= end_offset AND checked_at > clock_timestamp() - $2::interval, false)
           FROM consumer_offset WHERE topic = $1""",
        topic,
        JUST_NOW,
    )
    at_end: dict[int, bool] = dict(rows)
    return {key for key in keys if rows and at_end.get(partition_of(str(key), len(rows)), False)}


def _answer(unknown: Unknown, former: Refused | None, read: dict[int, datetime | None] | None) -> Refused:
    return replace(former, field=unknown.field) if former else _refusal(unknown, read)


def _refusal(unknown: Unknown, read: dict[int, datetime | None] | None) -> Refused:
    birth = born(unknown.id)
    if read is not None and birth is not None and birth < datetime.now(UTC) + AHEAD:
        through = _read_through(unknown, read)
        if through is None or birth > through - SLOWEST_COMMIT:
            return Refused(
                NOT_YET_KNOWN,
                f"{unknown.field} {unknown.id} may have been given out, but has not arrived here yet; "
                "if it is the id of something else, asking again does not help",
                field=unknown.field,
            )
    return Refused(UNKNOWN_ID, f"{unknown.field} {unknown.id} is not known here", field=unknown.field)


def _read_through(unknown: Unknown, read: dict[int, datetime | None]) -> datetime | None:
    """Tell how far the id's partition was read; where the id isn't the topic's key, the partition read least."""
    if not read:
        return None
    if unknown.is_key:
        return read.get(partition_of(str(unknown.id), len(read)))
    moments = list(read.values())
    return None if None in moments else min(moment for moment in moments if moment)
