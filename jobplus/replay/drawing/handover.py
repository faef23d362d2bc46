"""A counsellor who leaves for good, and the one who follows."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from jobplus.replay.drawing.away import Absence
from jobplus.replay.planning.calendar import Period

_ENOUGH_STAFF = 4
"""Where fewer counsellors are nobody leaves."""
_SETTLED = 60
"""Days at the beginning and at the end of a period in which nobody leaves."""


@dataclass(frozen=True, slots=True)
class Handover:
    """From the day `on` the successor, who is there before, does what the counsellor did; a plan counts one of them."""

    counsellor: int
    successor: int
    on: int

    def serving(self, counsellor: int, day: int) -> int:
        """Tell who does on a day what a counsellor would do."""
        return self.successor if counsellor == self.counsellor and day >= self.on else counsellor


def handover(counsellors: int, away: Sequence[Absence], period: Period, rng: random.Random) -> Handover | None:
    """Draw who leaves and when: one of those who are never away for long. The successor has the next number."""
    staying = sorted({*range(counsellors)} - {absence.counsellor for absence in away})
    if counsellors < _ENOUGH_STAFF or period.last <= 2 * _SETTLED:
        return None
    on = period.working_day(rng.randint(_SETTLED, period.last - _SETTLED))
    return Handover(rng.choice(staying), counsellors, on)
