"""What somebody finds out of releases by adding and subtracting all that they tell: by linear algebra, not by the
reasoning of those who withheld it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations, product
from typing import Any, NamedTuple

PRIME = 2**61 - 1
"""Sums are worked out modulo a prime far over any of them."""

Values = tuple[str, ...]
"""A value of what a table is split by, or two of what it is split by twice."""

Unknown = tuple[str, Values, Values, date, int]
"""How many there are of a measure, split by something, with such values, up to a day, as that is known at a time."""

Late = tuple[int, date]
"""Facts that weren't known up to a position in the ledger, and the first of their days."""

IN_YEAR = {"placed": "placed_in_year", "self_found": "self_found_in_year"}
"""Persons who count once in each year: a year's are no difference of those since the opening."""


class _End(NamedTuple):
    """A day up to which a measure was told. `known` tells apart what is known of the day since facts came late: how
    often they had."""

    measure: str
    day: date
    known: int


class Found(NamedTuple):
    """A count of values between two days, which nobody told."""

    measure: str
    by: Values
    values: Values
    after: date | None
    last: date
    count: int
    known: tuple[int, int] = (0, 0)
    """As of which time each of the two days is known."""


class _Knowledge:
    """Equations between unknowns, solved as far as they go."""

    def __init__(self) -> None:
        self._rows: dict[Unknown, tuple[dict[Unknown, int], int]] = {}
        self._holders: defaultdict[Unknown, set[Unknown]] = defaultdict(set)

    def learn(self, terms: dict[Unknown, int], comes_to: int) -> None:
        left, rest = self._reduced(terms, comes_to)
        if not left:
            assert rest == 0, "two of the things that were told exclude each other"
            return
        pivot = min(left)
        inverse = pow(left[pivot], -1, PRIME)
        row = {name: factor * inverse % PRIME for name, factor in left.items()}, rest * inverse % PRIME
        for other in [*self._holders[pivot]]:
            terms_, comes = self._rows[other]
            self._keep(other, _less((terms_, comes), row, terms_[pivot]))
        self._keep(pivot, row)

    def _keep(self, pivot: Unknown, row: tuple[dict[Unknown, int], int]) -> None:
        for name in self._rows.get(pivot, ({}, 0))[0]:
            self._holders[name].discard(pivot)
        for name in row[0]:
            self._holders[name].add(pivot)
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


def found_out(releases: Sequence[dict[str, Any]], limit: int, late: Sequence[Late] = ()) -> list[Found]:
    """Give the small counts of persons that follow from all that some releases tell, and their corrections: of each
    value, or pair of values, between any two days up to which something was told, or since the opening, and between
    what is known of a day at two times. Tables that add up to the same are looked at together.

    Whoever does so knows of each day whether facts came late up to it, but not of whom. A correction is told as a
    release is, with the totals of all and those counts that are corrected.
    """
    found: list[Found] = []
    for measure in sorted({table["measure"] for one in releases for table in one["tables"]}):
        crossed = sorted({tuple(table["by"]) for one in releases for table in _crossed(one, measure)})
        joined = {(by,) for pair in crossed for by in pair}
        splits = {(table["by"],) for one in releases for table in one["tables"] if table["measure"] == measure}
        for group in [*([one] for one in sorted(splits - joined)), [*sorted(joined), *crossed]]:
            found += [one for one in _found_of(releases, measure, group, late) if 0 < abs(one.count) < limit]
    return found


def _found_of(
    releases: Sequence[dict[str, Any]], measure: str, splits: Sequence[Values], late: Sequence[Late]
) -> Iterator[Found]:
    knowledge = _Knowledge()
    ends = set[_End]()
    values = {by: {one for release in releases for one in _values(release, measure, by)} for by in splits}
    for release in releases:
        for column, before, last in _periods(release, measure, late):
            ends |= {last} if before is None else {before, last}
            for by in splits:
                if len(by) == 1:
                    _learn(knowledge, _table(release, measure, by[0]), column, before, last)
                else:
                    _learn_crossed(knowledge, release, measure, by, column, before, last)
    for by in splits:
        if len(by) == 2:
            values[by] = {*product(*({one for (one,) in values[(each,)]} for each in by))}
            for end in ends:
                _add_up(knowledge, by, values, end)
    for by in splits:
        yield from _looked_for(knowledge, by, values[by], ends)


