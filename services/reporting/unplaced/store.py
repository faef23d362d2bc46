"""All SQL that loads and keeps the ended years."""

from collections.abc import Mapping, Sequence
from datetime import date

from chassis.aggregates import NothingToFind
from chassis.db import Connection, columns, plan_freely
from services.reporting.figures import queries
from services.reporting.figures.period import Period
from services.reporting.unplaced.model import EndedYear


class EndedYearStore(NothingToFind):
    """Keeps which years were published, and counts whom one that was not has left unplaced."""

    def key(self, state: EndedYear) -> int:
        return state.year

    async def load(self, conn: Connection, keys: Sequence[int]) -> Mapping[int, EndedYear]:
        await conn.execute("SELECT pg_advisory_xact_lock(hashtextextended('unplaced_published', 0))")
        rows = await conn.fetch("SELECT year, published_on FROM unplaced_published WHERE year = ANY($1)", keys)
        found = {row["year"]: EndedYear(row["year"], published_on=row["published_on"]) for row in rows}
        missing = [year for year in keys if year not in found]
        if missing:
            # It counts everyone who ever registered: by index, row by row, that took longer than a statement may.
            await plan_freely(conn)
            for year in missing:
                end = date(year, 12, 31)
                counted = await queries.unplaced_on(conn, Period(end), (end,))
                found[year] = EndedYear(year, tuple(counted[end].items()))
        return found

    async def save(self, conn: Connection, states: Sequence[EndedYear]) -> None:
        await conn.execute(
            "INSERT INTO unplaced_published (year, published_on) SELECT * FROM unnest($1::int[], $2::date[])",
            *columns([(state.year, state.published_on) for state in states], 2),
        )
