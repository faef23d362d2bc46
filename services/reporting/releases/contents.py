"""What is in a release: its figures, its tables, and its document made of what was counted."""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
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
from services.reporting.releases.crossing import Pair, crossing, pair_of
from services.reporting.releases.document import (
    Column,
    ColumnName,
    CrossLine,
    CrossTable,
    Line,
    ReleaseDocument,
    Table,
)
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
    return tuple(TableOf(since_opening, in_year, (one,)) for one in by)


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

CROSS_TABLES: tuple[TableOf, ...] = (
    TableOf("registered", "registered", ("age_band", "gender")),
    TableOf("placed", "placed_in_year", ("occupation", "age_band")),
    TableOf("placed", "placed_in_year", ("occupation", "gender")),
    TableOf("placed", "placed_in_year", ("age_band", "gender")),
)
"""Each has its margins among the tables."""

_ALL_TABLES = (*TABLES, *CROSS_TABLES)

SPLITS: tuple[Split, ...] = tuple(dict.fromkeys(split for table in _ALL_TABLES for split in table.splits))

TWINS: Mapping[Split, Split] = {
    one: other for table in _ALL_TABLES for one, other in (table.splits, table.splits[::-1]) if one != other
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


class Tabulated(NamedTuple):
    """Tables by one thing and by two, and what is told of the points that they are made of."""

    tables: Sequence[Table]
    cross_tables: Sequence[CrossTable]
    points: Mapping[Split, Sequence[Point]]


def written(release: Release, counted: Counted, now: Now) -> Written:
    """Write a release's document, with what is small in its tables withheld."""
    periods = columns(release.day, counted.opened_on)
    made = tabulated(periods, counted.splits, release.points, release.limit)
    document = ReleaseDocument(
        centre=release.centre,
        release=release.day,
        published_on=now.day,
        position=counted.position,
        previous=release.previous,
        limit=release.limit,
        columns=periods,
        figures=[*counted.figures],
        tables=[*made.tables],
        cross_tables=[*made.cross_tables],
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
        points=made.points,
    )


def splits_of(document: ReleaseDocument) -> tuple[Split, ...]:
    """Give what a release's own tables are made of: an old one may have fewer than there are today."""
    those = {
        *((one.measure, (one.by,)) for one in document.tables),
        *((one.measure, one.by) for one in document.cross_tables),
    }
    told = [table.splits for table in _ALL_TABLES if (table.since_opening, table.by) in those]
    return tuple(dict.fromkeys(split for splits in told for split in splits))


def tabulated(
    periods: Sequence[Column], splits: Mapping[Split, ByMonth], before: Mapping[Split, Sequence[Point]], limit: int
) -> Tabulated:
    """Make the tables of a release's periods, the first of them since the opening, of what is counted by month; and
    decide what they tell beside all that was told before."""
    (opened_on,) = (one.first for one in periods if one.name == "since_opening")
    ends = {table: _ends(table, periods, opened_on) for table in _ALL_TABLES if {*table.splits} <= splits.keys()}
    asked = {(day, one.split) for of in ends.values() for one in of.values() for day in (one.before, one.last) if day}
    points = _points(asked, splits, before, limit, opened_on.year)
    return Tabulated(
        [_table(table, ends[table], points) for table in TABLES if table in ends],
        [_cross_table(table, ends[table], points) for table in CROSS_TABLES if table in ends],
        {split: [*of_days.values()] for split, of_days in points.items()},
    )


def _ends(table: TableOf, periods: Sequence[Column], opened_on: date) -> dict[ColumnName, _Ends]:
    ends: dict[ColumnName, _Ends] = {}
    for period in periods:
        before = period.first - timedelta(days=1)
        if period.name == "since_opening":
            ends[period.name] = _Ends(table.splits[0], None, period.last)
        else:
            ends[period.name] = _Ends(table.splits[1], before if before >= opened_on else None, period.last)
    return ends


def _points(
    asked: Collection[tuple[date, Split]],
    splits: Mapping[Split, ByMonth],
    told_before: Mapping[Split, Sequence[Point]],
    limit: int,
    first_year: int,
) -> dict[Split, dict[date, Point]]:
    """Decide what is told of each split up to each day that a column begins or ends with, the earlier days first, and
    of a day what is split by one thing before what is by two."""
    days = sorted(asked, key=lambda one: (one[0], len(one[1].by), one[1]))
    points: dict[Split, dict[date, Point]] = {split: {} for _, split in days}

    def known(split: Split) -> list[Point]:
        return [*told_before.get(split, ()), *points.get(split, {}).values()]

    for day, split in days:
        beside = [] if split not in TWINS else known(TWINS[split])
        those = [one for one in beside if first_year in {day.year, one.day.year}]
        before = [*known(split), *those]
        if len(split.by) == 1:
            counts = _up_to(day, splits[split], VALUES[split.by[0]])
            points[split][day] = point(day, counts, before, limit)
        else:
            rows, columns = (points[margin][day] for margin in split.margins)
            counts = _up_to(day, splits[split])
            points[split][day] = crossing(day, counts, (rows, columns), before, limit)
    return points


def _up_to(day: date, months: ByMonth, values: Sequence[str] = ()) -> Counts:
    counts = Counter(dict.fromkeys(values, 0))
    for month, of_month in months.items():
        if month <= day:
            counts.update(of_month)
    return counts


def _table(table: TableOf, ends: Mapping[ColumnName, _Ends], points: Mapping[Split, Mapping[date, Point]]) -> Table:
    totals: dict[ColumnName, int] = {}
    counts: dict[ColumnName, dict[str, int | None]] = {}
    (by,) = table.by
    values = [*VALUES[by]]
    for name, one in ends.items():
        last, before = points[one.split][one.last], points[one.split][one.before] if one.before else None
        values += sorted(last.counts.keys() - {*values})
        totals[name] = last.total - (before.total if before else 0)
        counts[name] = {value: told(value, last, before) for value in values}
    return Table(
        measure=table.since_opening,
        by=by,
        totals=totals,
        lines=[_line(value, counts) for value in values],
    )


def _cross_table(
    table: TableOf, ends: Mapping[ColumnName, _Ends], points: Mapping[Split, Mapping[date, Point]]
) -> CrossTable:
    values: dict[ColumnName, dict[Pair, int | None]] = {}
    for name, one in ends.items():
        last, before = points[one.split][one.last], points[one.split][one.before] if one.before else None
        cells = {*last.counts, *last.withheld, *(before.withheld if before else ())}
        values[name] = {pair_of(cell): told(cell, last, before) for cell in cells}
    row, column = table.by
    pairs = {pair for counts in values.values() for pair, count in counts.items() if count != 0}
    return CrossTable(
        measure=table.since_opening,
        by=(row, column),
        lines=[
            CrossLine(values=pair, counts={name: counts.get(pair, 0) for name, counts in values.items()})
            for pair in sorted(pairs, key=lambda pair: (_place(row, pair[0]), _place(column, pair[1])))
        ],
    )


def _place(by: Dimension, value: str) -> tuple[int, str]:
    """Order values as tables have them, and after them those that no list has."""
    listed = VALUES[by]
    return listed.index(value) if value in listed else len(listed), value


def _line(value: str, counts: Mapping[ColumnName, Mapping[str, int | None]]) -> Line:
    of_columns: dict[ColumnName, int | None] = {name: of_values.get(value, 0) for name, of_values in counts.items()}
    return Line(value=value, counts=of_columns)
