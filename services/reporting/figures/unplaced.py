"""Whom days left unplaced, over HTTP: on any day, or at the end of each month, by what their registration told."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict

from chassis.batch.clock import Clock
from chassis.batch.decisions import Actor
from chassis.batch.owners import NOBODY
from chassis.database.db import Connection, Pool, reading
from chassis.http.access import Door
from chassis.http.calls import reads
from chassis.http.problem_responses import Problem
from chassis.http.slots import COSTLY
from services.reporting.figures import queries, rules
from services.reporting.figures.api import asked_period
from services.reporting.figures.measures import Dimension
from services.reporting.figures.period import Period, month_end
from services.reporting.readers import STAFF

_EXAMPLE: Mapping[str, Any] = {
    "by": "age_band",
    "days": [{"day": "2010-12-31", "total": 17702, "parts": {"40-54": 6020, "-29": 5801, "30-39": 3980, "55-": 1901}}],
}

router = APIRouter(prefix="/figures", tags=["figures"])


class UnplacedDay(BaseModel):
    """How many were unplaced when a day ended, and their parts; `unknown` has those of whom no event tells."""

    day: date
    total: int
    parts: dict[str, int]


class Unplaced(BaseModel):
    """Who had registered and was not placed through the centre by the end of each day."""

    model_config = ConfigDict(json_schema_extra={"examples": [dict(_EXAMPLE)]})

    by: Dimension
    days: list[UnplacedDay]


@router.get("/unplaced", response_model=Unplaced, dependencies=[COSTLY])
async def unplaced(
    request: Request,
    period: Annotated[Period, Depends(asked_period)],
    by: Annotated[
        Dimension, Query(description="What they are told apart by, as they registered")
    ] = "wanted_occupation",
    each: Annotated[
        Literal["month"] | None, Query(description="The end of each month up to as_of, instead of as_of alone")
    ] = None,
    _: Actor = reads(Door(STAFF, NOBODY)),
) -> Any:
    """Tell who had registered and was not placed by the end of a day, or of each month: by the first wanted occupation
    if nothing else is asked for.

    A month that isn't over is told of up to `as_of`, or today. Nobody registered before the first month.
    """
    if refused := rules.unplaced_by(by, period.first, each):
        raise Problem(refused.problem, refused.detail, refused.field)
    pool: Pool = request.app.state.pool
    clock: Clock = request.app.state.clock
    async with reading(pool) as conn:
        days = await _month_ends(conn, period, (await clock.now(conn)).day) if each else [period.as_of]
        found = await queries.unplaced_on(conn, period, days, by)
    return {"by": by, "days": [_told(day, parts) for day, parts in found.items()]}


async def _month_ends(conn: Connection, period: Period, today: date) -> Sequence[date]:
    first = await queries.first_registered_on(conn)
    return month_ends(max(first, period.first or first), min(period.as_of, today)) if first else []


def month_ends(first: date, last: date) -> list[date]:
    """Give the last days of the months from a day to another; of the last month that day itself."""
    ends: list[date] = []
    while first <= last:
        end = month_end(first)
        ends.append(min(end, last))
        first = end + timedelta(days=1)
    return ends


def _told(day: date, parts: Mapping[str, int]) -> dict[str, Any]:
    return {"day": day, "total": sum(parts.values()), "parts": parts}
