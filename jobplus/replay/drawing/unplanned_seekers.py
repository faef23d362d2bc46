"""What seekers do, unplanned: they consent to uses of their data, have their record changed."""

import random
from collections.abc import Iterator

from jobplus.replay.drawing.unplanned import Dated, Draw, SoFar
from jobplus.replay.driving.actions import Action
from jobplus.replay.driving.kinds import CHANGE_SEEKER, RECORD_CONSENT

_CONSENTING = 0.15
_CHANGING = 0.02
"""Of those registered."""
_PURPOSES = ("placement", "employers", "care_partners", "surveys", "messages")


def consents(so_far: SoFar) -> Iterator[Dated]:
    """Have some people consent to a use of their data as they register."""
    rng = random.Random(f"{so_far.seed} consents")
    for number, day in enumerate(so_far.registered_on):
        if rng.random() < _CONSENTING:
            year = so_far.period.date(day).year
            form = {"purpose": rng.choice(_PURPOSES), "given": True, "text_version": f"t{year}"}
            yield day, Action(RECORD_CONSENT, {"seeker": number}, form)


def changes(so_far: SoFar) -> Iterator[Dated]:
    """Have the records of a few who are in no care changed, soon after they registered."""
    rng, registered_on = random.Random(f"{so_far.seed} changes"), so_far.registered_on
    for number in so_far.in_no_care:
        if rng.random() < _CHANGING:
            on = so_far.period.working_day(registered_on[number] + rng.randint(0, 3))
            form = {"desired_wage": 10_000 * rng.randrange(100, 320)}
            yield on, Action(CHANGE_SEEKER, {"seeker": number}, form)


DRAWN: tuple[Draw, ...] = (consents, changes)
