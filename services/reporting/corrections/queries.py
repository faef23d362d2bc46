"""Reads of what stands beside releases, and of what is known of their figures."""

from collections.abc import Mapping, Sequence
from datetime import date

import orjson

from chassis.database.db import Connection
from services.reporting.corrections.model import Corrected, Correction, Place
from services.reporting.corrections.places import by_month, in_columns, reached, told_once
from services.reporting.figures import asked
from services.reporting.figures.period import Period
from services.reporting.figures.published import published
from services.reporting.releases.contents import BY_YEAR, Tabulated, splits_of, tabulated
from services.reporting.releases.counting import headlines, months, splits
from services.reporting.releases.document import Number, ReleaseDocument
from services.reporting.releases.model import Split
from services.reporting.releases.withholding import Point
from services.reporting.targets.queries import progresses


async def corrections(conn: Connection, day: date) -> list[Correction]:
    """List the corrections of a release, the first first."""
    rows = await conn.fetch(
        """SELECT number, corrected_on, corrected_by, position, reason, figures FROM release_correction
           WHERE release = $1 ORDER BY number""",
        day,
    )
    return [
        Correction(
            number=row["number"],
            corrected_on=row["corrected_on"],
            corrected_by=row["corrected_by"],
            position=row["position"],
            reason=row["reason"],
            figures=[Corrected(**one) for one in orjson.loads(row["figures"])],
        )
        for row in rows
    ]


async def counts(conn: Connection) -> Mapping[date, int]:
    """Tell how many corrections each release has that has any."""
    rows = await conn.fetch("SELECT release, count(*) AS n FROM release_correction GROUP BY release")
    return {row["release"]: row["n"] for row in rows}


async def known(conn: Connection, release: ReleaseDocument) -> dict[Place, Number | None]:
    """Count anew the figures that a release tells of all, in its own columns."""
    day, period = release.release, Period(release.release)
    targets = [one for one in await progresses(conn, period, day.year) if one.target.key.is_for_all]
    return {
        **in_columns(await headlines(conn, day, release.columns)),
        **by_month(await months(conn, period)),
        **told_once(await published(conn, asked.named(BY_YEAR), period, day)),
        **{reached(one.target.key.year, one.target.key.measure): one.reached for one in targets},
    }


async def tables_known(
    conn: Connection, release: ReleaseDocument, before: Mapping[Split, Sequence[Point]], limit: int
) -> Tabulated:
    """Make a release's tables anew, in its own columns, with what isn't told beside all that was told before; of the
    points those are given that weren't."""
    made = tabulated(release.columns, await splits(conn, Period(release.release), splits_of(release)), before, limit)
    points = {
        split: [one for one in new if not any(map(one.tells_as, before.get(split, ())))]
        for split, new in made.points.items()
    }
    return made._replace(points=points)
