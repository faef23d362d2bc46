"""Series and splits over HTTP: a measure, or a share of two, by month or by what its events tell."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel

from chassis.batch.decisions import Actor
from chassis.batch.owners import NOBODY
from chassis.database.db import Pool, reading
from chassis.http.access import Door
from chassis.http.auth import NotAllowed
from chassis.http.calls import reads
from chassis.http.problem_responses import Problem
from chassis.http.slots import COSTLY
from services.reporting.figures import rules
from services.reporting.figures.api import asked_period
from services.reporting.figures.measures import Dimension, Measure, ShareName
from services.reporting.figures.parts import Part, parts
from services.reporting.figures.period import Period
from services.reporting.figures.shares import Divided, divide, share_parts
from services.reporting.readers import EVALUATOR, STAFF

MOST_DIMENSIONS = 3

MeasureAsked = Annotated[Measure | None, Query(description="What is counted")]
ShareAsked = Annotated[ShareName | None, Query(description="Instead of a measure: one count divided by another")]

_Counted = TypeVar("_Counted")

router = APIRouter(prefix="/figures", tags=["figures"])


class Month(BaseModel):
    """A month's sum of a measure, and its parts where it is split; `unknown` has those that no event tells of."""

    month: str
    total: int
    parts: dict[str, int] | None = None


class Series(BaseModel):
    """A measure by month. Months in which nothing happened are not there."""

    measure: Measure
    by: Dimension | None = None
    months: list[Month]


class SharePart(BaseModel):
    """The two counts of a share, and what it is to one decimal: a percentage where its name says so, null over zero."""

    numerator: int
    denominator: int
    value: float | None


class ShareMonth(SharePart):
    """A month's share, and its parts where it is split."""

    month: str
    parts: dict[str, SharePart] | None = None


class ShareSeries(BaseModel):
    """A share by month. Months in which neither count has anything are not there."""

    share: ShareName
    by: Dimension | None = None
    months: list[ShareMonth]


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


class ShareSplitPart(SharePart):
    """The share among those with a combination of values."""

    values: dict[Dimension, str]


class ShareSplit(BaseModel):
    """A share of a period, and its parts, whose counts add up to its counts."""

    share: ShareName
    by: list[Dimension]
    total: SharePart
    parts: list[ShareSplitPart]


def _check(actor: Actor, measure: Measure | None, share: ShareName | None, by: Sequence[Dimension]) -> None:
    if refused := rules.split_by(measure, share, by):
        raise Problem(refused.problem, refused.detail, refused.field)
    if rules.is_for_evaluators(measure, by) and actor.role != EVALUATOR:
        raise NotAllowed(actor, (EVALUATOR,))


def _check_parts(parts: int) -> None:
    if refused := rules.told_in_one(parts):
        raise Problem(refused.problem, refused.detail, refused.field)


def _by_month(found: Mapping[Part, _Counted]) -> dict[str, dict[str, _Counted]]:
    """Give what is counted of each month, by the values of its parts."""
    months: dict[str, dict[str, _Counted]] = {}
    for (month, values), counted in found.items():
        months.setdefault(f"{month:%Y-%m}", {})["".join(values)] = counted
    return months


def _whole(name: ShareName, found: Iterable[Divided]) -> dict[str, Any]:
    """Give the share of all parts together."""
    each = list(found)
    return divide(name, sum(one.numerator for one in each), sum(one.denominator for one in each))._asdict()


@router.get("/monthly", response_model=Series | ShareSeries, response_model_exclude_unset=True, dependencies=[COSTLY])
async def monthly(
    request: Request,
    period: Annotated[Period, Depends(asked_period)],
    measure: MeasureAsked = None,
    share: ShareAsked = None,
    by: Annotated[Dimension | None, Query(description="What each month is split by")] = None,
    actor: Actor = reads(Door(STAFF, NOBODY)),
) -> Any:
    """Give a measure or a share as a monthly series. The months of a measure add up to its figure of the same period.

    Persons are counted in the month of their first time in the period. `counsellors` is a month's joined less those
    who left. A month's share is of what is counted in that month alone.
    """
    named = (by,) if by else ()
    _check(actor, measure, share, named)
    pool: Pool = request.app.state.pool
    split: dict[str, Any] = {"by": by} if by else {}
    async with reading(pool) as conn:
        if measure:
            counted = await parts(conn, measure, named, period, monthly=True)
            _check_parts(len(counted))
            counts = _by_month(counted)
            months = [
                {"month": month, "total": sum(found.values()), **({"parts": found} if by else {})}
                for month, found in counts.items()
            ]
            return {"measure": measure, **split, "months": months}
        assert share
        divided = await share_parts(conn, share, named, period, monthly=True)
    _check_parts(len(divided))
    shares = _by_month(divided)
    months = [
        {
            "month": month,
            **_whole(share, found.values()),
            **({"parts": {value: one._asdict() for value, one in found.items()}} if by else {}),
        }
        for month, found in shares.items()
    ]
    return {"share": share, **split, "months": months}


@router.get("/split", response_model=Split | ShareSplit, dependencies=[COSTLY])
async def split(
    request: Request,
    period: Annotated[Period, Depends(asked_period)],
    by: Annotated[
        list[Dimension],
        Query(min_length=1, max_length=MOST_DIMENSIONS, description="What it is split by; repeat it for more than one"),
    ],
    measure: MeasureAsked = None,
    share: ShareAsked = None,
    actor: Actor = reads(Door(STAFF, NOBODY)),
) -> Any:
    """Split a measure or a share by up to three dimensions, over any period: a share by those that both of its counts
    have. Persons are those of the period, by their first time in it."""
    _check(actor, measure, share, by)
    pool: Pool = request.app.state.pool
    async with reading(pool) as conn:
        if measure:
            counts = await parts(conn, measure, by, period)
            _check_parts(len(counts))
            rows = [{"values": _named(by, values), "count": count} for (_, values), count in counts.items()]
            return {"measure": measure, "by": by, "total": counts.total(), "parts": rows}
        assert share
        shares = await share_parts(conn, share, by, period)
    _check_parts(len(shares))
    rows = [{"values": _named(by, values), **one._asdict()} for (_, values), one in shares.items()]
    return {"share": share, "by": by, "total": _whole(share, shares.values()), "parts": rows}


def _named(by: Sequence[Dimension], values: Sequence[str]) -> dict[Dimension, str]:
    return dict(zip(by, values, strict=True))
