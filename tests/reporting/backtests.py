"""The forecasts of the two years at each month's end, from the history that the plan's replay drives.

`python -m tests.reporting.backtests` writes their tables into docs/forecast.md.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from contracts.targets import TargetMeasure
from jobplus.replay.drawing.history import history
from jobplus.replay.planning.plan import read
from services.reporting.targets.forecast import Forecast
from services.reporting.targets.model import COUNTS, TargetKey
from services.reporting.targets.progress import MonthCount, at_month_ends

TWO_YEARS = Path(__file__).parents[2] / "plans" / "two-years.json"
DOCUMENT = Path(__file__).parents[2] / "docs" / "forecast.md"
TITLES: dict[str, TargetMeasure] = {"Persons placed": "placed", "Persons registered": "registered"}
LAST = date(2011, 1, 27)


class Said(NamedTuple):
    """What a month's end would have said of a year, beside what it came to."""

    day: date
    reached: float
    forecast: Forecast | None
    came_to: int

    @property
    def error_percent(self) -> float:
        assert self.forecast is not None
        return round(100 * (self.forecast.expected / self.came_to - 1), 1)

    @property
    def is_inside(self) -> bool:
        return self.forecast is not None and self.forecast.low <= self.came_to <= self.forecast.high


@cache
def days_of(measure: TargetMeasure) -> Sequence[date]:
    """Give the day of each person registered or placed."""
    made = history(read(TWO_YEARS), 1)
    numbers = (
        made.matching.placed_on.values()
        if measure == "placed"
        else [person.registered_on for person in made.intake.people]
    )
    return [made.period.date(number) for number in numbers]


def counts_of_days(measure: TargetMeasure, days: Sequence[date]) -> list[MonthCount]:
    """Give the sums by month of what was recorded on its day."""
    counted = COUNTS[measure].measure  # pyright: ignore[reportArgumentType]
    first: dict[date, date] = {}
    for day in days:
        month = day.replace(day=1)
        first[month] = min(day, first.get(month, day))
    return [
        MonthCount(counted, month, month, first[month], None, None, None, True, False, False, amount)
        for month, amount in Counter(day.replace(day=1) for day in days).items()
    ]


def said(measure: TargetMeasure, year: int) -> list[Said]:
    """Give what each month's end would have said, December's left out, as the year is over by then."""
    days = days_of(measure)
    came_to = sum(day.year == year for day in days)
    told = at_month_ends(TargetKey(year, measure), counts_of_days(measure, days), LAST)
    return [Said(end, told.reached or 0, told.forecast, came_to) for end, told in told if end.month < 12]


def table(measure: TargetMeasure, year: int) -> str:
    """Give the lines of docs/forecast.md."""
    rows = said(measure, year)
    lines = ["| at the end of | reached | forecast | interval | off by | inside |", "|---|---:|---:|---|---:|---|"]
    for row in rows:
        if row.forecast is None:
            lines.append(f"| {row.day:%Y-%m} | {row.reached} | | | | |")
            continue
        expected, low, high = map(int, row.forecast)
        off_by, inside = f"{row.error_percent:+.1f} %", "yes" if row.is_inside else "no"
        lines.append(f"| {row.day:%Y-%m} | {row.reached} | {expected} | {low} to {high} | {off_by} | {inside} |")
    made = [row for row in rows if row.forecast]
    mean = sum(abs(row.error_percent) for row in made) / len(made)
    lines.append("")
    lines.append(
        f"It came to {rows[0].came_to}. Off by {mean:.1f} % in the mean; "
        f"{sum(row.is_inside for row in made)} of {len(made)} intervals held it."
    )
    return "\n".join(lines)


def with_tables(document: str) -> str:
    """Give the document with each title's table as it is now."""
    for title, measure in TITLES.items():
        for year in (2009, 2010):
            head = f"### {title} in {year}\n\n"
            before, after = document.split(head)
            rest = after.partition("\n### ")
            document = f"{before}{head}{table(measure, year)}\n{''.join(rest[1:])}"
    return document


if __name__ == "__main__":
    DOCUMENT.write_text(with_tables(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
