"""Reads of what stands beside releases."""

from collections.abc import Mapping
from datetime import date

import orjson

from chassis.database.db import Connection
from services.reporting.corrections.model import Corrected, Correction


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
