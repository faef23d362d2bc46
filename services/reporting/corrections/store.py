"""All SQL that loads and keeps what stands beside a release."""

from collections.abc import Mapping, Sequence
from datetime import date

import orjson

from chassis.batch.aggregates import Aggregate
from chassis.database.db import Connection, columns
from services.reporting import ledger
from services.reporting.behind import is_behind
from services.reporting.corrections import queries
from services.reporting.corrections.model import Comparison, Correction
from services.reporting.corrections.places import Known, compared
from services.reporting.ledger.queries import last_position
from services.reporting.releases.document import ReleaseDocument
from services.reporting.releases.queries import document, points_told, released
from services.reporting.releases.store import hold, keep_points


class ComparisonStore(Aggregate[Comparison]):
    """Keeps which releases were compared and what was corrected, and counts their figures anew: only who compares asks
    for one. Until the transaction ends nothing enters the ledger."""

    rests_on_others = True

    def __init__(self, limit: int) -> None:
        """Counts of tables below `limit`, and below the release's own, aren't told."""
        self._limit = limit

    def key(self, state: Comparison) -> date:
        return state.day

    async def load(self, conn: Connection, keys: Sequence[date]) -> Mapping[date, Comparison]:
        await hold(conn)
        all_days = [one.day for one in await released(conn)]
        points = await points_told(conn)
        behind = await is_behind(conn)
        await ledger.store.stand_still(conn)
        position = await last_position(conn)
        found: dict[date, Comparison] = {}
        for day in {*keys}.intersection(all_days):
            kept = await document(conn, day)
            assert kept is not None
            release = ReleaseDocument.model_validate_json(kept[0])
            corrections = await queries.corrections(conn, day)
            found[day] = compared(
                release,
                corrections,
                Known(
                    await queries.known(conn, release),
                    await queries.tables_known(conn, release, points, max(self._limit, release.limit)),
                    position,
                ),
                newest=all_days[0],
                is_behind=behind,
            )
        return found

    async def save(self, conn: Connection, states: Sequence[Comparison]) -> None:
        await conn.execute(
            """INSERT INTO release_compared (release, newest) SELECT * FROM unnest($1::date[], $2::date[])
               ON CONFLICT (release) DO UPDATE SET newest = excluded.newest""",
            *columns([(state.day, state.newest) for state in states], 2),
        )
        await conn.execute(
            """INSERT INTO release_correction (release, number, corrected_on, corrected_by, position, reason, figures)
               SELECT * FROM unnest($1::date[], $2::int[], $3::date[], $4::text[], $5::bigint[], $6::text[],
                                    $7::jsonb[])""",
            *columns([_row(state.day, state.made) for state in states if state.made is not None], 7),
        )
        for state in states:
            if state.made is not None and state.made.tells_of_tables:
                await keep_points(conn, state.day, state.made.number, state.points)


def _row(day: date, made: Correction) -> tuple[object, ...]:
    figures = orjson.dumps([one._asdict() for one in made.figures]).decode()
    return day, made.number, made.corrected_on, made.corrected_by, made.position, made.reason, figures
