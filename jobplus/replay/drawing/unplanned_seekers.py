"""What seekers do, unplanned: they consent to uses of their data, have their record changed, ask for SOS-Care."""

import random
from collections.abc import Iterator, Sequence

from jobplus.replay.drawing.declared import situation
from jobplus.replay.drawing.intake_days import Intake
from jobplus.replay.drawing.referrals import Matching
from jobplus.replay.drawing.unplanned import Unplanned
from jobplus.replay.drawing.unplanned_care import add_total_care
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


def add_seekers(found: Unplanned, intake: Intake, matching: Matching, period: Period, seed: int) -> list[int]:
    """Draw what seekers do: consents, care and changes. Gives those who are in no care."""
    registered_on = [person.registered_on for person in intake.people]
    in_care = {*_sos_care(found, registered_on, period, seed)}
    in_care |= {*add_total_care(found, registered_on, matching.referrals, in_care, period, seed)}
    _consents(found, registered_on, period, seed)
    left_alone = [number for number in range(len(registered_on)) if number not in in_care]
    _changes(found, [(number, registered_on[number]) for number in left_alone], period, seed)
    return left_alone


def _consents(found: Unplanned, registered_on: Sequence[int], period: Period, seed: int) -> None:
    rng = random.Random(f"{seed} consents")
    for number, day in enumerate(registered_on):
        if rng.random() < _CONSENTING:
            form = {"purpose": rng.choice(_PURPOSES), "given": True, "text_version": f"t{period.date(day).year}"}
            found.intake[day].append(Action(RECORD_CONSENT, {"seeker": number}, form))


def _changes(found: Unplanned, people: Sequence[tuple[int, int]], period: Period, seed: int) -> None:
    rng = random.Random(f"{seed} changes")
    for number, day in people:
        if rng.random() < _CHANGING:
            on = period.working_day(day + rng.randint(0, 3))
            form = {"desired_wage": 10_000 * rng.randrange(100, 320)}
            found.intake[on].append(Action(CHANGE_SEEKER, {"seeker": number}, form))


def _sos_care(found: Unplanned, registered_on: Sequence[int], period: Period, seed: int) -> Iterator[int]:
    """Have people ask for SOS-Care as soon as they are registered; give those who do."""
    rng = random.Random(f"{seed} sos-care")
    for number, day in enumerate(registered_on):
        in_hardship = situation(seed, number).in_hardship
        if rng.random() < (_ASKING if in_hardship else _ASKING_IN_VAIN):
            on = period.working_day(day + rng.randint(0, 1))
            outcome = "granted" if in_hardship else "declined"
            found.intake[on].append(Action(ASK_FOR_SOS_CARE, {"seeker": number}, leads_to=outcome))
            yield number
