"""Reads of the figures: sums of the daily rollups, and their corrections."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from chassis.database.db import Connection
from contracts.codes import Occupation
from services.reporting.figures.dimensions import as_text
from services.reporting.figures.measures import Dimension, Measure
from services.reporting.figures.model import VISITED_FIRST
from services.reporting.figures.parts import parts
from services.reporting.figures.period import Period
from services.reporting.figures.persons import FIRST_IN_YEAR
from services.reporting.figures.rows import MEASURES, WHENEVER
from services.reporting.figures.sources import RETENTION, UNKNOWN, counted_as

Sums = Mapping[Measure, Mapping[tuple[str, ...], int]]
"""By measure, the sums by the dimensions that its rollup is kept by, in order, `unknown` where an
event doesn't tell, `ALL_OF_THEM` where it isn't told apart; retention by its step."""

Apart = Mapping[Measure, Collection[Dimension]]
"""Measures, each with the dimensions of its rollup that it has to be told apart by."""

ALL_OF_THEM = ""
"""In place of a value: whatever it is."""

WHOLE: Apart = {measure: row.rolled for measure, row in MEASURES.items()}

ByYear = Mapping[Measure, Mapping[str, int]]
"""By measure, the sums by the calendar year of the facts."""


class Sides(NamedTuple):
    """The two sides of a mismatch on a day: persons unplaced, and openings open."""

    unplaced: int
    openings: int


class Mismatch(NamedTuple):
    """The occupations that a year's visits go by, and both sides at their start and by now."""

    occupations: tuple[Occupation, ...]
    before: Sides
    after: Sides


async def sums(conn: Connection, period: Period, measures: Apart = WHOLE) -> Sums:
    """Sum measures over a period; of others nothing is told. Persons are those of the period, by their first time in
    it.

    What is told apart by one thing at most is read as its parts are: a rollup of several has nearly as many rows as
    there are facts.
    """
    few: Apart = {measure: by for measure, by in measures.items() if len(by) <= 1 < len(MEASURES[measure].rolled)}
    found: dict[Measure, Mapping[tuple[str, ...], int]] = {}
    found.update(await _sums_of_rollups(conn, period, [measure for measure in measures if measure not in few]))
    for measure, by in few.items():
        rolled, told = MEASURES[measure].rolled, await parts(conn, measure, (*by,), period)
        found[measure] = {
            tuple(values[0] if name in by else ALL_OF_THEM for name in rolled): amount
            for (_, values), amount in told.items()
        }
    return found


async def _sums_of_rollups(conn: Connection, period: Period, measures: Collection[Measure]) -> Sums:
    found: dict[Measure, Counter[tuple[str, ...]]] = {measure: Counter() for measure in MEASURES}
    apart: set[Measure] = {*RETENTION, *(FIRST_IN_YEAR if period.first else FIRST_IN_YEAR.values())}
    if period.first and not period.is_of_one_year:
        apart.update(FIRST_IN_YEAR.values())
    counted: set[Measure] = {counted_as(measure, period) for measure in measures}
    asked = sorted(counted - apart)
    for row in [*await _rollups(conn, period, asked), *await _facts_of_the_last_day(conn, period, asked)]:
        found[row["measure"]][_values(row["measure"], row["dimensions"])] += row["amount"]
    for history, in_year in FIRST_IN_YEAR.items():
        if period.is_of_one_year:
            found[history] = found[in_year]
        elif period.first is not None and history in measures:
            in_period = await parts(conn, history, MEASURES[history].rolled, period)
            found[history] = Counter({values: amount for (_, values), amount in in_period.items()})
    of_retention: list[Measure] = [measure for measure in RETENTION if measure in measures]
    for measure in of_retention:
        by_step = await parts(conn, measure, ("step",), period)
        found[measure] = Counter({values: amount for (_, values), amount in by_step.items()})
    return found


def _values(measure: Measure, dimensions: Mapping[str, str | bool]) -> tuple[str, ...]:
    return tuple(as_text(dimensions.get(name, UNKNOWN)) for name in MEASURES[measure].rolled)


