"""Targets over HTTP."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from chassis.batch.clock import Clock
from chassis.batch.decisions import Actor
from chassis.batch.owners import NOBODY
from chassis.database.db import Pool, reading
from chassis.days import Day
from chassis.http.access import Door
from chassis.http.calls import Call, asks, reads
from chassis.http.slots import COSTLY
from contracts.codes import Programme
from contracts.owners import MANAGER
from contracts.targets import TargetGroup, TargetMeasure
from services.reporting.figures.period import Period
from services.reporting.readers import STAFF
from services.reporting.targets import queries
from services.reporting.targets.commands import SetTarget, TargetForm
from services.reporting.targets.forecast import Forecast
from services.reporting.targets.model import EVERYBODY, TargetKey, number
from services.reporting.targets.progress import Progress, at_month_ends, told_on

Amount = int | float
"""A count as a whole number, a percentage with one decimal."""

Year = Annotated[int, Query(ge=1900, le=2200)]
DayOfFigures = Annotated[Day, Field(ge=date(1900, 1, 1), le=date(2999, 12, 31))]

router = APIRouter(prefix="/targets", tags=["targets"])


class TargetAnswer(BaseModel):
    """A target as it was set; `replaced` is the value that held before, null where there was none."""

    year: int
    measure: TargetMeasure
    value: Amount
    programme: Programme | None = None
    group: TargetGroup | None = None
    replaced: Amount | None


class ValueView(BaseModel):
    """A value that was set for a target: on which day, and when that was recorded."""

    value: Amount
    occurred_on: date
    recorded_at: datetime


class ForecastView(BaseModel):
    """What the year is expected to come to, and the interval that holds it four times out of five."""

    expected: Amount
    low: Amount
    high: Amount


class PaceView(BaseModel):
    """Counts a month, a twelfth of the year: what it was so far, and what the rest of the year needs."""

    so_far: float | None
    needed: float | None


class TargetView(BaseModel):
    """A target and how far it is. `pace` only counts have; what nothing tells of yet is null."""

    year: int
    measure: TargetMeasure
    programme: Programme | None
    group: TargetGroup | None
    value: Amount
    values: list[ValueView]
    reached: Amount | None
    pace: PaceView | None
    forecast: ForecastView | None
    on_track: bool | None


class MonthEnd(BaseModel):
    """What a month's end would have told: what was reached by it, and what the year would come to."""

    day: date
    reached: Amount | None
    forecast: ForecastView | None


class Backtest(BaseModel):
    """The forecasts of a year at each month's end, beside what it came to (null while it isn't over)."""

    year: int
    measure: TargetMeasure
    programme: Programme | None
    group: TargetGroup | None
    came_to: Amount | None
    months: list[MonthEnd]


@router.post("", status_code=201, response_model=TargetAnswer)
async def set_target(form: TargetForm, call: Call = asks(Door(MANAGER, NOBODY))) -> Response:
    """Set a target for a year, or set it anew. The values before it stay on record."""
    return await call.run(SetTarget(form), 201)


@router.get("", response_model=list[TargetView])
async def targets(
    request: Request,
    year: Annotated[int | None, Query(ge=1900, le=2200, description="This year if not given")] = None,
    as_of: Annotated[DayOfFigures | None, Query(description="The last day counted; today if not given")] = None,
    known_at: Annotated[DayOfFigures | None, Query(description="Only what was recorded by the end of this day")] = None,
    _: Actor = reads(Door(STAFF, NOBODY)),
) -> Any:
    """List a year's targets and how far they are, by measure, programme and group."""
    pool: Pool = request.app.state.pool
    clock: Clock = request.app.state.clock
    async with reading(pool) as conn:
        today = (await clock.now(conn)).day
        period = Period(as_of or today, None, known_at)
        return [_view(each) for each in await queries.progresses(conn, period, year or period.as_of.year)]


@router.get("/backtest", response_model=Backtest, dependencies=[COSTLY])
async def backtest(
    request: Request,
    year: Year,
    measure: TargetMeasure,
    programme: Programme | None = None,
    group: TargetGroup | None = None,
    _: Actor = reads(Door(STAFF, NOBODY)),
) -> Any:
    """Tell what the forecast would have said at each month's end of a year, from what was recorded by then."""
    pool: Pool = request.app.state.pool
    clock: Clock = request.app.state.clock
    key = TargetKey(year, measure, programme or EVERYBODY, group or EVERYBODY)
    async with reading(pool) as conn:
        today = (await clock.now(conn)).day
        counts = (await queries.month_counts(conn, [key], Period(today)))[key.is_for_all]
    return {
        "year": year,
        "measure": measure,
        "programme": programme,
        "group": group,
        "came_to": told_on(key, counts, today).reached if today > date(year, 12, 31) else None,
        "months": [
            {"day": end, "reached": told.reached, "forecast": _forecast(measure, told.forecast)}
            for end, told in at_month_ends(key, counts, today)
        ],
    }


def _view(progress: Progress) -> dict[str, Any]:
    key = progress.target.key
    return {
        "year": key.year,
        "measure": key.measure,
        "programme": key.programme or None,
        "group": key.group or None,
        "value": number(key.measure, progress.target.present.value),
        "values": [{**value._asdict(), "value": number(key.measure, value.value)} for value in progress.target.values],
        "reached": progress.reached,
        "pace": progress.pace and progress.pace._asdict(),
        "forecast": _forecast(key.measure, progress.forecast),
        "on_track": progress.on_track,
    }


def _forecast(measure: str, forecast: Forecast | None) -> dict[str, Any] | None:
    if forecast is None:
        return None
    return {name: number(measure, value) for name, value in forecast._asdict().items()}
