"""Members that leave, unplanned."""

import random
from collections.abc import Sequence

from jobplus.replay.drawing.unplanned import Unplanned
from jobplus.replay.driving.actions import Action
from jobplus.replay.driving.kinds import FILE_PLAN, LEAVE_EMPLOYER
from jobplus.replay.planning.calendar import Period

_LEAVING = 0.005
"""Of the members that file no hiring plan."""
_STAY = (30, 365)
"""Days that they are members."""


def add_departures(found: Unplanned, joined_on: Sequence[int], period: Period, seed: int) -> None:
    """Have some members leave that never hire through the centre: they open no vacancy, and nobody visits them.

    The first member stays, for whatever vacancy comes.
    """
    rng = random.Random(f"{seed} departures")
    planning = {each.refs["employer"] for of in found.intake.values() for each in of if each.kind is FILE_PLAN}
    for employer, joined in enumerate(joined_on):
        on = joined + rng.randint(*_STAY)
        if rng.random() < _LEAVING and employer not in {0, *planning} and on <= period.last:
            found.intake[period.working_day(on)].append(Action(LEAVE_EMPLOYER, {"employer": employer}))
            found.departing.add(employer)
