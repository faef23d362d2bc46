"""Every figure, a row each: what is counted, what it is split by, where it is published, and what it means.

The rows stand in the order in which they are published.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from services.reporting.figures.measures import Measure
from services.reporting.figures.row import Persons, Published, Row, Sum
from services.reporting.figures.rows import afterwards, care, centre, field, seekers

ROWS: tuple[Row | Published, ...] = (
    Published("as_of", "the last day that is counted"),
    Published("from", "the first day that is counted; null for the beginning"),
    Published("known_at", "the moment as of which it was known; null for now"),
    *seekers.ROWS,
    *centre.ROWS,
    *care.ROWS,
    *field.ROWS,
    *afterwards.ROWS,
    Published(
        "unplaced_top_occupations",
        "by year, for each of the period that is over: the occupations that persons registered by its end and not "
        "placed by then wanted first; most persons first, ties by code",
    ),
    Published(
        "targets",
        "a list by year and measure, from the period's first year on: the `value` that the city wants reached in the "
        "year, as set by `as_of`; what was `reached` of it in the year by `as_of`; the `forecast` of what the year "
        "will come to, and the `interval` that should hold it four times out of five. A target for one programme or "
        "group alone names its `programme` or `group`",
    ),
)


def _measures() -> Iterator[tuple[Measure, Row]]:
    for row in ROWS:
        if isinstance(row, Row):
            yield row.measure, row
        if isinstance(row, Persons):
            measure, meaning = row.in_year
            yield measure, Row(measure=measure, by=row.by, rolled=row.rolled, meaning=meaning)


MEASURES: Mapping[Measure, Row] = dict(_measures())
"""The row of each measure."""

if twice := [measure for measure, rows in Counter(measure for measure, _ in _measures()).items() if rows > 1]:
    raise TypeError(f"each measure has one row: {', '.join(twice)}")

SUMS: tuple[Sum, ...] = tuple(row for row in ROWS if isinstance(row, Sum))

PERSONS: tuple[Persons, ...] = tuple(row for row in ROWS if isinstance(row, Persons))

WHENEVER: tuple[Measure, ...] = tuple(row.measure for row in SUMS if row.whenever)
"""Measures of what there is on a day: all up to it counts, whenever the period starts."""
