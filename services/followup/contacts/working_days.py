"""When a contact falls due: the calendar's months, and Korea's working days."""

import calendar
from datetime import date, timedelta
from functools import cache

from holidays.countries.south_korea import KR

from contracts.codes import FollowUpStep


@cache
def _public_holidays(year: int) -> frozenset[date]:
    """Korea's public holidays of a year, substitute holidays and election days included (PyPI `holidays`)."""
    return frozenset(KR(years=year))


def is_working_day(day: date) -> bool:
    """Tell whether public offices work on a day: Monday to Friday, and no public holiday."""
    return day.weekday() < 5 and day not in _public_holidays(day.year)


def working_day_from(day: date) -> date:
    """Give the day itself if it is a working day, else the next one that is."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def working_days_after(day: date, count: int) -> date:
    """Give the working day that comes so many working days after a day."""
    for _ in range(count):
        day = working_day_from(day + timedelta(days=1))
    return day


def months_after(day: date, months: int) -> date:
    """Give the same day of a later month, or that month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def due_on(placed_on: date, step: FollowUpStep) -> date:
    """Give the working day on which a step after a placement falls due."""
    count, unit = int(step[:-1]), step[-1]
    day = placed_on + timedelta(weeks=count) if unit == "w" else months_after(placed_on, count)
    return working_day_from(day)
