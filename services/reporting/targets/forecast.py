"""What a year will come to, as far as the months so far tell: pure, with a table of its errors in docs/forecast.md.

A count goes on at the level of its last months. A month's weight is its days; where at least two whole years came
before, it is the share that the month had of them, so that seasons count (one year alone can't tell a season from
growth). The level is what the window's months brought for their weight, and what is left of the year brings the same
for its own.

The interval holds the outcome four times out of five if months go on to scatter as they did: a quasi-Poisson rate,
whose scatter is that of the window's months around their level (at least that of chance), widened by what a level
taken from so few months may be wrong, with Student's t.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import inf, sqrt
from typing import NamedTuple

from services.reporting.figures.period import month_end

WINDOW_MONTHS = 6
"""Whole months that the level is taken from, beside the running one. Of 3, 6 and 12 it errs least on 2010's placed."""

DRIFT = 0.10
"""By how much a level drifts in a month, as a share of it. A third of the months left times its square is what the mean
of a level that walks at random varies by. With it about four of five intervals of 2010 hold for three seeds;
with 0.04 half of those of the placed did."""

SEASONS_NEED_YEARS = 2

_T_90 = (3.078, 1.886, 1.638, 1.533, 1.476, 1.440, 1.415, 1.397, 1.383, 1.372, 1.363, 1.356)
"""Student's t with 1, 2, ... degrees of freedom that one in ten exceeds: outside two of them lies one in five."""

_NOTHING = 0.5
"""What a window in which nothing happened counts for (Jeffreys' rate), as it may happen yet."""

Month = tuple[int, int]
"""A year and its month."""


class Forecast(NamedTuple):
    """What the year will come to, and the interval that holds it four times out of five."""

    expected: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Months:
    """A count by month, as of a day: nothing after `as_of` is in it. `opened_on` is the first day that counted."""

    amounts: Mapping[Month, int]
    opened_on: date
    as_of: date

    def of_year(self, year: int) -> int:
        return sum(amount for (of, _), amount in self.amounts.items() if of == year)


def count(months: Months, year: int) -> Forecast | None:
    """Forecast what a year's count comes to; None where the months before have no weight to go by."""
    reached = float(months.of_year(year))
    if months.as_of >= date(year, 12, 31):
        return Forecast(reached, reached, reached)
    level = _level(months)
    if level is None:
        return None
    left = level.weight_left(year)
    expected = level.rate * left
    chance = level.scatter * level.rate * (left + left * left / level.weight)
    drift = (DRIFT * expected) ** 2 * _months_left(months.as_of, year) / 3
    spread = level.t * sqrt(chance + drift)
    return Forecast(reached + expected, reached + max(expected - spread, 0.0), reached + expected + spread)


def share(part: Months, whole: Months, year: int, reached: tuple[int, int], *, part_of_whole: bool) -> Forecast | None:
    """Forecast a year's percentage: `part` of `whole`, of which `reached` were counted so far.

    What the whole brings in the rest of the year has the share that the running month and the twelve before it had, as
    uncertain as a share of so many is (Jeffreys' beta where each of the part is one of the whole, otherwise a rate of
    its own). That the rest of the whole is a forecast too is not in the interval. None where there is no whole.
    """
    whole_left = count(whole, year)
    if whole_left is None:
        return None
    rest = max(whole_left.expected - whole.of_year(year), 0.0)
    if reached[1] + rest <= 0:
        return None
    parts, wholes = _last_year(part), _last_year(whole)
    p = (parts + 0.5) / (wholes + 1)
    if part_of_whole:
        p = min(p, 1.0)
    chance = p * (1 - p) if part_of_whole else p
    final = reached[1] + rest
    expected = (reached[0] + p * rest) / final
    spread = _T_90[-1] * sqrt(chance * (rest + rest * rest / (wholes + 1))) / final
    most = (reached[0] + rest) / final if part_of_whole else inf
    return Forecast(
        100 * expected, 100 * max(expected - spread, reached[0] / final), 100 * min(expected + spread, most)
    )


@dataclass(frozen=True, slots=True)
class _Level:
    """What the window's months brought for a weight of one, and how they scatter."""

    months: Months
    shares: Mapping[int, float] | None
    rate: float
    weight: float
    scatter: float
    t: float

    def weight_left(self, year: int) -> float:
        """Give the weight of a year's days after `as_of`."""
        start = max(self.months.as_of + timedelta(days=1), date(year, 1, 1))
        return sum(
            _weight(self.shares, max(start, date(year, month, 1)), _end(year, month))
            for month in range(start.month, 13)
        )


def _level(months: Months) -> _Level | None:
    shares = _shares(months)
    window: list[tuple[int, float]] = []
    year, month = months.as_of.year, months.as_of.month
    while len(window) <= WINDOW_MONTHS and _end(year, month) >= months.opened_on:
        first = max(date(year, month, 1), months.opened_on)
        weight = _weight(shares, first, min(_end(year, month), months.as_of))
        window.append((months.amounts.get((year, month), 0), weight))
        if len(window) == WINDOW_MONTHS and months.as_of == _end(months.as_of.year, months.as_of.month):
            break
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    weight = sum(weight for _, weight in window)
    if weight <= 0:
        return None
    rate = max(sum(amount for amount, _ in window), _NOTHING) / weight
    degrees = len(window) - 1
    off = sum((amount - rate * weight) ** 2 / (rate * weight) for amount, weight in window if weight > 0)
    scatter = max(1.0, off / degrees) if degrees else 1.0
    return _Level(months, shares, rate, weight, scatter, _T_90[max(min(degrees, len(_T_90)), 1) - 1])


def _shares(months: Months) -> Mapping[int, float] | None:
    """Give the share of the year that each month had in the whole years before, None where these are too few."""
    first = months.opened_on.year + (months.opened_on > date(months.opened_on.year, 1, 7))
    totals = {year: months.of_year(year) for year in range(first, months.as_of.year)}
    years = [year for year, total in totals.items() if total > 0]
    if len(years) < SEASONS_NEED_YEARS:
        return None
    return {
        month: sum(months.amounts.get((year, month), 0) / totals[year] for year in years) / len(years)
        for month in range(1, 13)
    }


def _weight(shares: Mapping[int, float] | None, first: date, last: date) -> float:
    """Give the weight of days of one month."""
    days = max((last - first).days + 1, 0)
    return float(days) if shares is None else shares[first.month] * days / _end(first.year, first.month).day


def _months_left(as_of: date, year: int) -> float:
    """Give the months from a day to the year's end, each a twelfth of 365 days."""
    return (date(year, 12, 31) - as_of).days * 12 / 365


def _end(year: int, month: int) -> date:
    return month_end(date(year, month, 1))


def _last_year(months: Months) -> int:
    """Count the month that runs and the twelve before it."""
    now = months.as_of.year * 12 + months.as_of.month
    return sum(amount for (year, month), amount in months.amounts.items() if now - 12 <= year * 12 + month <= now)


def month_ends(year: int, until: date) -> Sequence[date]:
    """Give the last days of a year's months that are over by a day."""
    return [end for month in range(1, 13) if (end := _end(year, month)) <= until]
