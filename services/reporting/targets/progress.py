"""How far a target is: pure, from sums by month.

The pace is told by the month, a twelfth of the year's days: what each month so far brought, and what each that is left
has to bring.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from contracts.targets import TargetCount, TargetGroup, is_percentage
from services.reporting.figures.shares import percent
from services.reporting.targets import forecast
from services.reporting.targets.forecast import Forecast, Month, Months
from services.reporting.targets.model import COUNTS, PERCENTAGES, Target, TargetKey, number


class MonthCount(NamedTuple):
    """What a measure counted in a month, as it became known in a month, of facts that say the same."""

    measure: str
    month: date
    known_in: date
    first_on: date
    completed_in: str | None
    step: str | None
    programme: str | None
    resident: bool
    low_income: bool
    breadwinner: bool
    amount: int


GROUPS: Mapping[TargetGroup, Callable[[MonthCount], bool]] = {
    "residents": lambda count: count.resident,
    "low_income": lambda count: count.low_income,
    "breadwinners": lambda count: count.breadwinner,
    "breadwinners_low_income": lambda count: count.resident and (count.breadwinner or count.low_income),
}


class Pace(NamedTuple):
    """Counts a month: of the year so far, and needed in what is left of it. None where there is no such time."""

    so_far: float | None
    needed: float | None


@dataclass(frozen=True, slots=True)
class Progress:
    """A target as of a day. `reached` is None where a percentage has nothing below it; `pace` only counts have."""

    target: Target
    reached: float | None
    pace: Pace | None
    forecast: Forecast | None

    @property
    def on_track(self) -> bool | None:
        """Whether the year is expected to reach the value; None without a forecast."""
        return None if self.forecast is None else self.forecast.expected >= self.target.present.value


class Told(NamedTuple):
    """What a day tells of a measure: what was reached, and what the year will come to."""

    reached: float | None
    forecast: Forecast | None


def progress(target: Target, counts: Sequence[MonthCount], as_of: date) -> Progress:
    """Tell how far a target is, from counts up to a day."""
    told = told_on(target.key, counts, as_of)
    pace = None
    if not is_percentage(target.key.measure):
        pace = _pace(target.key.year, target.present.value, told.reached or 0, as_of)
    return Progress(target, told.reached, pace, told.forecast)


def told_on(key: TargetKey, counts: Sequence[MonthCount], as_of: date) -> Told:
    """Tell what was reached of a measure as of a day, and forecast its year."""
    percentage = PERCENTAGES.get(key.measure)  # pyright: ignore[reportArgumentType, reportCallIssue]
    if percentage is None:
        months = _months(key.measure, key, counts, as_of)  # pyright: ignore[reportArgumentType]
        if months is None:
            return Told(0, None)
        expected = forecast.count(months, key.year)
        return Told(months.of_year(key.year), expected and _rounded(expected, "1"))
    part, whole = (_months(count, key, counts, as_of) for count in (percentage.part, percentage.whole))
    if whole is None:
        return Told(None, None)
    part = part or Months({}, whole.opened_on, as_of)
    reached = part.of_year(key.year), whole.of_year(key.year)
    if percentage.by_cohort:
        reached = _of_cohort(percentage.part, key, counts), _of_cohort(percentage.whole, key, counts)
    expected = forecast.share(part, whole, key.year, reached, part_of_whole=percentage.part_of_whole)
    return Told(percent(*reached), expected and _rounded(expected, "0.1"))


def at_month_ends(key: TargetKey, counts: Sequence[MonthCount], today: date) -> list[tuple[date, Told]]:
    """Tell what each month's end of the key's year would have told, from what was known by then."""
    return [
        (end, told_on(key, [count for count in counts if max(count.month, count.known_in) <= end], end))
        for end in forecast.month_ends(key.year, today)
    ]


def published(progress: Progress) -> dict[str, Any]:
    """Give a target as the figures publish it."""
    key, expected = progress.target.key, progress.forecast
    return {
        "year": key.year,
        "measure": key.measure,
        **{name: code for name, code in (("programme", key.programme), ("group", key.group)) if code},
        "value": number(key.measure, progress.target.present.value),
        "reached": progress.reached,
        "forecast": number(key.measure, expected.expected) if expected else None,
        "interval": [number(key.measure, expected.low), number(key.measure, expected.high)] if expected else None,
    }


def _pace(year: int, value: float, reached: float, as_of: date) -> Pace:
    first, last = date(year, 1, 1), date(year, 12, 31)
    month = ((last - first).days + 1) / 12
    passed = max((min(as_of, last) - first).days + 1, 0) / month
    left = 12 - passed
    return Pace(
        _round(reached / passed, "0.1") if passed else None,
        _round(max(value - reached, 0) / left, "0.1") if left > 0 else None,
    )


def _months(count: TargetCount, key: TargetKey, counts: Sequence[MonthCount], as_of: date) -> Months | None:
    """Give the months of a count for the key's programme and group; None before its measure has counted anything."""
    counted = [each for each in counts if _is_counted(each, count)]
    if not counted:
        return None
    amounts: Counter[Month] = Counter()
    for each in counted:
        if _is_of(each, key):
            amounts[each.month.year, each.month.month] += each.amount
    return Months(amounts, min(each.first_on for each in counted), as_of)


def _of_cohort(count: TargetCount, key: TargetKey, counts: Sequence[MonthCount]) -> int:
    return sum(
        each.amount
        for each in counts
        if _is_counted(each, count) and _is_of(each, key) and each.completed_in == str(key.year)
    )


def _is_counted(each: MonthCount, count: TargetCount) -> bool:
    said = COUNTS[count]
    return each.measure == said.measure and (said.step is None or each.step == said.step)


def _is_of(each: MonthCount, key: TargetKey) -> bool:
    return (not key.programme or each.programme == key.programme) and (not key.group or GROUPS[key.group](each))


def _rounded(expected: Forecast, to: str) -> Forecast:
    return Forecast(*(_round(value, to) for value in expected))


def _round(value: float, to: str) -> float:
    return float(Decimal(str(value)).quantize(Decimal(to), ROUND_HALF_UP))