_OCCURRED = "occurred_on <= $1 AND ($2::date IS NULL OR occurred_on >= $2 OR measure = ANY($3))"
"""Of what there is on a day, all up to it counts (`WHENEVER`)."""


async def _rollups(conn: Connection, period: Period, measures: Sequence[Measure]) -> list[Any]:
    return await conn.fetch(
        f"""SELECT measure, dimensions, sum(amount)::bigint AS amount FROM daily
            WHERE {_OCCURRED} AND ($4::date IS NULL OR recorded_on <= $4) AND measure = ANY($5)
            GROUP BY measure, dimensions""",
        period.as_of,
        period.first,
        WHENEVER,
        period.known_through,
        measures,
    )


async def _facts_of_the_last_day(conn: Connection, period: Period, measures: Sequence[Measure]) -> list[Any]:
    """Sum what a moment in the middle of a day knows of that day."""
    if period.known_from is None:
        return []
    return await conn.fetch(
        f"""SELECT measure, dimensions, sum(amount)::bigint AS amount FROM fact
            WHERE {_OCCURRED} AND recorded_at BETWEEN $4 AND $5 AND measure = ANY($6)
            GROUP BY measure, dimensions""",
        period.as_of,
        period.first,
        WHENEVER,
        period.known_from,
        period.known_until,
        measures,
    )


async def by_year(conn: Connection, measures: Sequence[Measure], period: Period) -> ByYear:
    """Sum measures over a period by the calendar year in which things occurred."""
    found: dict[Measure, Counter[str]] = {}
    for measure in measures:
        found[measure] = Counter()
        for (month, _), amount in (await parts(conn, measure, (), period, monthly=True)).items():
            assert month is not None
            found[measure][str(month.year)] += amount
    return found


async def unplaced_on(
    conn: Connection, period: Period, days: Sequence[date], by: Dimension = "wanted_occupation"
) -> dict[date, dict[Any, int]]:
    """Count, for the end of each of some days, those who had registered and were not placed by then, by what their
    registration told (the occupation that they wanted first): most persons first, ties by code. The period says what is
    known of them.

    It sums the changes up to each day, each once, however many days there are (counted from the number of a day on).
    """
    ordered = sorted({*days})
    of_last_day = (
        ""
        if period.known_from is None
        else """
               UNION ALL
               SELECT occurred_on, coalesce(dimensions ->> $2, $5), amount FROM unplaced_change
               WHERE recorded_at BETWEEN $6 AND $7"""
    )
    rows = await conn.fetch(
        f"""WITH moved AS (
             SELECT width_bucket(occurred_on - 1, $1::date[]) AS since, code, sum(amount) AS persons FROM (
               SELECT occurred_on, code, amount FROM unplaced_daily
               WHERE dimension = $2 AND occurred_on <= $3 AND ($4::date IS NULL OR recorded_on <= $4){of_last_day}
             ) AS counted
             GROUP BY since, code
           )
           SELECT last, code, sum(persons)::bigint AS persons
           FROM unnest($1::date[]) WITH ORDINALITY AS given (last, number) JOIN moved ON since < number
           GROUP BY last, code HAVING sum(persons) <> 0 ORDER BY last, persons DESC, code""",
        ordered,
        by,
        max(ordered, default=date.min),
        period.known_through,
        *((UNKNOWN, period.known_from, period.known_until) if of_last_day else ()),
    )
    found: dict[date, dict[Any, int]] = {day: {} for day in ordered}
    for row in rows:
        found[row["last"]][row["code"]] = row["persons"]
    return found


async def first_registered_on(conn: Connection) -> date | None:
    """Give the day on which the first was registered; None where nobody was."""
    return await conn.fetchval("SELECT min(occurred_on) FROM daily WHERE measure = 'registered'")


async def _ends_of_years(conn: Connection, period: Period, today: date) -> list[date]:
    """Give the last days of those years of a period that are over, from the first in which somebody registered."""
    last = min(period.as_of, today)
    first = await first_registered_on(conn)
    if first is None:
        return []
    start = max(first.year, period.first.year if period.first else first.year)
    return [date(year, 12, 31) for year in range(start, last.year + 1) if date(year, 12, 31) <= last]


