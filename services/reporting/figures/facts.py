"""What is behind a figure: its facts, which add up to it, each with the position in the ledger of its event."""

from typing import Any, NamedTuple

from chassis.database.db import Connection
from services.reporting.figures.measures import Measure
from services.reporting.figures.period import Period
from services.reporting.figures.rows import WHENEVER
from services.reporting.figures.sources import are_counted_apart, counted_as, counted_since, persons_of_period


class Page(NamedTuple):
    """Some facts, and the place to go on from, None at the end."""

    facts: list[dict[str, Any]]
    next: int | None


async def behind(conn: Connection, measure: Measure, period: Period, after: int, limit: int) -> Page:
    """List the facts of a figure in the order in which they were made, from a place on.

    Persons that no fact counts are listed by the event of their first time in the period, in the ledger's order, as
    facts without an id.
    """
    apart = are_counted_apart(measure, period)
    source, place = (_persons(measure), "position") if apart else (_facts(measure), "fact_id")
    rows = await conn.fetch(
        f"""SELECT fact_id, position, measure, occurred_on, recorded_at, dimensions, amount FROM ({source}) AS behind
            WHERE {place} > $5 ORDER BY {place} LIMIT $6""",
        counted_as(measure, period),
        period.as_of,
        None if measure in WHENEVER else period.first,
        period.known_until,
        after,
        limit,
    )
    return Page([dict(row) for row in rows], rows[-1][place] if len(rows) == limit else None)


def _facts(measure: Measure) -> str:
    return f"""
        SELECT fact_id, position, measure, occurred_on, recorded_at, dimensions, amount FROM fact
        WHERE measure = $1 AND occurred_on <= $2
          AND ($3::date IS NULL OR {counted_since(measure)} >= $3)
          AND ($4::timestamptz IS NULL OR recorded_at <= $4)"""


def _persons(measure: Measure) -> str:
    return f"""
        SELECT NULL::bigint AS fact_id, position, $1::text AS measure, p.occurred_on, p.recorded_at, dimensions, amount
        FROM ({persons_of_period(measure)}) AS p JOIN ledger USING (event_id)"""
