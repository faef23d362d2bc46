"""Who registers: when, how old, wanting what, referred how often, and placed in which occupation."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from contracts.codes import AGE_BANDS, AgeBand, Occupation
from jobplus.replay.drawing.interns import (
    Interning,
    by_whole_occupations,
    come_in_time,
    completed,
    converted,
    placed_elsewhere,
    places,
    years,
)
from jobplus.replay.drawing.occupations import Wishes, fewest_unplaced, placed_in, spare_vacancies, wanted_shares
from jobplus.replay.planning.calendar import Period
from jobplus.replay.planning.model import Plan
from jobplus.replay.planning.shares import apportion

_BAND_SHARES: dict[AgeBand, int] = {"-29": 299, "30-39": 206, "40-54": 251, "55-": 244}
"""Of those placed in the centre's first two years."""
_BAND_AGES: dict[AgeBand, tuple[int, int]] = {"-29": (19, 29), "30-39": (30, 39), "40-54": (40, 54), "55-": (55, 72)}
_YOUNG = {"02": -8, "08": -14, "20": -12, "03": -6, "12": -6, "04": -4}
_OLD = {"11": 22, "09": 8, "14": 8, "22": 8, "07": 4, "13": 4, "23": 10}
"""Years by which those placed in an occupation are younger or older than others."""
_YOUNGEST = 15
"""Years: who is younger isn't registered."""
_LATE = 21
"""Days before the end: who registers then is seldom referred by the end."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person who registers on a day. `occupation` and `band` are of the placement, None where not placed.

    Whoever serves an internship is young in its year; one that is converted is the placement.
    """

    registered_on: int
    referrals: int
    occupation: Occupation | None
    band: AgeBand | None
    wanted: tuple[Occupation, ...]
    interning: Interning | None = None


def people(plan: Plan, period: Period, rng: random.Random, early: int = 0) -> list[Person]:
    """Make up those who register, in the order of their registrations.

    So many more than need be come early enough to be among the year's unplaced whose wishes the plan tells.
    """
    registered = period.arrivals(plan.registered, rng)
    come_in_time(registered, plan, period)
    if top := plan.unplaced_top_occupations:
        last, needed = period.year(top.year)[1], fewest_unplaced(top.codes) + early
        registered[:needed] = [min(day, last) for day in registered[:needed]]
    order = sorted(range(plan.registered), key=lambda number: rng.random() + _is_late(registered[number], period))
    referrals = _referrals(plan, order, rng)
    slots = _placements(plan, rng)
    placements = dict(zip(order, slots, strict=False))
    interning = _interning(plan, order, slots, referrals, rng)
    wishes = Wishes(wanted_shares(plan), rng)
    found: list[Person] = []
    for number, day in zip(places(interning, registered, period), registered, strict=True):
        slot = placements.get(number, _UNPLACED)
        wanted = _wanted(wishes, slot.occupation, rng)
        found.append(Person(day, referrals[number], slot.occupation, slot.band, wanted, interning.get(number)))
    return found


@dataclass(frozen=True, slots=True)
class _Slot:
    """A placement that someone gets; `converted` where it is by an internship."""

    occupation: Occupation | None
    band: AgeBand | None
    converted: bool


_UNPLACED = _Slot(None, None, converted=False)


def _interning(
    plan: Plan, order: Sequence[int], slots: Sequence[_Slot], referrals: list[int], rng: random.Random
) -> dict[int, Interning]:
    """Choose the interns: those converted, then of the unplaced who are referred, and last of the young placed.

    The latter need a second referral, which somebody gives up who has one to spare.
    """
    taken, in_vain = years(plan, rng)
    interns: dict[int, Interning] = {}
    occupation = None
    for number, slot in zip(order, slots, strict=False):
        if slot.converted:
            interns[number] = Interning(taken.pop(), converted=True, occupation=slot.occupation)
            occupation = occupation or slot.occupation
    if spare_vacancies(plan):
        occupation = None
    elif occupation is None:
        occupation = next(iter(wanted_shares(plan)))
    unplaced = [number for number in order[len(slots) :] if referrals[number]]
    chosen = rng.sample(unplaced, min(len(in_vain), len(unplaced)))
    young = (number for number, slot in zip(order, slots, strict=False) if slot.band == "-29" and not slot.converted)
    for number in (*chosen, *(next(young) for _ in range(len(in_vain) - len(chosen)))):
        interns[number] = Interning(in_vain.pop(), converted=False, occupation=occupation)
    again = [number for number in order[: len(slots)] if number in interns and not interns[number].converted]
    short = [number for number in again if referrals[number] < 2]
    spare = (number for number in order for _ in range(referrals[number] - (2 if number in again else 1)))
    for number in short:
        giver = next(spare)
        referrals[giver] -= 1
        referrals[number] += 1
    return interns


