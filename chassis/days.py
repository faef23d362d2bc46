"""Days and moments as they are written from outside: `2010-01-28`, and nothing else that might be meant as a day.

Pydantic alone takes a number for seconds since 1970, which makes 0 a birth date, and a moment at midnight for a day.
"""

import re
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BeforeValidator, Field

WANTED = "write a day as YYYY-MM-DD, such as 2010-01-28"
MOMENT_WANTED = f"{WANTED}, or a moment with its offset, such as 2010-01-28T09:00:00+09:00"
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    f"{_DAY.pattern}T[0-9]{{2}}:[0-9]{{2}}(:[0-9]{{2}}([.][0-9]{{1,6}})?)?(Z|[+-][0-9]{{2}}:[0-9]{{2}})"
)


def day(given: Any) -> date:
    """Read a day (raises ValueError with a reason for who wrote it)."""
    if isinstance(given, str) and _DAY.fullmatch(given):
        try:
            return date.fromisoformat(given)
        except ValueError:
            raise ValueError("there is no such day in the calendar") from None
    if isinstance(given, date) and not isinstance(given, datetime):
        return given
    raise ValueError(WANTED)


def day_or_moment(given: Any) -> date:
    """Read a day, or a moment with its offset (raises ValueError with a reason for who wrote it)."""
    if isinstance(given, str) and _MOMENT.fullmatch(given):
        try:
            return datetime.fromisoformat(given)
        except ValueError:
            raise ValueError("there is no such moment") from None
    if isinstance(given, str) and not _DAY.fullmatch(given):
        raise ValueError(MOMENT_WANTED)
    return day(given)


Day = Annotated[date, BeforeValidator(day)]
"""For every day of a form, a row and a parameter."""

DayOrMoment = Annotated[AwareDatetime | date, Field(union_mode="left_to_right"), BeforeValidator(day_or_moment)]
