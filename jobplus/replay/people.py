"""Who registers: when, how old, wanting what, referred how often, and placed in which occupation."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from contracts.codes import AGE_BANDS, AgeBand, Occupation
from jobplus.replay.calendar import Period
from jobplus.replay.model import Plan
from jobplus.replay.occupations import Wishes, placed_in, wanted_shares
from jobplus.replay.shares import apportion

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
    """A person who registers on a day. `occupation` and `band` are of the placement, None where not placed."""

    registered_on: int
    referrals: int
    occupation: Occupation | None
    band: AgeBand | None
    wanted: tuple[Occupation, ...]


def people(plan: Plan, period: Period, rng: random.Random) -> list[Person]:
    """Make up those who register, in the order of their registrations."""
    registered = period.arrivals(plan.registered, rng)
    order = sorted(range(plan.registered), key=lambda number: rng.random() + _is_late(registered[number], period))
    referrals = _referrals(plan, order, rng)
    placements = _placements(plan, order[: plan.placed.total], rng)
    wishes = Wishes(wanted_shares(plan), rng)
    found: list[Person] = []
    for number, day in enumerate(registered):
        occupation, band = placements.get(number, (None, None))
        found.append(Person(day, referrals[number], occupation, band, _wanted(wishes, occupation, rng)))
    return found


def birth_year(person: Person, registered: int, placed: int | None, rng: random.Random) -> int:
    """Draw a year of birth: that of the band at the placement, in the years of registration and placement."""
    if person.band is None or placed is None:
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
    return min(plan.registered, plan.referrals, max(plan.placed.total, most_of_them, 1))


def _placements(plan: Plan, placed: Sequence[int], rng: random.Random) -> dict[int, tuple[Occupation, AgeBand]]:
    """Tell the occupation and the band of each who is placed: the older, the likelier in an old people's one."""
    occupations: list[Occupation] = [code for code, count in placed_in(plan).items() for _ in range(count)]
    rng.shuffle(occupations)
    by_age = plan.placed.by_age
    counts = apportion(
        plan.placed.total, [*(by_age[band] for band in AGE_BANDS)] if by_age else [*_BAND_SHARES.values()]
    )
    bands: list[AgeBand] = [band for band, count in zip(AGE_BANDS, counts, strict=True) for _ in range(count)]
    tendency = [_YOUNG.get(code, 0) + _OLD.get(code, 0) + rng.gauss(0, 15) for code in occupations]
    youngest_first = sorted(range(len(placed)), key=tendency.__getitem__)
    placements: dict[int, tuple[Occupation, AgeBand]] = {
        placed[index]: (occupations[index], band) for index, band in zip(youngest_first, bands, strict=True)
    }
    return placements


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
