"""The parts of a measure: split by some of its dimensions, and by month, over any period."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from chassis.database.db import Connection
from services.reporting.figures.measures import Dimension, Measure
from services.reporting.figures.period import Period
from services.reporting.figures.sources import counted_as, source_of

Part = tuple[date | None, tuple[str, ...]]
"""The first of the month where asked for, and a value for each dimension."""


async def parts(
    conn: Connection, measure: Measure, by: Sequence[Dimension], period: Period, *, monthly: bool = False
) -> Counter[Part]:
    """Count the parts of a measure; they add up to its figure of the same period (of `counsellors`, by month, to the
    change of the figure)."""
    source = await source_of(conn, measure, by, period)
    rows = await conn.fetch(
        f"""SELECT CASE WHEN $5 THEN date_trunc('month', occurred_on)::date END AS month,
                   sum(amount)::bigint AS amount, told
            FROM ({source.sql}) AS counted
            GROUP BY month, told HAVING sum(amount) <> 0 ORDER BY month, told""",
        counted_as(measure, period),
        period.as_of,
        period.first,
        source.until,
        monthly,
        *source.more,
    )
    return Counter({(row["month"], tuple(row["told"][1:])): row["amount"] for row in rows})
