"""What goes on at the centre beside what a plan counts: it changes none of a plan's figures.

Each kind has draws of its own, so that it doesn't change what is drawn for the plan, or for another kind.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from contracts.codes import CareStage
from jobplus.replay.actions import (
    Action,
    AskForSosCare,
    Assess,
    ChangeSeeker,
    ComeBack,
    CompleteCourse,
    Enrol,
    RecordConsent,
    Stage,
    Withdraw,
    stages,
)
from jobplus.replay.calendar import Period
from jobplus.replay.declared import situation
from jobplus.replay.intake_days import Intake
from jobplus.replay.referrals import Matching

_CONSENTING = 0.15
_CHANGING = 0.02
"""Of those registered."""
_ASKING = 0.6
_ASKING_IN_VAIN = 0.005
"""Of those in sudden hardship, and of the others: who ask for SOS-Care."""
_FAR_FROM_WORK = 0.12
"""Of those who are never referred: who are in total care."""
_PURPOSES = ("placement", "employers", "care_partners", "surveys", "messages")
_COURSES: dict[CareStage, tuple[str, int]] = {
    "preparation": ("preparation_basics", 20),
    "counselling": ("career_goals", 12),
    "training": ("office_software", 60),
}
"""The course of each stage of total care, and its hours."""
_SCORES = (
    {"work_habits": 2, "job_goal": 2, "vocational_skills": 2},
    {"work_habits": 4, "job_goal": 2, "vocational_skills": 3},
    {"work_habits": 4, "job_goal": 3, "vocational_skills": 2},
)
"""Assessments that give the first, second and third stage."""
_ORDER = (
    (RecordConsent, AskForSosCare, Assess),
    (CompleteCourse,),
    (Enrol, ChangeSeeker),
    (Withdraw,),
    (ComeBack,),
)
"""In which kinds come on a day: those of a person need what came before them."""


@dataclass(frozen=True, slots=True)
class Find:
    """What a visit found: the member's, and the visit's number."""

    employer: int
    visit: int


@dataclass(slots=True)
class Beside:
    """The actions of each day beside the plan, in intake and in matching.

    `finds` tells by number which of the plan's vacancies are those that visits found.
    """

    intake: defaultdict[int, list[Action]] = field(default_factory=lambda: defaultdict(list))
    matching: defaultdict[int, list[Action]] = field(default_factory=lambda: defaultdict(list))
    finds: dict[int, Find] = field(default_factory=dict[int, Find])

    @property
    def total(self) -> int:
        """How many actions there are."""
        return sum(map(len, (*self.intake.values(), *self.matching.values())))

    def of_intake(self, day: int) -> tuple[Stage, ...]:
        """Give a day's stages in intake, which follow the first of the plan."""
        actions = self.intake.get(day, ())
        ordered = [action for kinds in _ORDER for action in kinds]
        free = tuple(type(action) for action in actions if type(action) not in ordered)
        groups = ((*_ORDER[0], *free), *_ORDER[1:])
        return stages(*([action for action in actions if type(action) in kinds] for kinds in groups))

    def of_matching(self, day: int) -> Stage:
        """Give a day's actions in matching, which meet nothing that the plan has there on the day."""
        return tuple(self.matching.get(day, ()))


def add_seekers(found: Beside, intake: Intake, matching: Matching, period: Period, seed: int) -> list[int]:
    """Draw what seekers do beside the plan: consents, care and changes. Gives those who are in no care."""
    referred = {referral.seeker for referral in matching.referrals}
    registered_on = [person.registered_on for person in intake.people]
    in_care = {*_sos_care(found, registered_on, period, seed)}
    in_care |= {*_total_care(found, registered_on, referred | in_care, period, seed)}
    _consents(found, registered_on, period, seed)
    left_alone = [number for number in range(len(registered_on)) if number not in in_care]
    _changes(found, [(number, registered_on[number]) for number in left_alone], period, seed)
    return left_alone


def _consents(found: Beside, registered_on: Sequence[int], period: Period, seed: int) -> None:
    rng = random.Random(f"{seed} consents")
    for number, day in enumerate(registered_on):
        if rng.random() < _CONSENTING:
            form = {"purpose": rng.choice(_PURPOSES), "given": True, "text_version": f"t{period.date(day).year}"}
            found.intake[day].append(RecordConsent(number, form))


def _changes(found: Beside, people: Sequence[tuple[int, int]], period: Period, seed: int) -> None:
    rng = random.Random(f"{seed} changes")
    for number, day in people:
        if rng.random() < _CHANGING:
            on = period.working_day(day + rng.randint(0, 3))
            found.intake[on].append(ChangeSeeker(number, {"desired_wage": 10_000 * rng.randrange(100, 320)}))


def _sos_care(found: Beside, registered_on: Sequence[int], period: Period, seed: int) -> Iterator[int]:
    """Have people ask for SOS-Care as soon as they are registered; give those who do."""
    rng = random.Random(f"{seed} sos-care")
    for number, day in enumerate(registered_on):
        in_hardship = situation(seed, number).in_hardship
        if rng.random() < (_ASKING if in_hardship else _ASKING_IN_VAIN):
            on = period.working_day(day + rng.randint(0, 1))
            found.intake[on].append(AskForSosCare(number, in_hardship))
            yield number


def _total_care(
    found: Beside, registered_on: Sequence[int], others: set[int], period: Period, seed: int
) -> Iterator[int]:
    """Take people into total care whom nobody refers, as that would be too early; give those."""
    rng = random.Random(f"{seed} total care")
    course = 0
    for number, registered in enumerate(registered_on):
        if number in others or rng.random() >= _FAR_FROM_WORK:
            continue
        yield number
        day, first = period.working_day(registered + rng.randint(1, 14)), rng.randrange(len(_SCORES))
        found.intake[day].append(Assess(number, _SCORES[first]))
        for stage in tuple(_COURSES)[first:]:
            begun, completed = day + rng.randint(1, 21), day + rng.randint(30, 90)
            if begun > period.last:
                break
            name, hours = _COURSES[stage]
            found.intake[period.working_day(begun)].append(
                Enrol(course, number, {"course": name, "hours": hours, "stage": stage})
            )
            course += 1
            if completed > period.last or rng.random() < 0.1:
                break
            day = period.working_day(completed)
            found.intake[day].append(CompleteCourse(course - 1, number))
