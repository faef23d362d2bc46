"""What is done in intake on each day: who joins and registers, then the sessions, then the launches."""

import random
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from contracts.codes import Channel, SessionKind
from jobplus.replay import forms
from jobplus.replay.actions import (
    Action,
    HoldSession,
    JoinCounsellor,
    JoinEmployer,
    LaunchBusiness,
    RegisterSeeker,
    Stage,
    stages,
)
from jobplus.replay.calendar import Period
from jobplus.replay.people import Person
from jobplus.replay.sessions import Client, Counselling

_MINUTES: dict[Channel, tuple[int, ...]] = {
    "visit": (20, 30, 30, 40, 50, 60),
    "call": (5, 10, 10, 15),
    "online": (10, 15, 20),
}
_WITH_OWN_COUNSELLOR = 0.85
"""Of the sessions; the others are held by whoever is free."""


@dataclass(frozen=True, slots=True)
class Intake:
    """All that happens in intake: `joined_on` holds the employers' days, in order; counsellors start on the first."""

    counsellors: int
    joined_on: Sequence[int]
    people: Sequence[Person]
    birth_years: Sequence[int]
    counselling: Counselling

    @property
    def total(self) -> int:
        """How many actions there are."""
        launches = sum(map(len, self.counselling.launches))
        return self.counsellors + len(self.joined_on) + len(self.people) + len(self.counselling.channels) + launches


def intake_days(intake: Intake, period: Period, rng: random.Random) -> Iterator[tuple[Stage, ...]]:
    """Give the stages of each day, in order."""
    channels = iter(intake.counselling.channels)
    registered_on = [person.registered_on for person in intake.people]
    for day in range(period.length):
        arriving = _arriving(intake, registered_on, day, period.date(day), rng)
        sessions = [
            _session(client, kind, next(channels), intake.counsellors, rng)
            for client, kind in intake.counselling.sessions[day]
        ]
        launches = [LaunchBusiness(client.number, client.registered) for client in intake.counselling.launches[day]]
        yield stages(arriving, sessions, launches)


def _arriving(intake: Intake, registered_on: Sequence[int], day: int, on: date, rng: random.Random) -> Iterator[Action]:
    if day == 0:
        for number in range(intake.counsellors):
            yield JoinCounsellor(number, forms.counsellor(number, rng))
    for number in _of_day(intake.joined_on, day):
        yield JoinEmployer(number, forms.employer(number, rng))
    for number in _of_day(registered_on, day):
        wanted = intake.people[number].wanted
        yield RegisterSeeker(number, forms.seeker(number, intake.birth_years[number], wanted, on, rng))


def _of_day(days: Sequence[int], day: int) -> range:
    return range(bisect_left(days, day), bisect_right(days, day))


def _session(client: Client, kind: SessionKind, channel: Channel, counsellors: int, rng: random.Random) -> HoldSession:
    own = rng.random() < _WITH_OWN_COUNSELLOR
    counsellor = client.number % counsellors if own else rng.randrange(counsellors)
    form = {"kind": kind, "channel": channel, "minutes": rng.choice(_MINUTES[channel])}
    return HoldSession(client.number, client.registered, counsellor, form)
