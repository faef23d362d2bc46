"""Some of what happens is recorded a few days late: on which day it happened then."""

import random

from jobplus.replay.planning.calendar import Period

_LATE = 0.03
"""Of the registrations and sessions."""
_DAYS = (1, 1, 1, 2, 3)


def happened_on(recorded_on: int, since: int, period: Period, rng: random.Random) -> int:
    """Give the day on which something happened that is recorded on a day: mostly the same.

    Never before the day `since`, and never in another month than it is recorded in, as months and years are closed.
    """
    if rng.random() >= _LATE:
        return recorded_on
    day = recorded_on - rng.choice(_DAYS)
    recorded, happened = period.date(recorded_on), period.date(max(0, day))
    if day < max(0, since) or period.working_day(day) != day:
        return recorded_on
    return day if (happened.year, happened.month) == (recorded.year, recorded.month) else recorded_on
