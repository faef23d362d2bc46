"""Who serves a youth internship to its end in which year, and whose internship becomes a permanent job."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contracts.codes import Occupation
from jobplus.replay.planning.calendar import Period
from jobplus.replay.planning.model import Plan


@dataclass(frozen=True, slots=True)
class Interning:
    """An internship that a person completes in a year; `converted` where it becomes their job.

    `occupation` is None where it follows from what the person wants.
    """

    year: int
    converted: bool
    occupation: Occupation | None


def completed(plan: Plan) -> int:
    """Tell how many internships are completed, in all years."""
    return sum(each.completed for each in plan.internships)


def converted(plan: Plan) -> int:
    """Tell how many of them become jobs."""
    return sum(each.converted for each in plan.internships)


def placed_elsewhere(plan: Plan, referred: int) -> int:
    """Tell how many must be interns in vain and placed by another referral: those for whom no unplaced is left."""
    return max(0, completed(plan) - converted(plan) - (referred - plan.placed.total))


def by_whole_occupations(placed: Mapping[Occupation, int], interns: int) -> dict[Occupation, int]:
    """Split those converted among the occupations placed in, so that the fewest need vacancies of both kinds."""
    shares: dict[Occupation, int] = {}
    for code, count in sorted(placed.items(), key=lambda each: (each[1], each[0])):
        if share := min(count, interns):
            shares[code] = share
            interns -= share
    return shares


def come_in_time(registered: list[int], plan: Plan, period: Period) -> None:
    """Move registrations to earlier days where otherwise too few come before a year's end to be its interns."""
    needed = 0
    for each in sorted(plan.internships, key=lambda each: each.year):
        needed += each.completed
        last = latest_registration(period, each.year)
        registered[:needed] = [min(day, last) for day in registered[:needed]]


def latest_registration(period: Period, year: int) -> int:
    """Tell the last day on which someone may register who is an intern until the end of that year.

    It leaves a day in which the period goes on, for who is placed elsewhere afterwards.
    """
    return max(0, min(period.year(year)[1], period.last - 1))


def years(plan: Plan, rng: random.Random) -> tuple[list[int], list[int]]:
    """Give the years of those converted and of the others, in a random order."""
    taken = [each.year for each in plan.internships for _ in range(each.converted)]
    in_vain = [each.year for each in plan.internships for _ in range(each.completed - each.converted)]
    rng.shuffle(taken)
    rng.shuffle(in_vain)
    return taken, in_vain


def places(interning: Mapping[int, Interning], registered: Sequence[int], period: Period) -> list[int]:
    """Tell who registers in which place, so that every intern does in time: mostly everyone in their own.

    Who comes too late for their year changes places with the first who isn't an intern of that year or an earlier one.
    """
    held = list(range(len(registered)))
    first = 0
    for number, each in sorted(interning.items(), key=lambda item: (item[1].year, item[0])):
        place = number if held[number] == number else held.index(number)
        if registered[place] <= latest_registration(period, each.year):
            continue
        while (other := interning.get(held[first])) and other.year <= each.year:
            first += 1
        held[first], held[place] = number, held[first]
    return held
