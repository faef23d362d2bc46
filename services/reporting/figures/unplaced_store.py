"""All SQL that fills the changes of the unplaced, and their sums by day."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from chassis.batch.clock import SEOUL
from chassis.database.buckets import lock_keys
from chassis.database.db import Connection, columns
from services.reporting.figures.dimensions import as_json, as_text
from services.reporting.figures.measures import Dimension
from services.reporting.figures.rows import MEASURES
from services.reporting.figures.sources import UNKNOWN
from services.reporting.figures.unplaced_changes import Change

Told = tuple[int, Change, int]
"""The position in the ledger of the event that made a change known, the change, and how many more it makes."""


async def let_alone(conn: Connection, persons: Sequence[UUID]) -> None:
    """Let nobody else change these persons among the unplaced until the transaction ends: they register in one topic
    and are placed in another, perhaps told to different workers."""
    await lock_keys(conn, "unplaced", persons)


async def add(conn: Connection, told: Sequence[Told]) -> None:
    """Add changes, and sum them up by each thing that a registration tells."""
    if not told:
        return
    await conn.execute(
        """INSERT INTO unplaced_change (position, occurred_on, recorded_at, dimensions, amount)
           SELECT p, o, r, d::jsonb, a
           FROM unnest($1::bigint[], $2::date[], $3::timestamptz[], $4::text[], $5::int[]) AS given (p, o, r, d, a)""",
        *columns([(position, *change[:2], as_json(change.dimensions), amount) for position, change, amount in told], 5),
    )
    sums: Counter[tuple[Dimension, date, date, str]] = Counter()
    for _, (occurred_on, recorded_at, dimensions), amount in told:
        recorded_on, codes = recorded_at.astimezone(SEOUL).date(), dict(dimensions)
        for dimension in MEASURES["registered"].by:
            sums[dimension, occurred_on, recorded_on, as_text(codes.get(dimension, UNKNOWN))] += amount
    await conn.execute(
        """INSERT INTO unplaced_daily AS t (dimension, occurred_on, recorded_on, code, amount)
           SELECT * FROM unnest($1::text[], $2::date[], $3::date[], $4::text[], $5::bigint[])
           ON CONFLICT (dimension, occurred_on, recorded_on, code)
           DO UPDATE SET amount = t.amount + excluded.amount""",
        *columns([(*key, amount) for key, amount in sorted(sums.items()) if amount], 5),
    )
