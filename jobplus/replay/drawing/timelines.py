"""When a person's referrals are made, and when the last of them leads to a placement."""

import random
from dataclasses import dataclass

from jobplus.replay.drawing.interns import Interning
from jobplus.replay.drawing.people import Person
from jobplus.replay.planning.calendar import Period

_FIRST_AFTER = 2
"""Days from the registration to the first referral at least, where so many are left."""
_LONGEST = 730
"""Days from the registration to the end of a person's story at most."""
_TO_FIRST = 14.0
_TO_NEXT = 24.0
_TO_ANSWER = 3.0
_TO_START = 7.0
"""Mean days from one step to the next."""


_INTERNSHIP = (60, 120)
"""Days that an internship takes, where so many are left."""
_TO_INTERNSHIP = 14
"""Days from the registration to an internship at least, where so many are left."""
_TO_CONVERSION = 10.0


@dataclass(frozen=True, slots=True)
class Internship:
    """The internship that a referral led to: `referral` is its place among the person's referrals, from 0."""

    referral: int
    accepted_on: int
    started_on: int
    completed_on: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """The days of a person's referrals, in order; where they are placed, the last referral is the one accepted.

    A converted internship comes of the last referral, too; its conversion is the placement.
    """

    made_on: tuple[int, ...]
    accepted_on: int | None
    placed_on: int | None
    internship: Internship | None = None


def timeline(person: Person, period: Period, rng: random.Random) -> Timeline:
    """Draw the days of a person who is referred; where the period ends too soon, everything comes closer together."""
    if person.interning is not None:
        return _with_internship(person, person.interning, period, rng)
    means = [_TO_FIRST, *[_TO_NEXT] * (person.referrals - 1)]
    if person.occupation is not None:
        means += [_TO_ANSWER, _TO_START]
    waited = _FIRST_AFTER
    offsets = [waited := waited + int(rng.expovariate(1 / mean)) for mean in means]
    days = [period.working_day(person.registered_on + each) for each in _within(offsets, person, period, rng)]
    if person.occupation is None:
        return Timeline(tuple(days), None, None)
    return Timeline(tuple(days[:-2]), days[-2], days[-1])


def _with_internship(person: Person, interning: Interning, period: Period, rng: random.Random) -> Timeline:
    """Draw the day of the completion, go back from it to the start, and bring the referrals in before that."""
    last_leads_to_it = interning.converted or person.occupation is None
    before = person.referrals if last_leads_to_it else person.referrals - 1
    registered_on, (first, last) = person.registered_on, period.year(interning.year)
    first = max(first, registered_on)
    completed_on = rng.randint(min(last, max(first, registered_on + _INTERNSHIP[1])), last)
    completed_on = min(last, period.working_day(completed_on))
    started_by = max(completed_on - rng.randint(*_INTERNSHIP), min(completed_on, registered_on + _TO_INTERNSHIP))
    next_on = min(completed_on + 1, period.last)
    if not last_leads_to_it:
        # Completed on the same day or not: what began before is, before anyone is referred again.
        started_by = min(started_by, next_on - 1)
    days = [
        min(started_by, period.working_day(registered_on + each))
        for each in _up_to(started_by - registered_on, before, rng)
    ]
    internship = Internship(before - 1, days[-2], days[-1], completed_on)
    made_on = tuple(days[:-2])
    if interning.converted:
        converted_on = period.working_day(completed_on + int(rng.expovariate(1 / _TO_CONVERSION)))
        return Timeline(made_on, internship.accepted_on, converted_on, internship)
    if person.occupation is None:
        return Timeline(made_on, None, None, internship)
    means, waited = (_TO_NEXT, _TO_ANSWER, _TO_START), 0
    offsets = [waited := waited + int(rng.expovariate(1 / mean)) for mean in means]
    left = period.last - next_on
    if offsets[-1] > left:
        offsets = [each * left // offsets[-1] for each in offsets]
    made, accepted, placed = (period.working_day(next_on + each) for each in offsets)
    return Timeline((*made_on, made), accepted, placed, internship)


def _up_to(room: int, referrals: int, rng: random.Random) -> list[int]:
    """Draw the days until so many referrals, the answer to the last and the start, which is on the last of all.

    The last referral waits until shortly before; where room is short, everything comes closer together.
    """
    waited = _FIRST_AFTER
    means = (_TO_FIRST, *[_TO_NEXT] * (referrals - 1), _TO_ANSWER, _TO_START)
    offsets = [waited := waited + int(rng.expovariate(1 / mean)) for mean in means]
    if offsets[-1] > room:
        return _compressed(offsets, min(_FIRST_AFTER, room), room)
    return [*offsets[:-3], *(each + room - offsets[-1] for each in offsets[-3:])]


def _within(offsets: list[int], person: Person, period: Period, rng: random.Random) -> list[int]:
    left = min(_LONGEST, period.last - person.registered_on)
    if offsets[-1] <= left:
        return offsets
    first = min(_FIRST_AFTER, left)
    return _compressed(offsets, first, rng.randint(first + (left - first) // 3, left))


def _compressed(offsets: list[int], first: int, end: int) -> list[int]:
    """Bring the days, the first of which is drawn as _FIRST_AFTER or later, into those from `first` to `end`."""
    drawn = max(1, offsets[-1] - _FIRST_AFTER)
    return [first + (each - _FIRST_AFTER) * (end - first) // drawn for each in offsets]
