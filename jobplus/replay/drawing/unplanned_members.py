"""Members that leave, unplanned."""

import random
from collections.abc import Iterator

from jobplus.replay.drawing.unplanned import Dated, Draw, SoFar
from jobplus.replay.driving.actions import Action
from jobplus.replay.driving.kinds import FILE_PLAN, LEAVE_EMPLOYER

_LEAVING = 0.005
"""Of the members that file no hiring plan."""
_STAY = (30, 365)
"""Days that they are members."""


def departures(so_far: SoFar) -> Iterator[Dated]:
    """Have a few members leave that never hire through the centre: they file no plan, nobody visits them, and they open
    no vacancy.

    The first member stays, for whatever vacancy comes.
    """
    rng, period = random.Random(f"{so_far.seed} departures"), so_far.period
    planning = {action.refs["employer"] for _, action in so_far.of(FILE_PLAN)}
    for employer, joined in enumerate(so_far.intake.joined_on):
        on = joined + rng.randint(*_STAY)
        if rng.random() < _LEAVING and employer not in {0, *planning} and on <= period.last:
            yield period.working_day(on), Action(LEAVE_EMPLOYER, {"employer": employer})


DRAWN: tuple[Draw, ...] = (departures,)
