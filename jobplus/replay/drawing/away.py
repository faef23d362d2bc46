"""When counsellors are away for some weeks."""

import random
from dataclasses import dataclass

from jobplus.replay.drawing.unplanned import Dated
from jobplus.replay.driving.actions import Action
from jobplus.replay.driving.kinds import BE_AWAY
from jobplus.replay.planning.calendar import Period

_ENOUGH_STAFF = 4
"""Where fewer counsellors are nobody is away for long."""
_AWAY = (14, 30)
"""Days that an absence lasts."""
_NOTICE = 7
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
    if share <= _AWAY[1] + _NOTICE + 1:
        return ()
    starts = (index * share + rng.randint(_NOTICE, share - _AWAY[1] - 1) for index in range(len(away)))
    return tuple(
        Absence(counsellor, start, start + rng.randint(*_AWAY) - 1)
        for counsellor, start in zip(away, starts, strict=True)
    )


def told_away(absence: Absence, period: Period) -> Dated:
    """Give how an absence is told, and the day, some time before it begins."""
    first, last = period.date(absence.first), period.date(absence.last)
    form = {"from": first.isoformat(), "to": last.isoformat(), "reason": "leave"}
    return absence.first - _NOTICE, Action(BE_AWAY, {"counsellor": absence.counsellor}, form)
