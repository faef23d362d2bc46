"""Counts of a table arranged in lines and columns, with what they add up to, and what differs between two of them.
Nothing else is computed here."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from services.reporting.figures.measures import Dimension
from services.reporting.pages.names import VALUES
from services.reporting.pages.sheets import BIGGEST_FIRST, UNKNOWN
from services.reporting.tables.model import THE_WHOLE, Counts, Place, Question

MOST_EMPTY = 240
"""Months or years that are shown from the first day asked for, where nothing is counted in them yet; of a longer period
lines begin with the first in which something is."""

_KNOWN = {value: place for place, value in enumerate(VALUES)}


class Line(NamedTuple):
    """A line: its month or year and its value, "" where there is none, its counts in the order of the columns, and
    their sum."""

    time: str
    row: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All that is counted in it."""
        return sum(self.counts)


class Arranged(NamedTuple):
    """A table's counts: `columns` are the values that columns are of, one "" where they are of none. `total` adds up
    the lines, None where there is only one, or where they don't add up."""

    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    total: Line | None

    @property
    def size(self) -> int:
        """How many counts it shows."""
        return len(self.columns) * len(self.lines)


class Difference(NamedTuple):
    """A count that was kept, and what it is by now."""

    place: Place
    kept: int
    now: int


def arranged(question: Question, counts: Counts) -> Arranged:
    """Arrange the counts of a question: times in order, values by what is counted of them or by their codes, those of
    whom it isn't known last. Where nothing is counted of a value it isn't there."""
    rows = _values(question.rows, _by_value(counts, "row"))
    columns = _values(question.columns, _by_value(counts, "column"))
    lines = tuple(
        Line(time, row, tuple(counts.get(Place(time, row, column), 0) for column in columns))
        for time in _times(question, counts)
        for row in rows
    )
    adds_up = len(lines) > 1 and not question.has_years_apart
    return Arranged(columns, lines, _sum(lines) if adds_up else None)


def differences(question: Question, kept: Counts, now: Counts) -> list[Difference]:
    """Give the counts that differ, in the order of a table that has both."""
    both = {**now, **kept}
    shown = arranged(question, both)
    places = (Place(line.time, line.row, column) for line in shown.lines for column in shown.columns)
    each = (Difference(place, kept.get(place, 0), now.get(place, 0)) for place in places)
    return [one for one in each if one.kept != one.now]


def _sum(lines: Sequence[Line]) -> Line:
    return Line("", "", tuple(map(sum, zip(*(line.counts for line in lines), strict=True))))


def _by_value(counts: Counts, of: str) -> Mapping[str, int]:
    found = Counter[str]()
    for place, count in counts.items():
        found[getattr(place, of)] += count
    return found


def _values(by: Dimension | None, counts: Mapping[str, int]) -> tuple[str, ...]:
    if by is None:
        return ("",)

    def by_size(value: str) -> tuple[bool, int, str]:
        return value == UNKNOWN, -counts[value], value

    def by_code(value: str) -> tuple[bool, int, str]:
        return value == UNKNOWN, _KNOWN.get(value, len(_KNOWN)), value

    return tuple(sorted(counts, key=by_size if by in BIGGEST_FIRST else by_code))


def _times(question: Question, counts: Counts) -> Sequence[str]:
    """Give the months or years of lines without a gap, the whole period after its years where they don't add up."""
    if question.each == "whole":
        return ("",)
    found = sorted({place.time for place in counts} - {THE_WHOLE})
    if not found:
        return ()
    last = max(found[-1], question.time_of(question.as_of))
    first = min(found[0], question.time_of(question.first)) if question.first else found[0]
    times = [*_from(first, last)]
    if len(times) > MOST_EMPTY:
        times = [*_from(found[0], last)]
    return [*times, THE_WHOLE] if question.has_years_apart else times


def _from(first: str, last: str) -> Iterator[str]:
    """Give all months, or all years, from one to another."""
    while first <= last:
        yield first
        year, _, month = first.partition("-")
        if month and month != "12":
            first = f"{year}-{int(month) + 1:02}"
        else:
            first = f"{int(year) + 1:04}{'-01' if month else ''}"
