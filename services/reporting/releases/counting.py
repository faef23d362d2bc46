"""What is counted for a release, in one transaction in which nothing enters the ledger."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from chassis.database.db import Connection
from services.reporting import ledger
from services.reporting.figures import asked
from services.reporting.figures.parts import parts
from services.reporting.figures.period import Period
from services.reporting.figures.published import published
from services.reporting.figures.queries import first_registered_on
from services.reporting.figures.shares import percent
from services.reporting.ledger.queries import last_position
from services.reporting.releases.contents import BY_YEAR, FIGURES, MONTHLY, SPLITS, columns
from services.reporting.releases.crossing import cell_of
from services.reporting.releases.document import (
    Column,
    ColumnName,
    Headline,
    Internships,
    Number,
    ReleaseMonth,
    Retention,
    Survey,
    Target,
)
from services.reporting.releases.model import ByMonth, Counted, Split
from services.reporting.targets.model import number
from services.reporting.targets.progress import Progress
from services.reporting.targets.queries import progresses


async def counted(conn: Connection, day: date) -> Counted | None:
    """Count all that a release of a day tells, as it is known now; None where nobody had registered by then. Until the
    transaction ends nothing enters the ledger."""
    await ledger.store.stand_still(conn)
    opened_on = await first_registered_on(conn)
    if opened_on is None or opened_on > day:
        return None
    period = Period(day)
    told = await published(conn, asked.named(BY_YEAR), period, day)
    return Counted(
        opened_on=opened_on,
        position=await last_position(conn),
        figures=await headlines(conn, day, columns(day, opened_on)),
        splits=await splits(conn, period, SPLITS),
        months=await months(conn, period),
        internships={year: Internships.model_validate(one) for year, one in told["internships"].items()},
        retention={months: Retention.model_validate(one) for months, one in told["retention"].items()},
        surveys=[Survey.model_validate(one) for one in told["surveys"]],
        targets=[_target(one) for one in await progresses(conn, period, day.year) if one.target.key.is_for_all],
    )


async def headlines(conn: Connection, day: date, periods: Sequence[Column]) -> list[Headline]:
    """Count the figures that a release of a day tells in its columns, as they are known now."""
    trees: dict[ColumnName, dict[str, Any]] = {}
    for column in periods:
        first = None if column.name == "since_opening" else date(column.last.year, 1, 1)
        trees[column.name] = await published(conn, asked.named(FIGURES), Period(column.last, first), day)
    return [_headline(path, {name: _at(tree, path) for name, tree in trees.items()}) for path in FIGURES]


def _at(tree: Any, path: str) -> Any:
    for step in path.split("."):
        tree = tree[step]
    return tree


def _headline(path: str, values: dict[ColumnName, Number | None]) -> Headline:
    year, before = values.get("year"), values.get("year_before")
    if year is None or before is None:
        return Headline(figure=path, values=values)
    if isinstance(year, int) and isinstance(before, int):
        change = year - before
        return Headline(figure=path, values=values, change=change, change_percent=percent(change, before))
    return Headline(figure=path, values=values, change=round(year - before, 1))


async def splits(conn: Connection, period: Period, wanted: Iterable[Split]) -> dict[Split, ByMonth]:
    """Count what tables are made of, as it is known now."""
    return {split: await _by_month(conn, split, period) for split in wanted}


async def _by_month(conn: Connection, split: Split, period: Period) -> dict[date, dict[str, int]]:
    months: dict[date, dict[str, int]] = {}
    for (month, values), amount in (await parts(conn, split.measure, split.by, period, monthly=True)).items():
        assert month is not None
        months.setdefault(month, {})[cell_of(values)] = amount
    return months


async def months(conn: Connection, period: Period) -> list[ReleaseMonth]:
    """Count what a release tells by month, as it is known now: the months in which something was counted."""
    found: dict[str, ReleaseMonth] = {}
    for measure in MONTHLY:
        for (month, _), amount in (await parts(conn, measure, (), period, monthly=True)).items():
            told = found.setdefault(
                f"{month:%Y-%m}", ReleaseMonth(month=f"{month:%Y-%m}", counts=dict.fromkeys(MONTHLY, 0))
            )
            told.counts[measure] = amount
    return [found[month] for month in sorted(found)]


def _target(one: Progress) -> Target:
    measure, forecast = one.target.key.measure, one.forecast
    return Target(
        year=one.target.key.year,
        measure=measure,
        value=number(measure, one.target.present.value),
        reached=one.reached,
        so_far=one.pace and one.pace.so_far,
        needed=one.pace and one.pace.needed,
        forecast=forecast and number(measure, forecast.expected),
        interval=forecast and (number(measure, forecast.low), number(measure, forecast.high)),
        on_track=one.on_track,
    )
