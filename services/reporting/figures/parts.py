"""The parts of a measure: split by some of its dimensions, and by month, over any period."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from chassis.database.db import Connection
from services.reporting.figures.measures import Dimension, Measure
from services.reporting.figures.period import Period
from services.reporting.figures.persons import FIRST_IN_YEAR, ONCE
from services.reporting.figures.rows import MEASURES

UNKNOWN = "unknown"
"""The value of those for whom no event tells one."""

RETENTION: tuple[Measure, ...] = ("retention_due", "retention_reached", "retention_still_employed")
"""Each is of the one before: of a period that has a first day, only those due since then count."""

IN_YEAR: Mapping[Measure, Measure] = {**FIRST_IN_YEAR}

Part = tuple[date | None, tuple[str, ...]]
"""The first of the month where asked for, and a value for each dimension."""

UNITED = """merged AS (
         SELECT person_id AS merged_id, subject AS into_id FROM person_event
         WHERE history = 'merged' AND counts AND ({known}::timestamptz IS NULL OR recorded_at <= {known})
       ), way AS (
         SELECT merged_id, into_id FROM merged
         UNION
         SELECT w.merged_id, m.into_id FROM way w JOIN merged m ON m.merged_id = w.into_id
       ), united AS (
         SELECT merged_id AS person_id, into_id AS one FROM way WHERE into_id NOT IN (SELECT merged_id FROM merged)
       )"""
"""Whose record another one's was found to be, as it was known at a moment: who isn't in it is only themselves."""

_PERSONS = """
    WITH RECURSIVE {united}, first AS (
      SELECT DISTINCT ON (coalesce(one, person_id))
             event_id, occurred_on, recorded_at, dimensions::jsonb AS dimensions, 1 AS amount
      FROM person_event e LEFT JOIN united USING (person_id)
      WHERE history = $1 AND counts AND occurred_on <= $2 AND (occurred_on >= $3 OR {once})
        AND ($4::timestamptz IS NULL OR recorded_at <= $4)
        AND NOT EXISTS (
          SELECT 1 FROM person_event c
          WHERE c.history = $1 AND c.subject = e.subject AND NOT c.counts
            AND ($4::timestamptz IS NULL OR c.recorded_at <= $4))
      ORDER BY coalesce(one, person_id), occurred_on, recorded_at, event_id
    )
    SELECT event_id, occurred_on, recorded_at, dimensions, amount FROM first WHERE occurred_on >= $3"""


def are_counted_apart(measure: Measure, period: Period) -> bool:
    """Tell whether a figure is of distinct persons of a period that no fact counts."""
    return measure in IN_YEAR and period.first is not None and not period.is_of_one_year


def persons_of_period(measure: Measure) -> str:
    """Give the SQL of such persons: by their first valid time in the period, or those whose first ever is in it."""
    return _PERSONS.format(united=UNITED.format(known="$4"), once="true" if measure in ONCE else "false")


def counted_as(measure: Measure, period: Period) -> Measure:
    """Give the measure whose facts add up to a measure's figure of a period."""
    return IN_YEAR.get(measure, measure) if period.is_of_one_year else measure


def counted_since(measure: Measure) -> str:
    """Give the SQL of the day that a period's first day is compared with."""
    return "coalesce((dimensions ->> 'due_on')::date, occurred_on)" if measure in RETENTION else "occurred_on"


async def parts(
    conn: Connection, measure: Measure, by: Sequence[Dimension], period: Period, *, monthly: bool = False
) -> Counter[Part]:
    """Count the parts of a measure; they add up to its figure of the same period (of `counsellors`, by month, to the
    change of the figure).

    The rollup answers where it is kept by the dimensions and whole days are known; otherwise the facts do.
    """
    if are_counted_apart(measure, period):
        source, until = persons_of_period(measure), period.known_until
    else:
        rolled = {*by} <= set(MEASURES[measure].rolled) and period.known_from is None
        table, recorded, kind, until = period.of_rollup if rolled else period.of_facts
        source = f"""
            SELECT occurred_on, dimensions, amount FROM {table}
            WHERE measure = $1 AND occurred_on <= $2 AND ($3::date IS NULL OR {counted_since(measure)} >= $3)
              AND ($4::{kind} IS NULL OR {recorded} <= $4)"""
    names = "".join(f", coalesce(dimensions ->> ${number}, '{UNKNOWN}')" for number, _ in enumerate(by, 6))
    rows = await conn.fetch(
        f"""SELECT CASE WHEN $5 THEN date_trunc('month', occurred_on)::date END AS month,
                   sum(amount)::bigint AS amount, ARRAY[NULL{names}]::text[] AS told
            FROM ({source}) AS counted
            GROUP BY month, told HAVING sum(amount) <> 0 ORDER BY month, told""",
        counted_as(measure, period),
        period.as_of,
        period.first,
        until,
        monthly,
        *by,
    )
    return Counter({(row["month"], tuple(row["told"][1:])): row["amount"] for row in rows})
