"""What is in a release: its figures, its tables, and its document made of what was counted."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple, get_args

from chassis.batch.decisions import Now
from contracts.codes import (
    AGE_BANDS,
    CHANNELS,
    DISTRICTS,
    OCCUPATIONS,
    Employment,
    Gender,
    Programme,
    Sector,
)
from services.reporting.figures.measures import Dimension, Measure
from services.reporting.figures.period import month_end
from services.reporting.figures.rows.seekers import THROUGH_THE_CENTRE
from services.reporting.releases.document import Column, ColumnName, Line, ReleaseDocument, Table
from services.reporting.releases.model import ByMonth, Counted, Release, Split, TableOf, Written
from services.reporting.releases.withholding import Counts, Point, point, told

FIGURES: tuple[str, ...] = (
    "registered",
    "placed.total",
    "placed.rate_percent",
    "placements",
    "self_found.total",
    "sessions.total",
    "sessions.job",
    "sessions.startup",
    "per_seeker.sessions",
    "referrals",
    "referred",
    "launches",
    "per_session.launches_percent",
    "employers",
    "vacancies",
)
"""The figures that are told in each column, by their addresses."""

BY_YEAR: tuple[str, ...] = ("internships", "surveys", "retention")
"""The figures that are told once, as by the release's day."""

MONTHLY: tuple[Measure, ...] = ("registered", "placed", "sessions", "referrals", "launches")
"""The measures that are told of each month."""


def _tables(since_opening: Measure, in_year: Measure, *by: Dimension) -> tuple[TableOf, ...]:
    return tuple(TableOf(since_opening, in_year, one) for one in by)


TABLES: tuple[TableOf, ...] = (
    *_tables("registered", "registered", "age_band", "gender", "district", "wanted_occupation", "programme"),
    *_tables(
        "placed", "placed_in_year", "occupation", "age_band", "gender", "district", "sector", "employment", "source"
    ),
    *_tables("self_found", "self_found_in_year", "age_band", "gender"),
    *_tables("sessions", "sessions", "channel", "age_band", "gender"),
    *_tables("referrals", "referrals", "occupation", "age_band", "gender"),
    *_tables("launches", "launches", "age_band", "gender"),
)
"""Whoever registers counts once, ever: the facts of all years add up. Who is placed counts once in each year."""

SPLITS: tuple[Split, ...] = tuple(dict.fromkeys(split for table in TABLES for split in table.splits))

TWINS: Mapping[Split, Split] = {
    one: other for table in TABLES for one, other in (table.splits, table.splits[::-1]) if one != other
}
"""What counts persons once ever, and what counts them once a year: in the first year of all they are the same."""

VALUES: Mapping[Dimension, tuple[str, ...]] = {
    "occupation": OCCUPATIONS,
    "wanted_occupation": OCCUPATIONS,
    "age_band": AGE_BANDS,
    "gender": get_args(Gender),
    "district": DISTRICTS,
    "programme": get_args(Programme),
    "sector": get_args(Sector),
    "employment": get_args(Employment),
    "source": THROUGH_THE_CENTRE,
    "channel": CHANNELS,
}
"""The values that a table always has, zeros too."""


def columns(day: date, opened_on: date) -> list[Column]:
    """Give the periods of a release: the year's, and the same days of the year before, where the centre was open then
    and these are others than since the opening."""
    found = [Column(name="since_opening", first=opened_on, last=day)]
    if opened_on.year < day.year:
        found.append(Column(name="year", first=date(day.year, 1, 1), last=day))
        before = month_end(date(day.year - 1, day.month, 1))
        if opened_on <= before:
            found.append(Column(name="year_before", first=max(opened_on, date(day.year - 1, 1, 1)), last=before))
    return found


class _Ends(NamedTuple):
    """A column of a table, as a split counted up to its last day, less that counted up to the day before its first,
    None where that is before the opening."""

    split: Split
    before: date | None
    last: date


def written(release: Release, counted: Counted, now: Now) -> Written:
    """Write a release's document, with what is small in its tables withheld."""
    periods = columns(release.day, counted.opened_on)
    ends = {table: _ends(table, periods, counted) for table in TABLES}
    points = _points(release, counted, [one for columns in ends.values() for one in columns.values()])
    document = ReleaseDocument(
        centre=release.centre,
        release=release.day,
        published_on=now.day,
        position=counted.position,
        previous=release.previous,
        limit=release.limit,
        columns=periods,
        figures=[*counted.figures],
        tables=[_table(table, ends[table], points) for table in TABLES],
        months=[*counted.months],
        internships={**counted.internships},
        retention={**counted.retention},
        surveys=[*counted.surveys],
        targets=[*counted.targets],
    )
    body = document.model_dump_json(indent=1).encode() + b"\n"
    return Written(
        document=body,
        hash=hashlib.sha256(body).hexdigest(),
        previous=release.previous,
        position=counted.position,
        published_on=now.day,
        published_by=str(now.actor),
        points={split: [*of_days.values()] for split, of_days in points.items()},
    )


def _ends(table: TableOf, periods: Sequence[Column], counted: Counted) -> dict[ColumnName, _Ends]:
    ends: dict[ColumnName, _Ends] = {}
    for period in periods:
        before = period.first - timedelta(days=1)
        if period.name == "since_opening":
            ends[period.name] = _Ends(table.splits[0], None, period.last)
        else:
            ends[period.name] = _Ends(table.splits[1], before if before >= counted.opened_on else None, period.last)
    return ends


def _points(release: Release, counted: Counted, ends: Sequence[_Ends]) -> dict[Split, dict[date, Point]]:
    """Decide what is told of each split up to each day that a column begins or ends with, the earlier days first."""
    days = sorted({(day, one.split) for one in ends for day in (one.before, one.last) if day is not None})
    points: dict[Split, dict[date, Point]] = {split: {} for _, split in days}
    first_year = counted.opened_on.year

    def known(split: Split) -> list[Point]:
        return [*release.points.get(split, ()), *points.get(split, {}).values()]

    for day, split in days:
        beside = [] if split not in TWINS else known(TWINS[split])
        those = [one for one in beside if first_year in {day.year, one.day.year}]
        counts = _up_to(day, split, counted.splits[split])
        points[split][day] = point(day, counts, [*known(split), *those], release.limit)
    return points


def _up_to(day: date, split: Split, months: ByMonth) -> Counts:
    counts = Counter(dict.fromkeys(VALUES[split.by], 0))
    for month, of_month in months.items():
        if month <= day:
            counts.update(of_month)
    return counts


def _table(table: TableOf, ends: Mapping[ColumnName, _Ends], points: Mapping[Split, Mapping[date, Point]]) -> Table:
    totals: dict[ColumnName, int] = {}
    counts: dict[ColumnName, dict[str, int | None]] = {}
    values = [*VALUES[table.by]]
    for name, one in ends.items():
        last, before = points[one.split][one.last], points[one.split][one.before] if one.before else None
        values += sorted(last.counts.keys() - {*values})
        totals[name] = last.total - (before.total if before else 0)
        counts[name] = {value: told(value, last, before) for value in values}
    return Table(
        measure=table.since_opening,
        by=table.by,
        totals=totals,
        lines=[_line(value, counts) for value in values],
    )


def _line(value: str, counts: Mapping[ColumnName, Mapping[str, int | None]]) -> Line:
    of_columns: dict[ColumnName, int | None] = {name: of_values.get(value, 0) for name, of_values in counts.items()}
    return Line(value=value, counts=of_columns)
