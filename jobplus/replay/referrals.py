"""Every referral of a history: to which vacancy, how it is answered, and whether it ends in a placement."""

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contracts.codes import Occupation
from jobplus.replay.actions import ReferralAnswer
from jobplus.replay.calendar import Period
from jobplus.replay.model import Plan
from jobplus.replay.occupations import placed_in
from jobplus.replay.people import Person
from jobplus.replay.timelines import Timeline, timeline
from jobplus.replay.vacancies import Board, Vacancy, opening_days, stock

_UNANSWERED = 0.12
_MEAN_ANSWER = 5.0
_LONGEST_ANSWER = 60
"""Days: a referral that is not answered for 90 expires."""
_REASONS: dict[ReferralAnswer, tuple[str, ...]] = {
    "refused_by_seeker": ("wage_too_low", "too_far", "other_work_wanted", "hours_unsuitable"),
    "refused_by_employer": ("experience_missing", "qualification_missing", "another_chosen"),
}


@dataclass(frozen=True, slots=True)
class Answered:
    """What a referral was answered, on which day; `reason` is None where it was accepted."""

    answer: ReferralAnswer
    reason: str | None
    on: int


@dataclass(frozen=True, slots=True)
class Referral:
    """`round` counts from 0 a person's referrals to one vacancy on one day: each follows the refusal of the last."""

    seeker: int
    vacancy: int
    made_on: int
    round: int
    answered: Answered | None
    placed_on: int | None


@dataclass(frozen=True, slots=True)
class Matching:
    """All that happens in matching, vacancies and referrals in the order in which they come; `placed_on` by seeker."""

    vacancies: Sequence[Vacancy]
    referrals: Sequence[Referral]
    placed_on: Mapping[int, int]

    @property
    def total(self) -> int:
        """How many actions there are."""
        answers = sum(referral.answered is not None for referral in self.referrals)
        return len(self.vacancies) + len(self.referrals) + answers + len(self.placed_on)


@dataclass(slots=True)
class _Case:
    """One person's referrals: the days, the occupations and then the vacancies, in order."""

    seeker: int
    person: Person
    timeline: Timeline
    occupations: list[Occupation]


def matching(plan: Plan, people: Sequence[Person], period: Period, rng: random.Random) -> Matching:
    """Draw the vacancies that a plan's referrals and placements need, and what comes of each referral."""
    cases = [
        _Case(number, person, timeline(person, period, rng), _occupations(person, rng))
        for number, person in enumerate(people)
        if person.referrals
    ]
    liked: Counter[Occupation] = Counter(code for case in cases for code in case.occupations)
    stocked = stock(plan, liked, placed_in(plan))
    referred_on: defaultdict[Occupation, list[int]] = defaultdict(list)
    for case in cases:
        case.occupations = [_in_stock(code, case.person, stocked, rng) for code in case.occupations]
        for code, day in zip(case.occupations, case.timeline.made_on, strict=True):
            referred_on[code].append(day)
    for days in referred_on.values():
        days.sort()
    board = Board(opening_days(stocked, referred_on, period, rng), period, rng)
    places = {case.seeker: _place(board, case) for case in cases if case.person.occupation}
    vacancies = board.fill()
    referrals = [
        referral for case in cases for referral in _referrals(case, places.get(case.seeker), board, period, rng)
    ]
    referrals.sort(key=lambda referral: (referral.made_on, referral.round))
    return Matching(vacancies, referrals, {seeker: placed_on for seeker, (_, placed_on) in places.items()})


def _occupations(person: Person, rng: random.Random) -> list[Occupation]:
    """Choose the occupation of each referral: mostly the first wanted; the last is that of the placement."""
    likely = (person.wanted[0], *person.wanted)
    codes: list[Occupation] = [rng.choice(likely) for _ in range(person.referrals)]
    if person.occupation:
        codes[-1] = person.occupation
    return codes


def _in_stock(code: Occupation, person: Person, stocked: Mapping[Occupation, int], rng: random.Random) -> Occupation:
    if code in stocked:
        return code
    wanted: list[Occupation] = [other for other in person.wanted if other in stocked]
    return rng.choice(wanted or list(stocked))


def _place(board: Board, case: _Case) -> tuple[int, int]:
    placed_on = case.timeline.placed_on
    assert placed_on is not None
    return board.place(case.occupations[-1], case.timeline.made_on[-1], placed_on)


def _referrals(
    case: _Case, place: tuple[int, int] | None, board: Board, period: Period, rng: random.Random
) -> list[Referral]:
    made_on = case.timeline.made_on
    vacancies = _vacancies(case, place, board)
    placed_on = period.last if place is None else place[1]
    again_on: dict[int, int] = {}
    answers: list[Answered | None] = []
    for vacancy, day in zip(reversed(vacancies), reversed(made_on), strict=True):
        until = min(board.open_until(vacancy), placed_on)
        answers.append(_refusal(day, until, again_on.get(vacancy), period, rng))
        again_on[vacancy] = day
    answers.reverse()
    if case.timeline.accepted_on is not None:
        answers[-1] = Answered("accepted", None, case.timeline.accepted_on)
    rounds: Counter[tuple[int, int]] = Counter()
    referrals: list[Referral] = []
    for vacancy, day, answered in zip(vacancies, made_on, answers, strict=True):
        placed = place[1] if place and len(referrals) == len(vacancies) - 1 else None
        referrals.append(Referral(case.seeker, vacancy, day, rounds[vacancy, day], answered, placed))
        rounds[vacancy, day] += 1
    return referrals


def _vacancies(case: _Case, place: tuple[int, int] | None, board: Board) -> list[int]:
    """Choose the vacancy of each referral, different ones where there are enough."""
    chosen: dict[int, None] = {place[0]: None} if place else {}
    open_ones = case.timeline.made_on if place is None else case.timeline.made_on[:-1]
    vacancies: list[int] = []
    for code, day in zip(case.occupations, open_ones, strict=False):
        vacancies.append(board.refer(code, day, chosen))
        chosen[vacancies[-1]] = None
    return vacancies if place is None else [*vacancies, place[0]]


def _refusal(made_on: int, until: int, again_on: int | None, period: Period, rng: random.Random) -> Answered | None:
    """Draw a refusal by the last day on which one is taken; there is one where the person is referred there again."""
    on = period.working_day(made_on + 1 + min(_LONGEST_ANSWER, int(rng.expovariate(1 / _MEAN_ANSWER))))
    answer: ReferralAnswer = "refused_by_seeker" if rng.random() < 0.45 else "refused_by_employer"
    unanswered = rng.random() < _UNANSWERED
    if again_on is not None:
        on = min(on, again_on)
    elif unanswered:
        return None
    elif on > until:
        on = until if until - made_on < _MEAN_ANSWER else made_on
    return Answered(answer, rng.choice(_REASONS[answer]), on)