def _values(release: dict[str, Any], measure: str, by: Values) -> set[Values]:
    return {(line["value"],) for line in _table(release, measure, by[0])["lines"]} if len(by) == 1 else set()


def _table(release: dict[str, Any], measure: str, by: str) -> dict[str, Any]:
    (table,) = [one for one in release["tables"] if (one["measure"], one["by"]) == (measure, by)]
    return table


def _crossed(release: dict[str, Any], measure: str) -> list[dict[str, Any]]:
    return [one for one in release.get("cross_tables", ()) if one["measure"] == measure]


def _periods(release: dict[str, Any], measure: str, late: Sequence[Late]) -> Iterator[tuple[str, _End | None, _End]]:
    """Give each column with the ends that it is told between; a person who counts once a year counts in the first year
    of all as once ever."""
    opened = date.fromisoformat(next(one["first"] for one in release["columns"] if one["name"] == "since_opening"))

    def end(day: date, column: str) -> _End:
        in_year = column != "since_opening" and day.year > opened.year
        known = sum(position <= release["position"] and first <= day for position, first in late)
        return _End(IN_YEAR.get(measure, measure) if in_year else measure, day, known)

    for column in release["columns"]:
        name, first, last = column["name"], date.fromisoformat(column["first"]), date.fromisoformat(column["last"])
        yield name, None if first <= opened else end(first - timedelta(days=1), name), end(last, name)


def _up_to(by: Values, values: Values, end: _End) -> Unknown:
    return end.measure, by, values, end.day, end.known


def _between(by: Values, values: Values, before: _End | None, last: _End) -> dict[Unknown, int]:
    return {_up_to(by, values, last): 1, **({_up_to(by, values, before): -1} if before else {})}


def _learn(knowledge: _Knowledge, table: dict[str, Any], column: str, before: _End | None, last: _End) -> None:
    total: dict[Unknown, int] = {}
    for line in table["lines"]:
        terms = _between((table["by"],), (line["value"],), before, last)
        if (count := line["counts"].get(column)) is not None:
            knowledge.learn(terms, count)
        total |= terms
    knowledge.learn(total, table["totals"][column])


def _learn_crossed(
    knowledge: _Knowledge,
    release: dict[str, Any],
    measure: str,
    by: Values,
    column: str,
    before: _End | None,
    last: _End,
) -> None:
    """Learn what a table by two things tells; a pair that isn't there is one of which there is nobody."""
    (table,) = [one for one in _crossed(release, measure) if tuple(one["by"]) == by]
    told = {tuple(line["values"]): line["counts"][column] for line in table["lines"]}
    margins = [[value for (value,) in _values(release, measure, (one,))] for one in by]
    for pair in product(*margins):
        if (count := told.get(pair, 0)) is not None:
            knowledge.learn(_between(by, pair, before, last), count)


def _add_up(knowledge: _Knowledge, by: Values, values: dict[Values, set[Values]], end: _End) -> None:
    """Rows and columns add up to what the tables by one thing count."""
    for place, one in enumerate(by):
        for (value,) in values[(one,)]:
            line = {_up_to(by, pair, end): 1 for pair in values[by] if pair[place] == value}
            knowledge.learn({**line, _up_to((one,), (value,), end): -1}, 0)


def _looked_for(knowledge: _Knowledge, by: Values, values: set[Values], ends: set[_End]) -> Iterator[Found]:
    """Tell each count between two ends of one measure; in the first year what counts once ever counts once a year."""
    first_year = min(end.day.year for end in ends)
    pairs = [
        (one, other)
        for one, other in combinations([None, *sorted(ends, key=lambda end: (end.day, end.measure, end.known))], 2)
        if other and (one is None or one.measure == other.measure or one.day.year == first_year)
    ]
    for each in sorted(values):
        for one, other in pairs:
            if (count := knowledge.value_of(_between(by, each, one, other))) is not None:
                known = one.known if one else other.known, other.known
                yield Found(other.measure, by, each, one and one.day, other.day, count, known)
