"""All SQL that fills the ledger."""

from collections.abc import Sequence

import asyncpg
import structlog
from prometheus_client import Gauge

from chassis.database.db import Connection, columns
from chassis.stream.history import HistoryLost
from chassis.stream.record_batch import Received
from contracts import decode_counted
from services.reporting.ledger.model import Entry

log = structlog.get_logger()

STAND_STILL_SECONDS = 60.0

GAPS = Gauge("jobplus_ledger_gaps", "Gaps in the sequences of events, as this process last saw them")


async def enter(conn: Connection, received: Sequence[Received]) -> list[Entry]:
    """Enter events, in order; gives those that were not in the ledger yet.

    Raises HistoryLost where a number of a key's sequence comes again under another id: its source was restored from
    the past. A number that is missing is noted as a gap until it comes.
    """
    by_id = {one.attributes.id: one for one in received}
    try:
        rows = await conn.fetch(
            """INSERT INTO ledger (event_id, source, topic, key, sequence, type, partition, "offset", occurred_on,
                                   recorded_at, imported, actor_role, actor_id, correlation_id, causation_id, data,
                                   dataschema, centre)
               SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[],
                                    $7::int[], $8::bigint[], $9::date[], $10::timestamptz[], $11::bool[], $12::text[],
                                    $13::text[], $14::text[], $15::text[], $16::bytea[], $17::text[], $18::text[])
               ON CONFLICT ON CONSTRAINT ledger_event DO NOTHING
               RETURNING event_id, position""",
            *columns([_row(one) for one in by_id.values()], 18),
        )
    except asyncpg.UniqueViolationError as error:
        if getattr(error, "constraint_name", "") != "ledger_sequence":
            raise
        said = str(getattr(error, "detail", ""))
        why = (
            "a source was restored from the past, another event comes with a number that is in the ledger: "
            f"{said} Restore the source to a later time, or reporting to the same one"
        )
        those = [one for one in received if f"({', '.join(map(str, _number(one)))})" in said]
        raise HistoryLost(
            dict.fromkeys([one.partition for one in those or received], why), shown_by_kafka=False
        ) from error
    entries = [Entry(row["position"], row["event_id"], by_id[row["event_id"]].event) for row in rows]
    await _note_gaps(conn, [by_id[entry.event_id] for entry in entries])
    return entries


def _row(one: Received) -> tuple[object, ...]:
    a, event = one.attributes, one.event
    return (
        a.id, a.source, one.partition.topic, a.subject, a.sequence, a.type, one.partition.partition, one.offset,
        event.occurred_on, event.recorded_at, event.imported, event.actor.role, event.actor.id, a.correlation_id,
        a.causation_id, one.data, a.dataschema or None, a.centre or None,
    )  # fmt: skip


def _number(one: Received) -> tuple[str, str, str, int]:
    return one.attributes.subject, one.partition.topic, one.attributes.source, one.attributes.sequence


async def _note_gaps(conn: Connection, new: Sequence[Received]) -> None:
    """Compare each number with the one before it: a gap is noted, and forgotten when its number has come."""
    given = columns([_number(one) for one in new], 4)
    await conn.execute(
        """DELETE FROM sequence_gap g
           USING unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) AS n (key, topic, source, sequence)
           WHERE (g.key, g.topic, g.source, g.sequence) = (n.key, n.topic, n.source, n.sequence)""",
        *given,
    )
    missing = await conn.fetch(
        """INSERT INTO sequence_gap (key, topic, source, sequence)
           SELECT n.key, n.topic, n.source, n.sequence - 1
           FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) AS n (key, topic, source, sequence)
           WHERE n.sequence > 1 AND NOT EXISTS (
               SELECT 1 FROM ledger l
               WHERE (l.key, l.topic, l.source, l.sequence) = (n.key, n.topic, n.source, n.sequence - 1))
           ON CONFLICT DO NOTHING
           RETURNING topic, key, sequence""",
        *given,
    )
    for row in missing:
        log.error("sequence_gap", topic=row["topic"], key=row["key"], sequence=row["sequence"])
    GAPS.set(await conn.fetchval("SELECT count(*) FROM sequence_gap") or 0)


async def stand_still(conn: Connection) -> None:
    """Let nothing enter the ledger until the transaction ends."""
    await conn.execute("LOCK TABLE ledger IN SHARE MODE", timeout=STAND_STILL_SECONDS)


async def entries_after(conn: Connection, position: int, limit: int) -> list[Entry]:
    """Read entries from a position on, with their events."""
    rows = await conn.fetch(
        """SELECT position, event_id, type, topic, key, data FROM ledger
           WHERE position > $1 ORDER BY position LIMIT $2""",
        position,
        limit,
    )
    return [
        Entry(row["position"], row["event_id"], decode_counted(row["type"], row["topic"], row["key"], row["data"]))
        for row in rows
    ]
