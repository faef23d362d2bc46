"""When counsellors are away for some weeks."""

import random
from dataclasses import dataclass

from jobplus.replay.planning.calendar import Period

_ENOUGH_STAFF = 4
"""Where fewer counsellors are nobody is away for long."""
_AWAY = (14, 30)
"""Days that an absence lasts."""
NOTICE = 7
"""Days before an absence on which it is told."""


@dataclass(frozen=True, slots=True)
class Absence:
    """The days on which a counsellor is away, both included."""

    counsellor: int
    first: int
    last: int


def absences(counsellors: int, period: Period, rng: random.Random) -> tuple[Absence, ...]:
    """Draw who is away and when: one of twelve counsellors, never two at once."""
    if counsellors < _ENOUGH_STAFF:
        return ()
    away = rng.sample(range(counsellors), 1 + counsellors // 12)
    share = period.length // len(away)
    if share <= _AWAY[1] + NOTICE + 1:
        return ()
    starts = (index * share + rng.randint(NOTICE, share - _AWAY[1] - 1) for index in range(len(away)))
    return tuple(
        Absence(counsellor, start, start + rng.randint(*_AWAY) - 1)
        for counsellor, start in zip(away, starts, strict=True)
    )
