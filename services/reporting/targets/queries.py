"""Reads of targets, and of the months that tell how far they are."""

from collections.abc import Sequence

from chassis.database.db import Connection
from services.reporting.figures.period import Period
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


async def _month_counts(
    conn: Connection, measures: Sequence[str], period: Period, *, rolled: bool
) -> Sequence[MonthCount]:
    table, recorded, known_in, kind, until, persons = (
        ("daily", "recorded_on", "recorded_on", "date", period.known_through, _NO_PERSONS)
        if rolled
        else (
            "fact",
            "recorded_at",
            "recorded_at AT TIME ZONE 'Asia/Seoul'",
            "timestamptz",
            period.known_until,
            _PERSONS,
        )
    )
    rows = await conn.fetch(
        f"""SELECT measure, date_trunc('month', occurred_on)::date AS month,
                   date_trunc('month', {known_in})::date AS known_in, min(occurred_on) AS first_on,
                   dimensions ->> 'completed_in' AS completed_in, dimensions ->> 'step' AS step,
                   {persons}, sum(amount)::bigint AS amount
            FROM {table}
            WHERE measure = ANY($1) AND occurred_on <= $2 AND ($3::{kind} IS NULL OR {recorded} <= $3)
            GROUP BY 1, 2, 3, 5, 6, 7, 8, 9, 10""",
        measures,
        period.as_of,
        until,
    )
    return [MonthCount(**row) for row in rows]
