"""Reads of the figures: sums of the daily rollups, and distinct persons where no rollup has them."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from chassis.db import Connection
from services.reporting.figures.period import Period

Sums = Mapping[str, Mapping[tuple[str | None, ...], int]]
"""By measure, the sums by the dimensions that `SPLIT` names for it."""

SPLIT: Mapping[str, tuple[str, ...]] = {"sessions": ("kind", "channel"), "placed": ("occupation", "age_band")}
"""The dimensions by which published figures are split."""

PERSONS = ("registered", "referred", "placed")


async def sums(conn: Connection, period: Period) -> Sums:
    """Sum every measure over a period. Persons are those of the period, by their first time in it."""
    found: dict[str, Counter[tuple[str | None, ...]]] = {}
    rows = await conn.fetch(
        """SELECT measure, dimensions->>'kind' AS kind, dimensions->>'channel' AS channel,
                  CASE WHEN measure = 'placed' THEN dimensions->>'occupation' END AS occupation,
                  CASE WHEN measure = 'placed' THEN dimensions->>'age_band' END AS age_band,
                  sum(amount)::bigint AS amount
           FROM daily
           WHERE occurred_on <= $1 AND ($2::date IS NULL OR occurred_on >= $2 OR measure = 'counsellors')
             AND ($3::date IS NULL OR recorded_on <= $3)
           GROUP BY 1, 2, 3, 4, 5""",
        period.as_of,
        period.first,
        period.known_at,
    )
    for row in rows:
        place = tuple(row[name] for name in SPLIT.get(row["measure"], ()))
        found.setdefault(row["measure"], Counter())[place] += row["amount"]
    if period.first is not None:
        for history in PERSONS:
            found[history] = await _persons(conn, history, period)
    return found


async def _persons(conn: Connection, history: str, period: Period) -> Counter[tuple[str | None, ...]]:
    """Count the distinct persons of a period that doesn't start at the beginning, by their first valid time in it."""
    rows = await conn.fetch(
        """WITH known AS (
             SELECT * FROM person_event
             WHERE history = $1
               AND ($4::date IS NULL OR (recorded_at AT TIME ZONE 'Asia/Seoul')::date <= $4)
           ), first AS (
             SELECT DISTINCT ON (person_id) person_id, dimensions::jsonb AS dimensions
             FROM known k
             WHERE counts AND occurred_on BETWEEN $2 AND $3
               AND NOT EXISTS (SELECT 1 FROM known c WHERE c.person_id = k.person_id AND c.subject = k.subject
                               AND NOT c.counts)
             ORDER BY person_id, occurred_on, recorded_at, event_id
           )
           SELECT dimensions->>'occupation' AS occupation, dimensions->>'age_band' AS age_band, count(*) AS amount
           FROM first GROUP BY 1, 2""",
        history,
        period.first,
        period.as_of,
        period.known_at,
    )
    counted: Counter[tuple[str | None, ...]] = Counter()
    for row in rows:
        counted[tuple(row[name] for name in SPLIT.get(history, ()))] += row["amount"]
    return counted


async def facts(conn: Connection, measure: str, period: Period, after: int, limit: int) -> list[dict[str, Any]]:
    """List the facts behind a measure, in the order of the ledger, from a place on."""
    rows = await conn.fetch(
        """SELECT fact_id, position, measure, occurred_on, recorded_at, dimensions, amount FROM fact
           WHERE measure = $1 AND fact_id > $2 AND occurred_on <= $3 AND ($4::date IS NULL OR occurred_on >= $4)
             AND ($5::date IS NULL OR (recorded_at AT TIME ZONE 'Asia/Seoul')::date <= $5)
           ORDER BY fact_id LIMIT $6""",
        measure,
        after,
        period.as_of,
        period.first,
        period.known_at,
        limit,
    )
    return [dict(row) for row in rows]
