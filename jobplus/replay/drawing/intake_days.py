"""What is done in intake on each day: who joins and registers, then the sessions, then the launches."""

import random
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from contracts.codes import Channel
from contracts.counselling import SessionKind
from jobplus.replay.drawing import forms
from jobplus.replay.drawing.away import Absence
from jobplus.replay.drawing.declared import declared, situation
from jobplus.replay.drawing.handover import Handover
from jobplus.replay.drawing.later import happened_on
from jobplus.replay.drawing.people import Person
from jobplus.replay.drawing.sessions import Client, Counselling
from jobplus.replay.driving.actions import Action, Form, Stage, Thing, stages
from jobplus.replay.driving.kinds import HOLD_SESSION, JOIN_COUNSELLOR, JOIN_EMPLOYER, LAUNCH_BUSINESS, REGISTER_SEEKER
from jobplus.replay.planning.calendar import Period

_MINUTES: dict[Channel, tuple[int, ...]] = {
    "visit": (20, 30, 30, 40, 50, 60),
    "call": (5, 10, 10, 15),
    "online": (10, 15, 20),
}
_WITH_OWN_COUNSELLOR = 0.85
"""Of the sessions; the others are held by whoever is free."""


@dataclass(frozen=True, slots=True)
class Intake:
    """All that happens in intake: `joined_on` holds the employers' days, in order; counsellors start on the first.

    `away` are the counsellors' absences, in which others hold their sessions; after the `handover` the successor holds
    those of who left.
    """

    counsellors: int
    joined_on: Sequence[int]
    people: Sequence[Person]
    birth_years: Sequence[int]
    counselling: Counselling
    away: Sequence[Absence] = ()
    handover: Handover | None = None

    def serving(self, counsellor: int, day: int) -> int:
        """Tell who does on a day what a counsellor would do who is there: they, or who followed them."""
        return self.handover.serving(counsellor, day) if self.handover else counsellor

    @property
    def total(self) -> int:
        """How many actions there are."""
        launches = sum(map(len, self.counselling.launches))
        return self.counsellors + len(self.joined_on) + len(self.people) + len(self.counselling.channels) + launches


def intake_days(intake: Intake, period: Period, seed: int) -> Iterator[tuple[Stage, ...]]:
    """Give the stages of each day, in order."""
    rng = random.Random(f"{seed} intake")
    late, declaring = random.Random(f"{seed} late"), random.Random(f"{seed} declared")
    channels = iter(intake.counselling.channels)
    registered_on = [person.registered_on for person in intake.people]
    for day in range(period.length):
        arriving: list[Action] = [*_joining(intake, day, rng)]
        for number in _of_day(registered_on, day):
            form = _registration(intake, number, period.date(day), seed, rng, declaring)
            arriving.append(Action(REGISTER_SEEKER, {"seeker": number}, _dated(form, day, 0, period, late)))
        sessions: list[Action] = []
        for client, kind in intake.counselling.sessions[day]:
            session = _session(client, kind, next(channels), intake, day, rng)
            since = registered_on[client.number] if client.registered else 0
            sessions.append(replace(session, form=_dated(session.form, day, since, period, late)))
        launches = [Action(LAUNCH_BUSINESS, _client(client)) for client in intake.counselling.launches[day]]
        yield stages(arriving, sessions, launches)


def _joining(intake: Intake, day: int, rng: random.Random) -> Iterator[Action]:
    if day == 0:
        for number in range(intake.counsellors):
            yield Action(JOIN_COUNSELLOR, {"counsellor": number}, forms.counsellor(number, rng))
    for number in _of_day(intake.joined_on, day):
        yield Action(JOIN_EMPLOYER, {"employer": number}, forms.employer(number, rng))


def _registration(
    intake: Intake, number: int, on: date, seed: int, rng: random.Random, declaring: random.Random
) -> Form:
    form = forms.seeker(number, intake.birth_years[number], intake.people[number].wanted, on, rng)
    return {**form, **declared(situation(seed, number), form["district"], on, declaring)}


def _dated(form: Form, day: int, since: int, period: Period, rng: random.Random) -> Form:
    """Give the form with the day on which it happened, where that is not the day on which it is recorded."""
    happened = happened_on(day, since, period, rng)
    return form if happened == day else {**form, "occurred_on": period.date(happened).isoformat()}


def _of_day(days: Sequence[int], day: int) -> range:
    return range(bisect_left(days, day), bisect_right(days, day))


def _session(
    client: Client, kind: SessionKind, channel: Channel, intake: Intake, day: int, rng: random.Random
) -> Action:
    own = rng.random() < _WITH_OWN_COUNSELLOR
    counsellor = client.number % intake.counsellors if own else rng.randrange(intake.counsellors)
    if any(absence.counsellor == counsellor and absence.first <= day <= absence.last for absence in intake.away):
        counsellor = (counsellor + 1) % intake.counsellors
    form = {"kind": kind, "channel": channel, "minutes": rng.choice(_MINUTES[channel])}
    return Action(HOLD_SESSION, {"counsellor": intake.serving(counsellor, day), **_client(client)}, form)


def _client(client: Client) -> dict[Thing, int]:
    return {"seeker" if client.registered else "stranger": client.number}
