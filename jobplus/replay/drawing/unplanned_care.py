"""Care, which is unplanned: SOS-Care, and total care of people whom nobody refers, as that would be too early, and of
some whom the plan refers.

Of the latter some are ready before their first referral; some aren't, and are referred by an override all the same.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set

from contracts.codes import CareStage
from jobplus.replay.drawing.declared import situation
from jobplus.replay.drawing.unplanned import Dated, Draw, SoFar, seekers_of
from jobplus.replay.driving.actions import Action, Refs
from jobplus.replay.driving.kinds import ASK_FOR_SOS_CARE, ASSESS, COMPLETE_COURSE, ENROL
from jobplus.replay.planning.calendar import Period

_ASKING = 0.6
_ASKING_IN_VAIN = 0.005
"""Of those in sudden hardship, and of the others: who ask for SOS-Care."""
_FAR_FROM_WORK = 0.12
"""Of those who are never referred."""
_GETTING_READY, _READY_WITHIN = 0.4, 50
"""Of those whose first referral comes so many days after the registration, or more."""
_REFERRED_EARLY, _EARLY_AFTER = 0.02, 14
_HEARD_BY = 7
"""Days before someone's first referral by which they are ready: matching has heard of it then."""
_OVERRIDES = ("job_at_hand", "own_wish")
_STAGES: Mapping[CareStage, CareStage] = {
    "preparation": "counselling",
    "counselling": "training",
    "training": "ready",
}
"""The stages with courses, and what the completion of one leads to."""
_COURSES: Mapping[CareStage, tuple[str, int]] = {
    "preparation": ("preparation_basics", 20),
    "counselling": ("career_goals", 12),
    "training": ("office_software", 60),
}
"""The course of each stage, and its hours."""
_SCORES: Mapping[CareStage, Mapping[str, int]] = {
    "preparation": {"work_habits": 2, "job_goal": 2, "vocational_skills": 2},
    "counselling": {"work_habits": 4, "job_goal": 2, "vocational_skills": 3},
    "training": {"work_habits": 4, "job_goal": 3, "vocational_skills": 2},
}
"""Assessments that give each stage."""


def sos_care(so_far: SoFar) -> Iterator[Dated]:
    """Have people in sudden hardship ask for SOS-Care as soon as they are registered, and some others in vain."""
    rng = random.Random(f"{so_far.seed} sos-care")
    for number, day in enumerate(so_far.registered_on):
        in_hardship = situation(so_far.seed, number).in_hardship
        if rng.random() < (_ASKING if in_hardship else _ASKING_IN_VAIN):
            on = so_far.period.working_day(day + rng.randint(0, 1))
            outcome = "granted" if in_hardship else "declined"
            yield on, Action(ASK_FOR_SOS_CARE, {"seeker": number}, leads_to=outcome)


def total_care(so_far: SoFar) -> Sequence[Dated]:
    """Take people into total care who don't ask for SOS-Care: some whom nobody refers, and of those who are referred a
    few who become ready before, or are referred by an override all the same."""
    care, registered_on, referrals = _Care(so_far.period), so_far.registered_on, so_far.matching.referrals
    others = seekers_of(so_far.of(ASK_FOR_SOS_CARE))
    by_seeker: defaultdict[int, list[int]] = defaultdict(list)
    for number, referral in enumerate(referrals):
        by_seeker[referral.seeker].append(number)
    whom_nobody_refers = random.Random(f"{so_far.seed} total care")
    _take_whom_nobody_refers(care, registered_on, by_seeker.keys() | others, whom_nobody_refers)
    rng = random.Random(f"{so_far.seed} referred in total care")
    for seeker, numbers in by_seeker.items():
        if seeker not in others:
            registered, first = registered_on[seeker], referrals[numbers[0]].made_on
            if first - registered >= _READY_WITHIN and rng.random() < _GETTING_READY:
                _become_ready(care, seeker, registered, first, rng)
            elif first - registered >= _EARLY_AFTER and rng.random() < _REFERRED_EARLY:
                _be_referred_early(care, seeker, registered, first, rng)
                so_far.overrides.update(dict.fromkeys(numbers, rng.choice(_OVERRIDES)))
    return care.actions


class _Care:
    """Takes down what total care does with people; numbers the courses."""

    def __init__(self, period: Period) -> None:
        self.actions: list[Dated] = []
        self._courses = 0
        self.period = period

    def assess(self, seeker: int, stage: CareStage, day: int) -> None:
        self.actions.append((day, Action(ASSESS, {"seeker": seeker}, _SCORES[stage], leads_to=stage)))

    def enrol(self, seeker: int, stage: CareStage, day: int) -> int:
        """Begin the course of a stage; give its number."""
        name, hours = _COURSES[stage]
        number = self._courses
        form = {"course": name, "hours": hours, "stage": stage}
        self.actions.append((day, Action(ENROL, {"course": number, "seeker": seeker}, form)))
        self._courses += 1
        return number

    def complete(self, course: int, seeker: int, stage: CareStage, day: int) -> None:
        refs: Refs = {"course": course, "seeker": seeker}
        self.actions.append((day, Action(COMPLETE_COURSE, refs, leads_to=_STAGES[stage])))


def _take_whom_nobody_refers(care: _Care, registered_on: Sequence[int], others: Set[int], rng: random.Random) -> None:
    stages, period = tuple(_STAGES), care.period
    for number, registered in enumerate(registered_on):
        if number in others or rng.random() >= _FAR_FROM_WORK:
            continue
        day, first = period.working_day(registered + rng.randint(1, 14)), rng.randrange(len(stages))
        care.assess(number, stages[first], day)
        for stage in stages[first:]:
            begun, completed = day + rng.randint(1, 21), day + rng.randint(30, 90)
            if begun > period.last:
                break
            course = care.enrol(number, stage, period.working_day(begun))
            if completed > period.last or rng.random() < 0.1:
                break
            day = period.working_day(completed)
            care.complete(course, number, stage, day)


def _become_ready(care: _Care, seeker: int, registered: int, first: int, rng: random.Random) -> None:
    """Have someone trained before their first referral."""
    assessed_on = care.period.working_day(registered + rng.randint(1, 7))
    begun_on = care.period.working_day(assessed_on + rng.randint(1, 7))
    completed_on = care.period.working_day(rng.randint(begun_on + 7, first - _HEARD_BY))
    care.assess(seeker, "training", assessed_on)
    care.complete(care.enrol(seeker, "training", begun_on), seeker, "training", completed_on)


def _be_referred_early(care: _Care, seeker: int, registered: int, first: int, rng: random.Random) -> None:
    """Have someone begin a course that isn't completed when they are referred."""
    stage: CareStage = rng.choice(tuple(_STAGES))
    assessed_on = care.period.working_day(registered + rng.randint(1, 5))
    care.assess(seeker, stage, assessed_on)
    care.enrol(seeker, stage, care.period.working_day(rng.randint(assessed_on, first - 1)))


DRAWN: tuple[Draw, ...] = (sos_care, total_care)
