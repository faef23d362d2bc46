"""All SQL that loads and keeps the ended years."""

from collections.abc import Mapping, Sequence
from datetime import date

from chassis.batch.aggregates import Aggregate
from chassis.database.db import Connection, columns
from contracts.codes import OCCUPATIONS
from services.reporting.behind import is_behind
from services.reporting.figures.period import Period
from services.reporting.figures.queries import unplaced_on
from services.reporting.unplaced.model import EndedYear
from services.reporting.unplaced.queries import publications


class EndedYearStore(Aggregate[EndedYear]):
    """Keeps which years were published, and counts whom they left unplaced: only what publishes asks for one."""

    def key(self, state: EndedYear) -> int:
        return state.year

    async def load(self, conn: Connection, keys: Sequence[int]) -> Mapping[int, EndedYear]:
        await conn.execute("SELECT pg_advisory_xact_lock(hashtextextended('unplaced_published', 0))")
        rows = await conn.fetch("SELECT year, version, published_on FROM unplaced_published WHERE year = ANY($1)", keys)
        kept = {row["year"]: row for row in rows}
        # What arrives from here on is missing from the count or not: either way it isn't what was waiting.
        behind = await is_behind(conn)
        known = {(each.year, each.version): each for each in await publications(conn)}
        ends = {year: date(year, 12, 31) for year in keys}
        counted = await unplaced_on(conn, Period(max(ends.values())), tuple(ends.values()))
        found: dict[int, EndedYear] = {}
        for year, end in ends.items():
            version, published_on = (kept[year]["version"], kept[year]["published_on"]) if year in kept else (0, None)
            unplaced = tuple([told for told in counted[end].items() if told[0] in OCCUPATIONS])
            found[year] = EndedYear(year, unplaced, version, published_on, known.get((year, version)), behind)
        return found

    async def save(self, conn: Connection, states: Sequence[EndedYear]) -> None:
        await conn.execute(
            """INSERT INTO unplaced_published (year, version, published_on)
               SELECT * FROM unnest($1::int[], $2::int[], $3::date[])
               ON CONFLICT (year) DO UPDATE SET version = excluded.version, published_on = excluded.published_on""",
            *columns([(state.year, state.version, state.published_on) for state in states], 3),
        )
