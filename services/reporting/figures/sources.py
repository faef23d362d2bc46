"""Where what a period counts is read from: rollups, sums behind the facts and the facts since, facts alone, or what is
known of persons. All give the same; the first that can answer is the fastest (decision 25)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from chassis.database.db import Connection
from services.reporting.figures.again import OF_PERIOD, UNITED
from services.reporting.figures.measures import Dimension, Measure
from services.reporting.figures.period import Period
from services.reporting.figures.persons import FIRST_IN_YEAR, ONCE
from services.reporting.figures.rows import MEASURES
from services.reporting.figures.summed import changed_since, through

UNKNOWN = "unknown"
"""The value of those for whom no event tells one."""

RETENTION: tuple[Measure, ...] = ("retention_due", "retention_reached", "retention_still_employed")
"""Each is of the one before: of a period that has a first day, only those due since then count."""

IN_YEAR: Mapping[Measure, Measure] = {**FIRST_IN_YEAR}

_PERSONS = """
    WITH RECURSIVE {united}, first AS (
      SELECT DISTINCT ON (coalesce(one, person_id))
             event_id, occurred_on, recorded_at, dimensions::jsonb AS dimensions, 1 AS amount
      FROM person_event e LEFT JOIN united USING (person_id)
      WHERE history = $1 AND counts AND occurred_on <= $2 AND occurred_on >= $3
        AND ($4::timestamptz IS NULL OR recorded_at <= $4)
        AND NOT EXISTS (
          SELECT 1 FROM person_event c
          WHERE c.history = $1 AND c.subject = e.subject AND NOT c.counts
            AND ($4::timestamptz IS NULL OR c.recorded_at <= $4))
      ORDER BY coalesce(one, person_id), occurred_on, recorded_at, event_id
    )
    SELECT event_id, occurred_on, recorded_at, dimensions, amount FROM first"""


def are_counted_apart(measure: Measure, period: Period) -> bool:
    """Tell whether a figure is of distinct persons of a period that no fact counts: who counts once alone is counted by
    the fact of it."""
    return measure in IN_YEAR and measure not in ONCE and period.first is not None and not period.is_of_one_year


def persons_of_period(measure: Measure) -> str:
    """Give the SQL of such persons, by all that is known of everyone: their first valid times in the period."""
    return _PERSONS.format(united=UNITED.format(known="$4"))


def counted_as(measure: Measure, period: Period) -> Measure:
    """Give the measure whose facts add up to a measure's figure of a period."""
    return IN_YEAR.get(measure, measure) if period.is_of_one_year else measure


SINCE = "coalesce((dimensions ->> 'due_on')::date, occurred_on)"
"""The SQL of the day that a period's first day is compared with: retention alone tells when a contact was due."""


def counted_since(measure: Measure) -> str:
    """Give the SQL of that day for a measure."""
    return SINCE if measure in RETENTION else "occurred_on"


_OF_MANY_VALUES: frozenset[Dimension] = frozenset({"occupation", "wanted_occupation", "district", "age_band"})


def of_few_values(measure: Measure) -> Dimension:
    """Give what a measure is summed by in the fewest rows, of what it can be split by: for what isn't told apart."""
    by = MEASURES[measure].by
    few: list[Dimension] = [name for name in by if name not in _OF_MANY_VALUES]
    return (*few, *by)[0]


class Source(NamedTuple):
    """Days with what they tell and an amount, to be added up. Its SQL takes the measure, the period's last and first
    day, and what is known `until` as $1 to $4, and what else it needs, `more`, from $6 on."""

    sql: str
    until: date | datetime | None
    more: tuple[object, ...]


async def source_of(conn: Connection, measure: Measure, by: Sequence[Dimension], period: Period) -> Source:
    """Say where a measure is read from, split by some of its dimensions."""
    if not are_counted_apart(measure, period):
        return await _of_facts(conn, measure, by, period)
    persons = None if period.known_at else await changed_since(conn)
    if persons is None:
        told = f"SELECT occurred_on, {_told(by, 6)} AS told, amount FROM ({persons_of_period(measure)}) AS persons"
        return Source(told, period.known_until, (*by,))
    first_ever = await _of_facts(conn, measure, by, period)
    place = 6 + len(first_ever.more)
    again = OF_PERIOD.format(history="$1", first="$3", last="$2", persons=f"${place}")
    told = f"SELECT occurred_on, {_told(by, place + 1)}, 1 FROM ({again}) AS again"
    return Source(f"{first_ever.sql} UNION ALL {told}", first_ever.until, (*first_ever.more, persons, *by))


async def _of_facts(conn: Connection, measure: Measure, by: Sequence[Dimension], period: Period) -> Source:
    row = MEASURES[measure]
    is_rolled = {*by} <= {*row.rolled} and period.known_from is None
    if len(by) <= 1 and row.by and not (is_rolled and len(row.rolled) <= 1) and (last := await through(conn, "splits")):
        return _of_split(measure, by, last, period)
    table, recorded, kind, until = period.of_rollup if is_rolled else period.of_facts
    return Source(
        f"""SELECT occurred_on, {_told(by, 6)} AS told, amount FROM {table}
            WHERE measure = $1 AND occurred_on <= $2 AND ($3::date IS NULL OR {counted_since(measure)} >= $3)
              AND ($4::{kind} IS NULL OR {recorded} <= $4)""",
        until,
        (*by,),
    )


def _of_split(measure: Measure, by: Sequence[Dimension], last: int, period: Period) -> Source:
    """Say how what is summed up by one thing is read, and the facts since; with what a moment in the middle of a day
    knows of that day, since sums are of whole days. Split by nothing, all that is summed by some thing is told."""
    codes, values = ("ARRAY[NULL, code]", _told(by, 6)) if by else ("ARRAY[NULL]::text[]", "ARRAY[NULL]::text[]")
    since = f"""
        UNION ALL
        SELECT occurred_on, {values}, amount FROM fact
        WHERE measure = $1 AND occurred_on <= $2 AND ($3::date IS NULL OR {counted_since(measure)} >= $3)"""
    sql = f"""
        SELECT occurred_on, {codes} AS told, amount FROM split_daily
        WHERE measure = $1 AND dimension = $6 AND occurred_on <= $2 AND ($3::date IS NULL OR since_on >= $3)
          AND ($8::date IS NULL OR recorded_on <= $8)
        {since} AND fact_id > $7 AND ($4::timestamptz IS NULL OR recorded_at <= $4)"""
    more = ((*by, of_few_values(measure))[0], last, period.known_through)
    if period.known_from is None:
        return Source(sql, period.known_until, more)
    of_last_day = f"{since} AND fact_id <= $7 AND recorded_at BETWEEN $9 AND $4"
    return Source(sql + of_last_day, period.known_until, (*more, period.known_from))


def _told(by: Sequence[Dimension], place: int) -> str:
    """Give the SQL of what is told of dimensions, named by the parameters from a place on."""
    names = "".join(f", coalesce(dimensions ->> ${number}, '{UNKNOWN}')" for number, _ in enumerate(by, place))
    return f"ARRAY[NULL{names}]::text[]"
