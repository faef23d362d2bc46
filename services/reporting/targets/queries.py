"""Reads of targets, and of the months that tell how far they are."""

from collections.abc import Sequence

from chassis.database.db import Connection
from services.reporting.figures.measures import Dimension, Measure
from services.reporting.figures.period import Period
from services.reporting.figures.rows import MEASURES
from services.reporting.figures.sources import of_few_values
from services.reporting.figures.summed import through
from services.reporting.targets.model import COUNTS, Target, TargetKey, counts_of
from services.reporting.targets.progress import MonthCount, Progress, progress
from services.reporting.targets.store import targets_of


async def targets(conn: Connection, period: Period, year: int | None = None) -> list[Target]:
    """List the targets as of a day, with their values up to it: of one year, or of all from the period's first on."""
    rows = await conn.fetch(
        """SELECT * FROM target_value
           WHERE occurred_on <= $1 AND ($2::timestamptz IS NULL OR recorded_at <= $2)
             AND ($3::int IS NULL OR year = $3) AND ($4::int IS NULL OR year >= $4)
           ORDER BY year, measure, programme, person_group, version""",
        period.as_of,
        period.known_until,
        year,
        period.first.year if period.first else None,
    )
    return list(targets_of(rows).values())


async def progresses(conn: Connection, period: Period, year: int | None = None) -> list[Progress]:
    """Tell how far the targets are, by year, measure, programme and group."""
    found = await targets(conn, period, year)
    months = await month_counts(conn, [target.key for target in found], period)
    return [progress(target, months[target.key.is_for_all], period.as_of) for target in found]


async def month_counts(conn: Connection, keys: Sequence[TargetKey], period: Period) -> dict[bool, Sequence[MonthCount]]:
    """Sum by month what the keys' measures count: True for those that are for all, False for groups and programmes.

    The rollups tell of all, where whole days are known; which persons were counted only the facts tell.
    """
    return {
        for_all: await _month_counts(
            conn, sorted({COUNTS[c].measure for k in keys if k.is_for_all == for_all for c in counts_of(k.measure)}),
            period, rolled=for_all and period.known_from is None,
        )
        for for_all in {key.is_for_all for key in keys}
    }  # fmt: skip


_PERSONS = """dimensions ->> 'programme' AS programme,
               coalesce(dimensions ->> 'district' NOT IN ('outside', 'unknown'), false) AS resident,
               coalesce(dimensions ->> 'income_band' = 'low', false) AS low_income,
               coalesce(dimensions ->> 'breadwinner' = 'true', false) AS breadwinner"""
_NO_PERSONS = "NULL::text AS programme, false AS resident, false AS low_income, false AS breadwinner"
"""A rollup doesn't tell of persons."""

_COUNTED_BY: frozenset[Dimension] = frozenset({"completed_in", "step"})
"""What a target's count is told apart by, where its rollup is."""

_ROLLUPS = """SELECT measure, occurred_on, recorded_on, dimensions, amount FROM daily
              WHERE measure = ANY($1) AND occurred_on <= $2 AND ($3::date IS NULL OR recorded_on <= $3)"""

_RECORDED_ON = "(recorded_at AT TIME ZONE 'Asia/Seoul')::date"

_FACTS = f"""SELECT measure, occurred_on, {_RECORDED_ON} AS recorded_on, dimensions, amount FROM fact
             WHERE measure = ANY($1) AND occurred_on <= $2 AND ($3::timestamptz IS NULL OR recorded_at <= $3)"""

_ROLLUPS_AND_SUMS = f"""{_ROLLUPS}
             UNION ALL
             SELECT measure, occurred_on, recorded_on, NULL, amount
             FROM split_daily JOIN unnest($4::text[], $5::text[]) AS given (measure, dimension)
                              USING (measure, dimension)
             WHERE occurred_on <= $2 AND ($3::date IS NULL OR recorded_on <= $3)
             UNION ALL
             SELECT measure, occurred_on, {_RECORDED_ON}, NULL, amount FROM fact
             WHERE measure = ANY($4) AND fact_id > $6 AND occurred_on <= $2
               AND ($3::date IS NULL OR {_RECORDED_ON} <= $3)"""
"""Of those whose rollup is kept by several things, what is summed behind the facts by one of them, and the facts
since: a hundredth of the rows."""


async def _of_all(conn: Connection, measures: Sequence[Measure], period: Period) -> tuple[str, Sequence[object]]:
    """Give the SQL of what measures count by day, whoever was counted, with what it takes."""
    wide: list[Measure] = [
        m for m in measures if len(MEASURES[m].rolled) > 1 and not _COUNTED_BY & {*MEASURES[m].rolled}
    ]
    if not wide or not (last := await through(conn, "splits")):
        return _ROLLUPS, (measures, period.as_of, period.known_through)
    others = [measure for measure in measures if measure not in wide]
    by = [of_few_values(measure) for measure in wide]
    return _ROLLUPS_AND_SUMS, (others, period.as_of, period.known_through, wide, by, last)


async def _month_counts(
    conn: Connection, measures: Sequence[Measure], period: Period, *, rolled: bool
) -> Sequence[MonthCount]:
    if rolled:
        source, taken = await _of_all(conn, measures, period)
    else:
        source, taken = _FACTS, (measures, period.as_of, period.known_until)
    persons = _NO_PERSONS if rolled else _PERSONS
    rows = await conn.fetch(
        f"""WITH told AS (
             SELECT measure, occurred_on, recorded_on, dimensions ->> 'completed_in' AS completed_in,
                    dimensions ->> 'step' AS step, {persons}, sum(amount) AS amount
             FROM ({source}) AS counted
             GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9 HAVING sum(amount) <> 0
           )
           SELECT measure, date_trunc('month', occurred_on)::date AS month,
                  date_trunc('month', recorded_on)::date AS known_in, min(occurred_on) AS first_on,
                  completed_in, step, programme, resident, low_income, breadwinner, sum(amount)::bigint AS amount
           FROM told GROUP BY 1, 2, 3, 5, 6, 7, 8, 9, 10""",
        *taken,
    )
    return [MonthCount(**row) for row in rows]
