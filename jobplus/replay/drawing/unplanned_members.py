"""Members that leave, unplanned."""

import random
from collections.abc import Collection, Iterator, Sequence

from jobplus.replay.drawing.unplanned import Dated
from jobplus.replay.driving.actions import Action
from jobplus.replay.driving.kinds import LEAVE_EMPLOYER
from jobplus.replay.planning.calendar import Period

_LEAVING = 0.005
"""Of the members that file no hiring plan."""
_STAY = (30, 365)
"""Days that they are members."""


def departures(joined_on: Sequence[int], planning: Collection[int], period: Period, seed: int) -> Iterator[Dated]:
    """Have some members leave that never hire through the centre: they file no plan, and nobody visits them.

    The first member stays, for whatever vacancy comes.
    """
    rng = random.Random(f"{seed} departures")
    for employer, joined in enumerate(joined_on):
        on = joined + rng.randint(*_STAY)
        if rng.random() < _LEAVING and employer not in {0, *planning} and on <= period.last:
            yield period.working_day(on), Action(LEAVE_EMPLOYER, {"employer": employer})
