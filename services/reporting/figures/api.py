"""Figures over HTTP."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, Field

from chassis.calls import reads
from chassis.clock import SEOUL, Clock
from chassis.db import Pool, reading
from chassis.decisions import Actor
from chassis.problem_responses import Problem
from chassis.problems import INVALID_REQUEST
from services.reporting.figures import queries, rules
from services.reporting.figures.facts import behind
from services.reporting.figures.measures import Dimension, Measure
from services.reporting.figures.parts import parts
from services.reporting.figures.period import Period
from services.reporting.figures.publish import publish, visit_years
from services.reporting.targets import progress
from services.reporting.targets.queries import progresses

READERS = ("counsellor", "manager", "operator", "analyst", "evaluator", "partner", "employer")

MOST_DIMENSIONS = 3
MOST_POSITIONS = 100
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
    if as_of is None:
        pool: Pool = request.app.state.pool
        clock: Clock = request.app.state.clock
        async with pool.acquire() as conn:
            as_of = (await clock.now(conn)).day
    if first is not None and first > as_of:
        raise Problem(INVALID_REQUEST, f"from {first} is after as_of {as_of}", "from")
    _check_years(known_at, "known_at")
    return Period(as_of, first, known_at)


def _check_years(known_at: date | datetime | None, field: str) -> None:
    if known_at is not None and known_at.year not in YEARS:
        raise Problem(INVALID_REQUEST, f"{field} is a day or moment of the years {YEARS[0]} to {YEARS[-1]}", field)


def _check_split(measure: Measure, by: Sequence[Dimension]) -> None:
    if refused := rules.split_by(measure, by):
        raise Problem(refused.problem, refused.detail, refused.field)


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
        sums = await queries.sums(conn, period)
        unplaced, mismatches = await queries.unplaced_and_mismatches(conn, period, today, visit_years(sums))
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

    Persons are counted in the month of their first time in the period. `counsellors` is a month's joined less those
    who left.
    """
    named = (by,) if by else ()
    _check_split(measure, named)
    pool: Pool = request.app.state.pool
    async with reading(pool) as conn:
        found = await parts(conn, measure, named, period, monthly=True)
    months: dict[date | None, dict[str, int]] = {}
    for (month, values), amount in found.items():
        months.setdefault(month, {})["".join(values)] = amount
    return {
        "measure": measure,
        "by": by,
        "months": [
            {"month": f"{month:%Y-%m}", "total": sum(split.values()), "parts": split if by else None}
            for month, split in months.items()
        ],
    }


class SplitPart(BaseModel):
    """How many there are of a combination of values; `unknown` for those that no event tells of."""

    values: dict[Dimension, str]
    count: int


class Split(BaseModel):
    """A measure's figure of a period, and its parts, which add up to it. Combinations without anybody are not there."""

    measure: Measure
    by: list[Dimension]
    total: int
    parts: list[SplitPart]


@router.get("/split", response_model=Split)
async def split(
    request: Request,
    measure: Measure,
    period: Annotated[Period, Depends(_period)],
    by: Annotated[
        list[Dimension],
        Query(min_length=1, max_length=MOST_DIMENSIONS, description="What it is split by; repeat it for more than one"),
    ],
    _: Actor = reads(*READERS),
) -> Any:
    """Split a measure by up to three of its dimensions, over any period. Persons are those of the period, by their
    first time in it."""
    _check_split(measure, by)
    pool: Pool = request.app.state.pool
    async with reading(pool) as conn:
        found = await parts(conn, measure, by, period)
    return {
        "measure": measure,
        "by": by,
        "total": found.total(),
        "parts": [
            {"values": dict(zip(by, values, strict=True)), "count": count} for (_, values), count in found.items()
        ],
    }


@router.get("/corrections")
async def corrections(
    request: Request,
    measure: Measure,
    since: Annotated[
        KnownAt, Query(description="What was recorded by the end of this day, or by this moment, had been published")
    ],
    first: Annotated[date | None, Query(alias="from", description="The first day shown")] = None,
    as_of: Annotated[date | None, Query(description="The last day shown; the day of `since` if not given")] = None,
    known_at: Annotated[KnownAt | None, Query(description="What is known by then; now if not given")] = None,
    each: Annotated[Literal["day", "month"], Query(description="What a row is")] = "month",
    _: Actor = reads("manager", "operator", "analyst"),
) -> Response:
    """Show where a measure has changed since it was published: what was published then, what is known now, and the
    positions in the ledger of the events between, the first hundred of each day or month.

    Rows are the days or months of the measure's facts, those that nothing has changed left out. A person who moves from
    one to another is in both.
    """
    _check_years(since, "since")
    _check_years(known_at, "known_at")
    published = Period(date.max, None, since)
    until = published.known_until
    assert until is not None
    last = as_of or until.astimezone(SEOUL).date()
    period = Period(last, first, known_at)
    if first is not None and first > last:
        raise Problem(INVALID_REQUEST, f"from {first} is after {last}", "from")
    if period.known_until is not None and period.known_until < until:
        raise Problem(INVALID_REQUEST, f"known_at {known_at} is before since {since}", "known_at")
    pool: Pool = request.app.state.pool
    async with reading(pool) as conn:
        found = await queries.corrections(conn, measure, period, until, each, MOST_POSITIONS)
    return _json(
        {
            "measure": measure,
            "from": first,
            "as_of": last,
            "since": since,
            "known_at": known_at,
            "each": each,
            "published_then": sum(row["published_then"] for row in found),
            "known_now": sum(row["known_now"] for row in found),
            "corrections": [row for row in found if row["events"]],
        }
    )


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

    Their amounts add up to the figure of the period; `next`, given as `after`, goes on from the last. The persons of a
    calendar year are the facts `..._in_year`; of those of any other period that has a `from` the first event in it is
    listed, as a fact without a `fact_id`.
    """
    pool: Pool = request.app.state.pool
    async with reading(pool) as conn:
        page = await behind(conn, measure, period, after, limit)
    return _json({"facts": page.facts, "next": page.next})
