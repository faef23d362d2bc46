"""Every referral of a history: to which vacancy, how it is answered, and whether it ends in a placement."""

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from contracts.cases import Answer
from jobplus.replay.drawing.people import Person
from jobplus.replay.drawing.timelines import Internship, Timeline, timeline
from jobplus.replay.drawing.vacancies import Board, Post, Vacancy, opening_days, stock
from jobplus.replay.planning.calendar import Period
from jobplus.replay.planning.model import Plan

BrokenOffBy = Literal["intern", "employer"]

_UNANSWERED = 0.12
_MEAN_ANSWER = 5.0
_LONGEST_ANSWER = 60
"""Days: a referral that is not answered for 90 expires."""
_REASONS: dict[Answer, tuple[str, ...]] = {
    "refused_by_seeker": ("wage_too_low", "too_far", "other_work_wanted", "hours_unsuitable"),
    "refused_by_employer": ("experience_missing", "qualification_missing", "another_chosen"),
}


@dataclass(frozen=True, slots=True)
class Answered:
    """What a referral was answered, on which day; `reason` is None where it was accepted."""

    answer: Answer
    reason: str | None
    on: int


@dataclass(frozen=True, slots=True)
class BrokenOff:
    """An internship that ended before its time: from when, until when, and who ended it."""

    started_on: int
    on: int
    by: BrokenOffBy


@dataclass(frozen=True, slots=True)
class NeverStarted:
    """A placement that never was: from when it stood, and when it was taken back."""

    placed_on: int
    corrected_on: int


@dataclass(frozen=True, slots=True)
class Referral:
    """`round` counts from 0 a person's referrals to one vacancy on one day: each follows the refusal of the last.

    An internship that it led to is converted where there is a `placed_on`; one that was broken off stands apart, and so
    does a placement that never was.
    """

    seeker: int
    vacancy: int
    made_on: int
    round: int
    answered: Answered | None
    placed_on: int | None
    internship: Internship | None = None
    broken_off: BrokenOff | None = None
    never_started: NeverStarted | None = None

    def spans(self) -> list[tuple[int, int]]:
        """Give the first and the last day of all that comes of it, the making and the answer included."""
        spans = [(self.made_on, self.made_on)]
        if self.answered:
            spans.append((self.answered.on, self.answered.on))
        if self.internship:
            spans.append((self.internship.started_on, self.internship.completed_on))
        if self.broken_off:
            spans.append((self.broken_off.started_on, self.broken_off.on))
        if self.never_started:
            spans.append((self.never_started.placed_on, self.never_started.corrected_on))
        if self.placed_on is not None:
            spans.append((self.placed_on, self.placed_on))
        return spans


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
        internships = sum(
            referral.internship is not None or referral.broken_off is not None for referral in self.referrals
        )
        in_vain = sum(referral.never_started is not None for referral in self.referrals)
        return len(self.vacancies) + len(self.referrals) + answers + 2 * (internships + in_vain) + len(self.placed_on)

    @property
    def last_to_internship(self) -> Mapping[int, int]:
        """The day of the last referral to a vacancy for interns, by seeker."""
        internships = {number for number, vacancy in enumerate(self.vacancies) if vacancy.post.internship}
        return {each.seeker: each.made_on for each in self.referrals if each.vacancy in internships}


@dataclass(slots=True)
class _Case:
    """One person's referrals: the days, the posts and then the vacancies, in order.

    `taken` holds the vacancies in which they take an opening, by the referral's place.
    """

    seeker: int
    person: Person
    timeline: Timeline
    posts: list[Post]
    taken: dict[int, int] = field(default_factory=dict[int, int])
    placed_on: int | None = None


def matching(plan: Plan, people: Sequence[Person], period: Period, rng: random.Random) -> Matching:
    """Draw the vacancies that a plan's referrals and placements need, and what comes of each referral."""
    cases: list[_Case] = []
    for number, person in enumerate(people):
        if person.referrals:
            days = timeline(person, period, rng)
            cases.append(_Case(number, person, days, _posts(person, days, rng)))
    liked = Counter(post for case in cases for post in case.posts)
    taken = Counter(case.posts[place] for case in cases for place in _taking(case))
    stocked = stock(plan, liked, taken)
    referred_on: defaultdict[Post, list[int]] = defaultdict(list)
    for case in cases:
        case.posts = [_in_stock(post, case.person, stocked, rng) for post in case.posts]
        for post, day in zip(case.posts, case.timeline.made_on, strict=True):
            referred_on[post].append(day)
    for days in referred_on.values():
        days.sort()
    board = Board(opening_days(stocked, referred_on, period, rng), period, rng)
    for case in cases:
        _take(case, board)
    vacancies = board.fill()
    referrals = [referral for case in cases for referral in _referrals(case, board, period, rng)]
    referrals.sort(key=lambda referral: (referral.made_on, referral.round))
    return Matching(vacancies, referrals, {case.seeker: case.placed_on for case in cases if case.placed_on is not None})


