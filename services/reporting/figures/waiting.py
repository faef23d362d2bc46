"""Who waits and since when: those whom a day left unplaced, by how many days ago they first registered.

Sums by day don't tell it (decision 39): a placement takes away one who registered on another day. So everyone's first
registration and first placement are read, as they are known now, and a day's number is that of `unplaced_on`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from chassis.database.db import Connection
from services.reporting.figures.again import UNITED
from services.reporting.figures.measures import Dimension
from services.reporting.figures.sources import UNKNOWN

SINCE = (0, 31, 91, 181, 366)
"""The days since the registration with which each band begins; who registers on the day itself waits 0."""


class Band(NamedTuple):
    """Days since the registration, both ends in it; the last band has no end."""

    first: int
    last: int | None

    @property
    def code(self) -> str:
        """Name it in addresses: `31-90`, `366-`."""
        return f"{self.first}-{'' if self.last is None else self.last}"


def _bands() -> Iterator[Band]:
    for first, following in pairwise((*SINCE, None)):
        assert first is not None, "only the last band has no end"
        yield Band(first, following and following - 1)


BANDS: tuple[Band, ...] = tuple(_bands())

_WAITING = f"""
    WITH RECURSIVE {UNITED.format(known="NULL")}, first AS MATERIALIZED (
      SELECT DISTINCT ON (coalesce(one, person_id))
             coalesce(one, person_id) AS person, event_id, occurred_on, dimensions
      FROM person_event LEFT JOIN united USING (person_id)
      WHERE history = 'registered'
      ORDER BY coalesce(one, person_id), occurred_on, recorded_at, event_id
    ), placed AS (
      SELECT coalesce(one, person_id) AS person
      FROM person_event p LEFT JOIN united USING (person_id)
      WHERE history = 'placed' AND counts AND occurred_on <= $1 AND NOT EXISTS (
        SELECT FROM person_event c WHERE c.history = 'placed' AND NOT c.counts AND c.subject = p.subject)
    ), waiting AS (
      SELECT event_id, occurred_on, width_bucket($1 - occurred_on, $2::int[]) - 1 AS band,
             coalesce(dimensions::jsonb ->> $3, '{UNKNOWN}') AS code, dimensions
      FROM first WHERE occurred_on <= $1 AND NOT EXISTS (SELECT FROM placed WHERE placed.person = first.person)
    )"""
"""Those who wait when day $1 ends: by bands that begin with the days $2, and by the thing $3 that their registration
told."""


async def waiting_on(conn: Connection, day: date, by: Dimension) -> Mapping[tuple[str, int], int]:
    """Count who waits when a day ends, by what their first registration told and by the place of their band in
    `BANDS`."""
    rows = await conn.fetch(
        f"{_WAITING} SELECT code, band, count(*) AS persons FROM waiting GROUP BY code, band", day, [*SINCE], by
    )
    return Counter({(row["code"], row["band"]): row["persons"] for row in rows})


class Registrations(NamedTuple):
    """Registrations of those who wait, and the position to go on from, None at the end."""

    found: list[dict[str, Any]]
    next: int | None


async def registrations_of_waiting(
    conn: Connection, day: date, by: Dimension, code: str | None, band: int | None, after: int, limit: int
) -> Registrations:
    """List the first registration of each who waits when a day ends, in the ledger's order from a position on; of one
    code or band alone where these are given."""
    rows = await conn.fetch(
        f"""{_WAITING}
            SELECT position, waiting.occurred_on, ledger.recorded_at, dimensions::jsonb AS dimensions, 1 AS amount
            FROM waiting JOIN ledger USING (event_id)
            WHERE ($4::text IS NULL OR code = $4) AND ($5::int IS NULL OR band = $5) AND position > $6
            ORDER BY position LIMIT $7""",
        day,
        [*SINCE],
        by,
        code,
        band,
        after,
        limit,
    )
    return Registrations([dict(row) for row in rows], rows[-1]["position"] if len(rows) == limit else None)
