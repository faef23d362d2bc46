"""The vacancies of a history: as many as the plan says, opened where and when people are referred."""

import random
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from contracts.codes import OCCUPATIONS, Occupation
from jobplus.replay.drawing.occupations import MOST_OPENINGS, needed_vacancies
from jobplus.replay.planning.calendar import Period
from jobplus.replay.planning.model import Plan
from jobplus.replay.planning.shares import apportion

_FRESH = 30
"""Days for which a vacancy is among those that people are mostly referred to."""
_FILLED = 0.6
"""Of the vacancies in which someone is placed, those that are filled to the last opening."""


class Post(NamedTuple):
    """What vacancies are of one kind by: the occupation, and whether they are internships."""

    occupation: Occupation
    internship: bool = False


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A vacancy with its openings, and the day from which on it is open."""

    post: Post
    opened_on: int
    openings: int


def stock(plan: Plan, referred: Mapping[Post, int], taken: Mapping[Post, int]) -> dict[Post, int]:
    """Tell how many vacancies there are of each post: what placements need, the rest as people are referred.

    `referred` counts the referrals that people would like, `taken` the openings that are.
    """
    needed = {post: needed_vacancies(count) for post, count in taken.items()}
    spare = _total(plan, sum(needed.values())) - sum(needed.values())
    # Nobody is referred to an internship but interns, who each take an opening.
    posts = [*map(Post, OCCUPATIONS), *sorted(post for post in taken if post.internship)]
    more = apportion(spare, [referred.get(post, 0) if referred else not post.internship for post in posts])
    counts = {post: needed.get(post, 0) + extra for post, extra in zip(posts, more, strict=True)}
    return {post: count for post, count in counts.items() if count}


def _total(plan: Plan, needed: int) -> int:
    if plan.vacancies is not None:
        return plan.vacancies
    return max(needed, plan.referrals // 4, plan.employers // 4, min(plan.referrals, 1))


def opening_days(
    stocked: Mapping[Post, int],
    referred_on: Mapping[Post, Sequence[int]],
    period: Period,
    rng: random.Random,
) -> list[tuple[int, Post]]:
    """Draw the days on which the vacancies open, in order; `referred_on` holds the days of all referrals, in order.

    The first of a post are open before anyone is referred to it, enough of them for whoever is placed.
    """
    opened: list[tuple[int, Post]] = []
    for post, count in stocked.items():
        days = referred_on.get(post, ())
        if not days:
            opened.extend((day, post) for day in period.arrivals(count, rng))
            continue
        first = min(days[0], period.working_day(max(0, days[0] - rng.randrange(1, 10))))
        at_once = min(count, needed_vacancies(len(days)))
        opened.extend((first, post) for _ in range(at_once))
        for index in range(at_once, count):
            day = days[len(days) * index // count] - rng.randrange(8)
            opened.append((period.working_day(max(first, day)), post))
    return sorted(opened)


class Board:
    """The vacancies, and who is placed in which.

    First everyone who is placed gets a vacancy (`place`), then some are declared filled (`fill`), then all other
    referrals are given to what is open on their day (`refer`). A post's first vacancy never closes before
    the last day is over, so that there is always one.
    """

    def __init__(self, opened: Sequence[tuple[int, Post]], period: Period, rng: random.Random) -> None:
        self._opened = opened
        self._last_day = period.last
        self._rng = rng
        self._numbers: defaultdict[Post, list[int]] = defaultdict(list)
        self._days: defaultdict[Post, list[int]] = defaultdict(list)
        for number, (day, post) in enumerate(opened):
            self._numbers[post].append(number)
            self._days[post].append(day)
        self._placed: Counter[int] = Counter()
        self._last_placed: dict[int, int] = {}
        self._filled: set[int] = set()

    def place(self, post: Post, referred_on: int, placed_on: int) -> tuple[int, int]:
        """Choose a vacancy for someone who takes an opening; gives it and the day on which they do.

        That day is the one asked for, but the last day of all for whoever takes the last opening there can be, so
        that a job's vacancy is open until then: people are referred there.
        """
        low, high = self._fresh(post, referred_on)
        numbers = self._numbers[post]
        number = numbers[self._rng.randrange(low, high)]
        if self._placed[number] == MOST_OPENINGS:
            number = next(each for each in numbers[:high] if self._placed[each] < MOST_OPENINGS)
        self._placed[number] += 1
        if self._placed[number] == MOST_OPENINGS and not post.internship:
            placed_on = self._last_day
        self._last_placed[number] = max(placed_on, self._last_placed.get(number, 0))
        return number, placed_on

    def fill(self) -> list[Vacancy]:
        """Decide how many openings each vacancy has; of those in which someone is placed most have none left over."""
        firsts = {numbers[0] for numbers in self._numbers.values()}
        vacancies: list[Vacancy] = []
        for number, (day, post) in enumerate(self._opened):
            placed = self._placed[number]
            filled = placed and number not in firsts and self._rng.random() < _FILLED
            openings = placed if filled else min(MOST_OPENINGS, placed + self._rng.choice((1, 1, 1, 2, 2, 3, 5)))
            if openings == placed:
                self._filled.add(number)
            vacancies.append(Vacancy(post, day, openings))
        return vacancies

    def refer(self, post: Post, day: int, known: Mapping[int, object]) -> int:
        """Choose a vacancy that is open on the day until all is done, if possible none of those known already."""
        low, high = self._fresh(post, day)
        numbers = self._numbers[post]
        for _ in range(4):
            number = numbers[self._rng.randrange(low, high)]
            if self.open_until(number) >= day and number not in known:
                return number
        return numbers[0]

    def open_until(self, number: int) -> int:
        """Tell the day at whose end a vacancy is filled; the last of all for one that isn't."""
        return self._last_placed[number] if number in self._filled else self._last_day

    def _fresh(self, post: Post, day: int) -> tuple[int, int]:
        days = self._days[post]
        high = bisect_right(days, day)
        return min(bisect_left(days, day - _FRESH), high - 1), high