def _posts(person: Person, days: Timeline, rng: random.Random) -> list[Post]:
    """Choose the post of each referral: mostly the first wanted; the last is that of the placement."""
    likely = (person.wanted[0], *person.wanted)
    posts = [Post(rng.choice(likely)) for _ in range(person.referrals)]
    if person.occupation:
        posts[-1] = Post(person.occupation)
    if days.internship and person.interning:
        posts[days.internship.referral] = Post(person.interning.occupation or person.wanted[0], internship=True)
    return posts


def _taking(case: _Case) -> list[int]:
    """Tell which referrals take an opening."""
    interned = case.timeline.internship
    taking = [] if case.person.occupation is None else [len(case.posts) - 1]
    return sorted({*taking, interned.referral}) if interned else taking


def _in_stock(post: Post, person: Person, stocked: Mapping[Post, int], rng: random.Random) -> Post:
    """Give the post itself, or another where no vacancy is of it: an internship where there are no others at all."""
    if post in stocked:
        return post
    wanted = [other for code in person.wanted if (other := Post(code)) in stocked]
    jobs = [other for other in stocked if not other.internship]
    return rng.choice(wanted or jobs or list(stocked))


def _take(case: _Case, board: Board) -> None:
    days = case.timeline
    case.placed_on = days.placed_on
    for place in _taking(case):
        post, made_on = case.posts[place], days.made_on[place]
        if days.internship and place == days.internship.referral:
            case.taken[place], _ = board.place(post, made_on, days.internship.started_on)
        elif days.placed_on is not None:
            case.taken[place], case.placed_on = board.place(post, made_on, days.placed_on)


def _referrals(case: _Case, board: Board, period: Period, rng: random.Random) -> list[Referral]:
    days, vacancies = case.timeline, _vacancies(case, board)
    last, interned = len(vacancies) - 1, days.internship
    again_on: dict[int, int] = {}
    answers: list[Answered | None] = []
    for place in range(last, -1, -1):
        until = period.last if case.placed_on is None else case.placed_on
        if interned and place <= interned.referral:
            until = interned.started_on
        vacancy, day = vacancies[place], days.made_on[place]
        answers.append(_refusal(day, min(board.open_until(vacancy), until), again_on.get(vacancy), period, rng))
        again_on[vacancy] = day
    answers.reverse()
    if days.accepted_on is not None:
        answers[last] = Answered("accepted", None, days.accepted_on)
    if interned:
        answers[interned.referral] = Answered("accepted", None, interned.accepted_on)
    rounds: Counter[tuple[int, int]] = Counter()
    referrals: list[Referral] = []
    for place, (vacancy, day, answered) in enumerate(zip(vacancies, days.made_on, answers, strict=True)):
        referrals.append(
            Referral(
                case.seeker,
                vacancy,
                day,
                rounds[vacancy, day],
                answered,
                case.placed_on if place == last else None,
                interned if interned and place == interned.referral else None,
            )
        )
        rounds[vacancy, day] += 1
    return referrals


def _vacancies(case: _Case, board: Board) -> list[int]:
    """Choose the vacancy of each referral, different ones where there are enough."""
    chosen: dict[int, None] = dict.fromkeys(case.taken.values())
    vacancies: list[int] = []
    for place, (post, day) in enumerate(zip(case.posts, case.timeline.made_on, strict=True)):
        vacancies.append(case.taken[place] if place in case.taken else board.refer(post, day, chosen))
        chosen[vacancies[-1]] = None
    return vacancies


def _refusal(made_on: int, until: int, again_on: int | None, period: Period, rng: random.Random) -> Answered | None:
    """Draw a refusal by the last day on which one is taken; there is one where the person is referred there again."""
    on = period.working_day(made_on + 1 + min(_LONGEST_ANSWER, int(rng.expovariate(1 / _MEAN_ANSWER))))
    answer: Answer = "refused_by_seeker" if rng.random() < 0.45 else "refused_by_employer"
    unanswered = rng.random() < _UNANSWERED
    if again_on is not None:
        on = min(on, again_on, until)
    elif unanswered:
        return None
    elif on > until:
        on = until if until - made_on < _MEAN_ANSWER else made_on
    return Answered(answer, rng.choice(_REASONS[answer]), on)