async def openings_on(conn: Connection, period: Period, days: Sequence[date]) -> dict[date, Counter[Occupation]]:
    """Count the openings of the postings that were open at the end of each of some days, by occupation: each change is
    summed once, however many days there are."""
    table, recorded, kind, until = (
        ("daily", "recorded_on", "date", period.known_through)
        if period.known_from is None
        else ("fact", "recorded_at", "timestamptz", period.known_until)
    )
    ordered = sorted({*days})
    rows = await conn.fetch(
        f"""WITH moved AS (
             SELECT width_bucket(occurred_on - 1, $1::date[]) AS since, dimensions ->> 'occupation' AS code,
                    sum(amount) AS openings
             FROM {table}
             WHERE measure = 'openings' AND occurred_on <= $3 AND ($2::{kind} IS NULL OR {recorded} <= $2)
             GROUP BY since, code
           )
           SELECT last, code, sum(openings)::int AS openings
           FROM unnest($1::date[]) WITH ORDINALITY AS given (last, number) JOIN moved ON since < number
           GROUP BY last, code""",
        ordered,
        until,
        max(ordered, default=date.min),
    )
    found: dict[date, Counter[Occupation]] = {day: Counter() for day in days}
    for row in rows:
        found[row["last"]][row["code"]] = row["openings"]
    return found


async def unplaced_and_mismatches(
    conn: Connection, period: Period, today: date, visited: Sequence[int]
) -> tuple[dict[int, list[str]], dict[int, Mismatch]]:
    """Give, by year, the occupations of the unplaced at its end, and the mismatch that its visits are to lessen.

    The first: for each year of the period that is over, what those who had registered and were not placed by its end
    wanted first; most persons first, ties by code. The second, for the years in `visited`: who was unplaced and which
    openings were open before and after, in those five occupations that had the most unplaced when the year before
    ended. After is the year's end, or the period's.
    """
    last = min(period.as_of, today)
    ends = await _ends_of_years(conn, period, today)
    before = {year: date(year - 1, 12, 31) for year in visited}
    after = {year: min(date(year, 12, 31), last) for year in visited}
    sides = sorted({*before.values(), *after.values()})
    days = sorted({*ends, *sides})
    if not days:
        return {}, {}
    persons = await unplaced_on(conn, period, days)
    openings = await openings_on(conn, period, sides) if sides else {}
    mismatches: dict[int, Mismatch] = {}
    for year in visited:
        five = tuple(persons[before[year]])[:VISITED_FIRST]

        def of_five(day: date, five: tuple[Occupation, ...] = five) -> Sides:
            return Sides(sum(persons[day].get(code, 0) for code in five), sum(openings[day][code] for code in five))

        mismatches[year] = Mismatch(five, of_five(before[year]), of_five(after[year]))
    return {day.year: list(persons[day]) for day in ends if persons[day]}, mismatches


async def corrections(
    conn: Connection, measure: Measure, period: Period, since: datetime, each: Literal["day", "month"], most: int
) -> list[dict[str, Any]]:
    """Give a measure by day or month as it was known at `since`, and as it is known in the period; with the positions
    in the ledger of at most so many of the events that were recorded between and have changed it."""
    rows = await conn.fetch(
        """SELECT date_trunc($6, occurred_on)::date AS first_day,
                  coalesce(sum(amount) FILTER (WHERE recorded_at <= $5), 0)::bigint AS published_then,
                  sum(amount)::bigint AS known_now,
                  array_agg(DISTINCT position) FILTER (WHERE recorded_at > $5) AS positions
           FROM fact
           WHERE measure = $1 AND occurred_on <= $2 AND ($3::date IS NULL OR occurred_on >= $3)
             AND ($4::timestamptz IS NULL OR recorded_at <= $4)
           GROUP BY first_day ORDER BY first_day""",
        measure,
        period.as_of,
        period.first,
        period.known_until,
        since,
        each,
    )
    return [
        {
            "first_day": row["first_day"],
            "published_then": row["published_then"],
            "known_now": row["known_now"],
            "difference": row["known_now"] - row["published_then"],
            "events": len(row["positions"] or ()),
            "positions": (row["positions"] or [])[:most],
        }
        for row in rows
    ]
