"""Figures over HTTP: the whole answer, what was corrected in it, and the facts behind it."""

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response

from chassis.batch.clock import SEOUL, Clock
from chassis.batch.decisions import Actor
from chassis.batch.owners import EVERYBODY, NOBODY
from chassis.database.db import Pool, lent_for_reading, reading
from chassis.days import Day, DayOrMoment
from chassis.http.access import Door
from chassis.http.answers import json_answer
from chassis.http.auth import NotAllowed
from chassis.http.calls import reads
from chassis.http.problem_responses import Problem
from chassis.http.slots import COSTLY
from chassis.problems import INVALID_REQUEST
from chassis.texts import Line
from services.reporting.access import SURVEYS
from services.reporting.figures import asked, queries, rules
from services.reporting.figures.facts import behind
from services.reporting.figures.measures import Measure
from services.reporting.figures.period import Period
from services.reporting.figures.published import published
from services.reporting.readers import EVALUATOR, PROVERS, STAFF

MOST_POSITIONS = 100
MOST_NAMED = 50
LARGEST_ID = 2**63 - 1
YEARS = range(1900, 3000)

"""A day of Seoul, or a moment that names its offset."""

router = APIRouter(prefix="/figures", tags=["figures"])


async def asked_period(
    request: Request,
    as_of: Annotated[Day | None, Query(description="The last day counted; today if not given")] = None,
    first: Annotated[Day | None, Query(alias="from", description="The first day counted")] = None,
    known_at: Annotated[
        DayOrMoment | None, Query(description="Only what was recorded by the end of this day, or by this moment")
    ] = None,
) -> Period:
    if as_of is None:
        pool: Pool = request.app.state.pool
        clock: Clock = request.app.state.clock
        async with lent_for_reading(pool) as conn:
            as_of = (await clock.now(conn)).day
    if first is not None and first > as_of:
        raise Problem(INVALID_REQUEST, f"from {first} is after as_of {as_of}", "from")
    _check_years(known_at, "known_at")
    return Period(as_of, first, known_at)


def _check_years(known_at: date | datetime | None, field: str) -> None:
    if known_at is not None and known_at.year not in YEARS:
        raise Problem(INVALID_REQUEST, f"{field} is a day or moment of the years {YEARS[0]} to {YEARS[-1]}", field)


@router.get("", dependencies=[COSTLY])
async def figures(
    request: Request,
    period: Annotated[Period, Depends(asked_period)],
    figure: Annotated[
        list[Line],
        Query(max_length=MOST_NAMED, description="The path of a figure, or of a part, or a branch; all if not given"),
    ] = [],  # noqa: B006
    _: Actor = reads(Door(STAFF, NOBODY)),
) -> Response:
    """Give the published figures of a period, or those that are named alone, each at its place: `placed`,
    `placed.by_age`, `placed.by_age.-29`."""
    for name in figure:
        if refused := rules.published_as(name):
            raise Problem(refused.problem, refused.detail, refused.field)
    pool: Pool = request.app.state.pool
    clock: Clock = request.app.state.clock
    async with reading(pool) as conn:
        told = await published(conn, asked.named(figure), period, (await clock.now(conn)).day)
    if figure and isinstance(told := asked.only(told, figure), str):
        raise Problem(rules.UNKNOWN_FIGURE, f"in this period there is no {told}", "figure")
    return json_answer(told)


@router.get("/corrections", dependencies=[COSTLY])
async def corrections(
    request: Request,
    measure: Measure,
    since: Annotated[
        DayOrMoment,
        Query(description="What was recorded by the end of this day, or by this moment, had been published"),
    ],
    first: Annotated[Day | None, Query(alias="from", description="The first day shown")] = None,
    as_of: Annotated[Day | None, Query(description="The last day shown; the day of `since` if not given")] = None,
    known_at: Annotated[DayOrMoment | None, Query(description="What is known by then; now if not given")] = None,
    each: Annotated[Literal["day", "month"], Query(description="What a row is")] = "month",
    _: Actor = reads(Door(PROVERS, EVERYBODY)),
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
    return json_answer(
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
    period: Annotated[Period, Depends(asked_period)],
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    after: Annotated[int, Query(ge=0, le=LARGEST_ID)] = 0,
    actor: Actor = reads(Door((*PROVERS, EVALUATOR), SURVEYS)),
) -> Response:
    """List the facts of a measure, each with the position in the ledger of the event that made it.

    Their amounts add up to the figure of the period; `next`, given as `after`, goes on from the last. The persons of a
    calendar year are the facts `..._in_year`; of those of any other period that has a `from` the first event in it is
    listed, as a fact without a `fact_id`. Those of `survey_answers` are for the evaluation office alone, and it sees
    no others but those of `surveyed`.
    """
    allowed = rules.readers_of_facts(measure)
    if actor.role not in allowed:
        raise NotAllowed(actor, allowed)
    pool: Pool = request.app.state.pool
    async with reading(pool) as conn:
        page = await behind(conn, measure, period, after, limit)
    return json_answer({"facts": page.facts, "next": page.next})