def birth_year(person: Person, registered: int, placed: int | None, young_in: int | None, rng: random.Random) -> int:
    """Draw a year of birth: that of the band at the placement, in the years of registration and placement.

    Who is referred to an internship is young in the year of that, `young_in`.
    """
    if person.occupation is None and person.interning is not None:
        return person.interning.year - rng.randint(max(19, _YOUNGEST + person.interning.year - registered), 29)
    if person.band is None or placed is None:
        if young_in is not None:
            return registered - rng.randint(_BAND_AGES["-29"][0], _BAND_AGES["-29"][1] - (young_in - registered))
        (band,) = rng.choices(AGE_BANDS, weights=tuple(_BAND_SHARES.values()))
        return registered - rng.randint(*_BAND_AGES[band])
    youngest, oldest = _BAND_AGES[person.band]
    return placed - rng.randint(max(youngest, _YOUNGEST + placed - registered), oldest)


def _is_late(day: int, period: Period) -> int:
    return int(period.length > 2 * _LATE and day > period.last - _LATE)


def _referrals(plan: Plan, order: Sequence[int], rng: random.Random) -> list[int]:
    """Tell how often each person is referred: the first in the order at least once."""
    counts = [0] * plan.registered
    referred = order[: _referred(plan)]
    for number in referred:
        counts[number] = 1
    if more := plan.referrals - len(referred):
        for number in rng.choices(referred, weights=[rng.gammavariate(2, 1) for _ in referred], k=more):
            counts[number] += 1
    return counts


def _referred(plan: Plan) -> int:
    if plan.referred is not None:
        return plan.referred
    most_of_them = plan.registered * 17 // 20
    with_interns = plan.placed.total + completed(plan) - converted(plan)
    return min(plan.registered, plan.referrals, max(with_interns, most_of_them, 1))


def _placements(plan: Plan, rng: random.Random) -> list[_Slot]:
    """Give the placements, with occupation and band: the older, the likelier in an old people's one."""
    placed = placed_in(plan)
    occupations: list[Occupation] = [code for code, count in placed.items() for _ in range(count)]
    rng.shuffle(occupations)
    by_age = plan.placed.by_age
    weights = [by_age[band] for band in AGE_BANDS] if by_age else [*_BAND_SHARES.values()]
    counts = apportion(plan.placed.total, weights)
    young = converted(plan) + placed_elsewhere(plan, _referred(plan))
    while counts[0] < young:
        counts[0], most = counts[0] + 1, max(range(1, len(counts)), key=counts.__getitem__)
        counts[most] -= 1
    bands: list[AgeBand] = [band for band, count in zip(AGE_BANDS, counts, strict=True) for _ in range(count)]
    tendency = [_YOUNG.get(code, 0) + _OLD.get(code, 0) + rng.gauss(0, 15) for code in occupations]
    youngest_first = sorted(range(len(occupations)), key=tendency.__getitem__)
    if spare_vacancies(plan):
        interns = {*rng.sample(youngest_first[: counts[0]], converted(plan))}
    else:
        left = by_whole_occupations(placed, converted(plan))
        interns = set[int]()
        for index, code in enumerate(occupations):
            if left.get(code):
                left[code] -= 1
                interns.add(index)
        youngest_first.sort(key=lambda index: index not in interns)
    slots = [_UNPLACED] * len(occupations)
    for index, band in zip(youngest_first, bands, strict=True):
        slots[index] = _Slot(occupations[index], band, index in interns)
    return slots


def _wanted(wishes: Wishes, occupation: Occupation | None, rng: random.Random) -> tuple[Occupation, ...]:
    """Draw one to three wishes; the occupation of the placement is mostly the first of them, seldom none."""
    drawn = dict.fromkeys(wishes.draw(rng.choice((1, 1, 2, 2, 3))))
    chance = rng.random()
    if occupation is None or chance > 0.92:
        return tuple(drawn)
    drawn.pop(occupation, None)
    others = tuple(drawn)
    if chance < 0.72 or not others:
        return (occupation, *others)[:3]
    return (others[0], occupation, *others[1:])[:3]
