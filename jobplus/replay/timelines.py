"""When a person's referrals are made, and when the last of them leads to a placement."""

import random
from dataclasses import dataclass

from jobplus.replay.calendar import Period
from jobplus.replay.people import Person

_FIRST_AFTER = 2
"""Days from the registration to the first referral at least, where so many are left."""
_LONGEST = 730
"""Days from the registration to the end of a person's story at most."""
_TO_FIRST = 14.0
_TO_NEXT = 24.0
_TO_ANSWER = 3.0
_TO_START = 7.0
"""Mean days from one step to the next."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The days of a person's referrals, in order; where they are placed, the last referral is the one accepted."""

    made_on: tuple[int, ...]
    accepted_on: int | None
    placed_on: int | None


def timeline(person: Person, period: Period, rng: random.Random) -> Timeline:
    """Draw the days of a person who is referred; where the period ends too soon, everything comes closer together."""
    means = [_TO_FIRST, *[_TO_NEXT] * (person.referrals - 1)]
    if person.occupation is not None:
        means += [_TO_ANSWER, _TO_START]
    waited = _FIRST_AFTER
    offsets = [waited := waited + int(rng.expovariate(1 / mean)) for mean in means]
    days = [period.working_day(person.registered_on + each) for each in _within(offsets, person, period, rng)]
    if person.occupation is None:
        return Timeline(tuple(days), None, None)
    return Timeline(tuple(days[:-2]), days[-2], days[-1])


def _within(offsets: list[int], person: Person, period: Period, rng: random.Random) -> list[int]:
    left = min(_LONGEST, period.last - person.registered_on)
    if offsets[-1] <= left:
        return offsets
    first = min(_FIRST_AFTER, left)
    end = rng.randint(first + (left - first) // 3, left)
    drawn = max(1, offsets[-1] - _FIRST_AFTER)
    return [first + (each - _FIRST_AFTER) * (end - first) // drawn for each in offsets]
