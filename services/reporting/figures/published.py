"""The published figures, read from what was counted and put together: what every answer that tells of them is made
of."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from chassis.database.db import Connection
from services.reporting.figures import asked, queries
from services.reporting.figures.made import BEGUN, visit_years
from services.reporting.figures.period import Period
from services.reporting.figures.publish import publish
from services.reporting.figures.surveys import surveys_until
from services.reporting.targets import progress
from services.reporting.targets.queries import progresses


async def published(conn: Connection, named: Sequence[asked.Figure], period: Period, today: date) -> dict[str, Any]:
    """Give figures as they are published, and look at nothing else."""
    paths = {one.published.path for one in named}
    sums = await queries.sums(conn, period, asked.measures(named))
    unplaced: Mapping[int, Sequence[str]] = {}
    mismatches: Mapping[int, queries.Mismatch] = {}
    if paths & {"unplaced_top_occupations", "visits"}:
        unplaced, mismatches = await queries.unplaced_and_mismatches(conn, period, today, visit_years(sums))
    targets = [progress.published(each) for each in await progresses(conn, period)] if "targets" in paths else ()
    return publish(
        sums,
        period,
        unplaced=unplaced,
        mismatches=mismatches,
        targets=targets,
        surveys=await surveys_until(conn, period) if "surveys" in paths else (),
        by_year=await queries.by_year(conn, BEGUN, period) if "internships" in paths else {},
        figures=named,
    )
