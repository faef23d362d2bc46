"""The days of a plan, numbered from 0, and how busy the centre is on each."""

import random
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

_BY_MONTH = (1.15, 1.15, 1.3, 1.1, 1.0, 0.95, 0.85, 0.8, 1.2, 1.1, 0.95, 0.7)
"""Public works are filled early in the year, firms hire in March and September; August and December are quiet."""
_CLOSED = 0.02
"""Of a working day's people: those who come online while the doors are closed."""
_SATURDAY = 0.08
_HOLIDAYS = frozenset({(1, 1), (3, 1), (5, 5), (6, 6), (8, 15), (10, 3), (12, 25)})
"""Month and day of the public holidays that the moon doesn't move."""
_RUSH = (4.0, 3.6, 3.2, 2.8, 2.4, 2.0, 1.7, 1.5, 1.3, 1.2)
"""The first days after the opening, beside an ordinary day."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days of a plan. `cumulative` adds up each day's share of people; `next_working` tells for each day the first
    working day from it on, or the day itself where none is left."""

    starts_on: date
    cumulative: tuple[float, ...]
    next_working: tuple[int, ...]

    @property
    def length(self) -> int:
        """How many days there are."""
        return len(self.next_working)

    @property
    def last(self) -> int:
        """The last day's number."""
        return len(self.next_working) - 1

    def date(self, day: int) -> date:
        """Tell a day's date."""
        return self.starts_on + timedelta(day)

    def year(self, year: int) -> tuple[int, int]:
        """Give the first and the last day of a calendar year, as far as the period touches it."""
        first, last = ((day - self.starts_on).days for day in (date(year, 1, 1), date(year, 12, 31)))
        return max(0, first), min(self.last, last)

    def working_day(self, day: int) -> int:
        """Give the first working day from a day on, never past the last day of the period."""
        return self.next_working[min(day, self.last)]

    def arrivals(self, count: int, rng: random.Random) -> list[int]:
        """Draw the days on which so many people come, in order."""
        return sorted(rng.choices(range(self.length), cum_weights=self.cumulative, k=count))


def period(starts_on: date, ends_on: date) -> Period:
    """Number the days from the first to the last, both included."""
    dates = [starts_on + timedelta(day) for day in range((ends_on - starts_on).days + 1)]
    rush = (*_RUSH, *[1.0] * len(dates))
    weights = [_openness(each) * _BY_MONTH[each.month - 1] * by for each, by in zip(dates, rush, strict=False)]
    working = [day for day, each in enumerate(dates) if _openness(each) == 1]
    after = [bisect_right(working, day - 1) for day in range(len(dates))]
    next_working = (working[index] if index < len(working) else day for day, index in enumerate(after))
    return Period(starts_on, tuple(accumulate(weights)), tuple(next_working))


def _openness(day: date) -> float:
    if day.weekday() == 6 or (day.month, day.day) in _HOLIDAYS:
        return _CLOSED
    return _SATURDAY if day.weekday() == 5 else 1
