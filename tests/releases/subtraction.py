"""What somebody finds out of releases by adding and subtracting all that they tell: by linear algebra, not by the
reasoning of those who withheld it."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations
from typing import Any, NamedTuple

PRIME = 2**61 - 1
"""Sums are worked out modulo a prime far over any of them."""

Unknown = tuple[str, str, date]
"""How many there are of a value, of a measure, up to a day."""

IN_YEAR = {"placed": "placed_in_year", "self_found": "self_found_in_year"}
"""Persons who count once in each year: a year's are no difference of those since the opening."""


class _End(NamedTuple):
    """A day up to which a measure was told."""

    measure: str
    day: date


class Found(NamedTuple):
    """A count of a value between two days, which nobody told."""

    measure: str
    by: str
    value: str
    after: date | None
    last: date
    count: int


class _Knowledge:
    """Equations between unknowns, solved as far as they go."""

    def __init__(self) -> None:
        self._rows: dict[Unknown, tuple[dict[Unknown, int], int]] = {}

    def learn(self, terms: dict[Unknown, int], comes_to: int) -> None:
        left, rest = self._reduced(terms, comes_to)
        if not left:
            assert rest == 0, "two of the things that were told exclude each other"
            return
        pivot = min(left)
        inverse = pow(left[pivot], -1, PRIME)
        row = {name: factor * inverse % PRIME for name, factor in left.items()}, rest * inverse % PRIME
        for other, (terms_, comes) in list(self._rows.items()):
            if factor := terms_.get(pivot):
                self._rows[other] = _less((terms_, comes), row, factor)
        self._rows[pivot] = row

    def value_of(self, terms: dict[Unknown, int]) -> int | None:
        """Give what a sum comes to; None where that can't be known."""
        left, rest = self._reduced(terms, 0)
        if left:
            return None
        value = -rest % PRIME
        return value if value < PRIME // 2 else value - PRIME

    def _reduced(self, terms: dict[Unknown, int], comes_to: int) -> tuple[dict[Unknown, int], int]:
        found = {name: factor % PRIME for name, factor in terms.items()}, comes_to % PRIME
        for name in terms:
            if name in self._rows and (factor := found[0].get(name)):
                found = _less(found, self._rows[name], factor)
        return found


def _less(
    one: tuple[dict[Unknown, int], int], other: tuple[dict[Unknown, int], int], factor: int
) -> tuple[dict[Unknown, int], int]:
    terms = dict(one[0])
    for name, of_other in other[0].items():
        left = (terms.get(name, 0) - factor * of_other) % PRIME
        if left:
            terms[name] = left
        else:
            terms.pop(name, None)
    return terms, (one[1] - factor * other[1]) % PRIME


def found_out(releases: Sequence[dict[str, Any]], limit: int) -> list[Found]:
    """Give the small counts of persons that follow from all that some releases tell: of each value between any two
    days up to which something was told, or since the opening."""
    found: list[Found] = []
    for measure, by in sorted({(table["measure"], table["by"]) for one in releases for table in one["tables"]}):
        knowledge = _Knowledge()
        values, ends = set[str](), set[_End]()
        for release in releases:
            table = _table(release, measure, by)
            values |= {line["value"] for line in table["lines"]}
            for column, before, last in _periods(release, measure):
                ends |= {last} if before is None else {before, last}
                _learn(knowledge, table, column, before, last)
        found += [one for one in _looked_for(knowledge, by, values, ends) if 0 < abs(one.count) < limit]
    return found


def _table(release: dict[str, Any], measure: str, by: str) -> dict[str, Any]:
    (table,) = [one for one in release["tables"] if (one["measure"], one["by"]) == (measure, by)]
    return table


def _periods(release: dict[str, Any], measure: str) -> Iterator[tuple[str, _End | None, _End]]:
    """Give each column with the ends that it is told between; a person who counts once a year counts in the first year
    of all as once ever."""
    opened = date.fromisoformat(next(one["first"] for one in release["columns"] if one["name"] == "since_opening"))

    def end(day: date, column: str) -> _End:
        in_year = column != "since_opening" and day.year > opened.year
        return _End(IN_YEAR.get(measure, measure) if in_year else measure, day)

    for column in release["columns"]:
        name, first, last = column["name"], date.fromisoformat(column["first"]), date.fromisoformat(column["last"])
        yield name, None if first <= opened else end(first - timedelta(days=1), name), end(last, name)


def _up_to(value: str, end: _End) -> Unknown:
    return end.measure, value, end.day


def _between(value: str, before: _End | None, last: _End) -> dict[Unknown, int]:
    return {_up_to(value, last): 1, **({_up_to(value, before): -1} if before else {})}


def _learn(knowledge: _Knowledge, table: dict[str, Any], column: str, before: _End | None, last: _End) -> None:
    total: dict[Unknown, int] = {}
    for line in table["lines"]:
        terms = _between(line["value"], before, last)
        if (count := line["counts"].get(column)) is not None:
            knowledge.learn(terms, count)
        total |= terms
    knowledge.learn(total, table["totals"][column])


def _looked_for(knowledge: _Knowledge, by: str, values: set[str], ends: set[_End]) -> Iterator[Found]:
    """Tell each count between two ends of one measure; in the first year what counts once ever counts once a year."""
    first_year = min(end.day.year for end in ends)
    pairs = [
        (one, other)
        for one, other in combinations([None, *sorted(ends, key=lambda end: (end.day, end.measure))], 2)
        if other and (one is None or one.measure == other.measure or one.day.year == first_year)
    ]
    for value in sorted(values):
        for one, other in pairs:
            if (count := knowledge.value_of(_between(value, one, other))) is not None:
                yield Found(other.measure, by, value, one and one.day, other.day, count)
