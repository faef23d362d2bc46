"""What seekers do, unplanned: they consent to uses of their data, have their record changed, ask for SOS-Care."""

import random
from collections.abc import Iterable, Iterator, Sequence

from jobplus.replay.drawing.declared import situation
from jobplus.replay.drawing.unplanned import Dated
from jobplus.replay.driving.actions import Action
from jobplus.replay.driving.kinds import ASK_FOR_SOS_CARE, CHANGE_SEEKER, RECORD_CONSENT
from jobplus.replay.planning.calendar import Period

_CONSENTING = 0.15
_CHANGING = 0.02
"""Of those registered."""
_ASKING = 0.6
_ASKING_IN_VAIN = 0.005
"""Of those in sudden hardship, and of the others: who ask for SOS-Care."""
_PURPOSES = ("placement", "employers", "care_partners", "surveys", "messages")


def sos_care(registered_on: Sequence[int], period: Period, seed: int) -> Iterator[Dated]:
    """Have people ask for SOS-Care as soon as they are registered."""
    rng = random.Random(f"{seed} sos-care")
    for number, day in enumerate(registered_on):
        in_hardship = situation(seed, number).in_hardship
        if rng.random() < (_ASKING if in_hardship else _ASKING_IN_VAIN):
            on = period.working_day(day + rng.randint(0, 1))
            outcome = "granted" if in_hardship else "declined"
            yield on, Action(ASK_FOR_SOS_CARE, {"seeker": number}, leads_to=outcome)


def consents(registered_on: Sequence[int], period: Period, seed: int) -> Iterator[Dated]:
    """Have people consent to a use of their data as they register."""
    rng = random.Random(f"{seed} consents")
    for number, day in enumerate(registered_on):
        if rng.random() < _CONSENTING:
            form = {"purpose": rng.choice(_PURPOSES), "given": True, "text_version": f"t{period.date(day).year}"}
            yield day, Action(RECORD_CONSENT, {"seeker": number}, form)


def changes(registered_on: Sequence[int], people: Iterable[int], period: Period, seed: int) -> Iterator[Dated]:
    """Have the records of some of the people changed, soon after they registered."""
    rng = random.Random(f"{seed} changes")
    for number in people:
        if rng.random() < _CHANGING:
            on = period.working_day(registered_on[number] + rng.randint(0, 3))
            form = {"desired_wage": 10_000 * rng.randrange(100, 320)}
            yield on, Action(CHANGE_SEEKER, {"seeker": number}, form)
