"""Which sums are behind."""

from datetime import date

from chassis.database.db import Connection, columns
from services.reporting.figures.summed import MADE_OF
from services.reporting.summing.commands import SumUp

LEAST = 5_000
"""Facts, or positions in the ledger, that are left to gather while more come in."""
IDLE_SECONDS = 5.0


async def behind(conn: Connection, day: date, limit: int) -> list[SumUp]:
    """Give the kinds of sums in which so much is missing; or anything, while nothing comes in."""
    rows = await conn.fetch(
        """WITH newest AS (SELECT position, received_at FROM ledger ORDER BY position DESC LIMIT 1)
           SELECT what,
                  CASE what WHEN 'splits' THEN (SELECT coalesce(max(fact_id), 0) FROM fact) ELSE position END AS last,
                  CASE WHEN made_of = m THEN through ELSE 0 END AS through,
                  received_at < clock_timestamp() - make_interval(secs => $3) AS is_idle
           FROM summed JOIN unnest($1::text[], $2::text[]) AS given (w, m) ON what = w CROSS JOIN newest
           ORDER BY what""",
        *columns([*MADE_OF.items()], 2),
        IDLE_SECONDS,
    )
    return [SumUp(row["what"]) for row in rows if row["last"] - row["through"] >= (1 if row["is_idle"] else LEAST)]
