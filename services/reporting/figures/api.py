"""Figures over HTTP."""

from datetime import date
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, Field

from chassis.calls import reads
from chassis.clock import Clock
from chassis.db import Pool, reading
from chassis.decisions import Actor
from chassis.problem_responses import Problem
from chassis.problems import INVALID_REQUEST
from services.reporting.figures import queries
from services.reporting.figures.measures import Dimension, Measure
from services.reporting.figures.period import Period
from services.reporting.figures.publish import publish, visit_years
from services.reporting.targets import progress
from services.reporting.targets.queries import progresses

READERS = ("counsellor", "manager", "operator", "analyst", "evaluator", "partner", "employer")

LARGEST_ID = 2**63 - 1
YEARS = range(1900, 3000)

KnownAt = Annotated[AwareDatetime | date, Field(union_mode="left_to_right")]
"""A day of Seoul, or a moment that names its offset."""

router = APIRouter(prefix="/figures", tags=["figures"])


async def _period(
    request: Request,
    as_of: Annotated[date | None, Query(description="The last day counted; today if not given")] = None,
    first: Annotated[date | None, Query(alias="from", description="The first day counted")] = None,
    known_at: Annotated[
        KnownAt | None, Query(description="Only what was recorded by the end of this day, or by this moment")
    ] = None,
) -> Period:
    pool: Pool = request.app.state.pool
    clock: Clock = request.app.state.clock
    if as_of is None:
        async with pool.acquire() as conn:
            as_of = (await clock.now(conn)).day
    if first is not None and first > as_of:
        raise Problem(INVALID_REQUEST, f"from {first} is after as_of {as_of}", "from")
    if known_at is not None and known_at.year not in YEARS:
        raise Problem(
            INVALID_REQUEST, f"known_at is a day or moment of the years {YEARS[0]} to {YEARS[-1]}", "known_at"
        )
    return Period(as_of, first, known_at)


def _json(content: Any) -> Response:
    return Response(orjson.dumps(content, default=str), media_type="application/json")


@router.get("")
async def figures(
    request: Request, period: Annotated[Period, Depends(_period)], _: Actor = reads(*READERS)
) -> Response:
    """Give the published figures of a period."""
    pool: Pool = request.app.state.pool
    clock: Clock = request.app.state.clock
    async with reading(pool) as conn:
        today = (await clock.now(conn)).day
        sums, unplaced = await queries.sums(conn, period), await queries.unplaced(conn, period, today)
        mismatches = await queries.mismatches(conn, period, today, visit_years(sums))
        targets = [progress.published(each) for each in await progresses(conn, period)]
    return _json(publish(sums, period, unplaced=unplaced, mismatches=mismatches, targets=targets))


class Month(BaseModel):
    """A month's sum of a measure, and its parts where it is split; `unknown` has those that no event tells of."""

    month: str
    total: int
    parts: dict[str, int] | None = None


class Series(BaseModel):
    """A measure by month. Months in which nothing happened are not there."""

    measure: Measure
    by: Dimension | None
    months: list[Month]


@router.get("/monthly", response_model=Series, response_model_exclude_none=True)
async def monthly(
    request: Request,
    measure: Measure,
    period: Annotated[Period, Depends(_period)],
    by: Annotated[Dimension | None, Query(description="What each month is split by")] = None,
    _: Actor = reads(*READERS),
) -> Any:
    """Give a measure as a monthly series. Its months add up to the measure's figure of the same period.

    Persons are counted on the day of their first time ever; with a `from`, those whose first time lies after it.
    `counsellors` is a month's joined less those who left.
    """
    pool: Pool = request.app.state.pool
    async with reading(pool) as conn:
        found = await queries.monthly(conn, measure, by, period)
    return {
        "measure": measure,
        "by": by,
        "months": [
            {
                "month": f"{month:%Y-%m}",
                "total": parts.total(),
                "parts": {part or "unknown": amount for part, amount in parts.items()} if by else None,
            }
            for month, parts in found.items()
        ],
    }


@router.get("/facts")
async def facts(
    request: Request,
    measure: Measure,
    period: Annotated[Period, Depends(_period)],
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    after: Annotated[int, Query(ge=0, le=LARGEST_ID)] = 0,
    _: Actor = reads("manager", "operator", "analyst"),
) -> Response:
    """List the facts of a measure, each with the position in the ledger of the event that made it.

    Their amounts add up to the figure; `next`, given as `after`, goes on from the last. The persons of a calendar year
    are the facts `..._in_year`; those of any other period that has a `from` are counted apart.
    """
    pool: Pool = request.app.state.pool
    async with reading(pool) as conn:
        found = await queries.facts(conn, measure, period, after, limit)
    return _json({"facts": found, "next": found[-1]["fact_id"] if len(found) == limit else None})
