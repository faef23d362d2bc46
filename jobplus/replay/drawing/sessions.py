"""When counselling sessions are held and businesses launched, and with whom."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from contracts.codes import CHANNELS, Channel
from contracts.counselling import SessionKind
from jobplus.replay.drawing.people import Person
from jobplus.replay.planning.calendar import Period
from jobplus.replay.planning.model import Plan
from jobplus.replay.planning.shares import apportion

_FIRST_AT_ONCE = 0.7
"""Of those who register, who have their first session on the same day."""
_MEAN_LATER = 70.0
"""Days from the registration to a later session."""
_A_CLIENT = 3
"""Start-up sessions with a client, on average, where nothing asks for fewer."""
_CHANNEL_SHARES = (45, 35, 20)
"""Visit, call and online, where the plan leaves it free."""


@dataclass(frozen=True, slots=True)
class Client:
    """Someone who is counselled: a seeker by number, or one who never registers, by a number among those."""

    number: int
    registered: bool


Held = tuple[Client, SessionKind]


@dataclass(frozen=True, slots=True)
class Counselling:
    """All sessions and launches by day; `channels` are those of the sessions in the order in which they are held."""

    sessions: Sequence[Sequence[Held]]
    launches: Sequence[Sequence[Client]]
    channels: Sequence[Channel]


def counselling(plan: Plan, people: Sequence[Person], period: Period, rng: random.Random) -> Counselling:
    """Draw the days of all sessions and launches."""
    sessions: list[list[Held]] = [[] for _ in range(period.length)]
    launches: list[list[Client]] = [[] for _ in range(period.length)]
    for number, count in enumerate(_job_sessions(plan, people, rng)):
        held: Held = (Client(number, True), "job")
        for day in _days(people[number].registered_on, count, period, rng):
            sessions[day].append(held)
    clients = _startup_clients(plan, people, period, rng)
    for index, count in enumerate(_shared(plan.sessions.startup, len(clients), rng)):
        client, since = clients[index]
        days = _days(since, count, period, rng)
        for day in days:
            sessions[day].append((client, "startup"))
        if index < plan.launches:
            launches[period.working_day(max(days) + rng.randrange(60))].append(client)
    return Counselling(sessions, launches, _channels(plan, rng))


def _job_sessions(plan: Plan, people: Sequence[Person], rng: random.Random) -> list[int]:
    """Tell each seeker's number of sessions: at least one, or, where there are too few, for those who are referred."""
    if plan.sessions.job >= len(people):
        return _shared(plan.sessions.job, len(people), rng)
    by_need = sorted(range(len(people)), key=lambda number: (not people[number].referrals, rng.random()))
    counts = [0] * len(people)
    for number in by_need[: plan.sessions.job]:
        counts[number] = 1
    return counts


def _shared(whole: int, parts: int, rng: random.Random) -> list[int]:
    """Split a whole unevenly into parts of at least one."""
    counts = [1] * parts
    if whole > parts:
        needs = [rng.gammavariate(2, 1) for _ in range(parts)]
        for index in rng.choices(range(parts), weights=needs, k=whole - parts):
            counts[index] += 1
    return counts


def _days(since: int, count: int, period: Period, rng: random.Random) -> list[int]:
    """Draw the days of a client's sessions: the first soon, the others the rarer the later."""
    if not count:
        return []
    first = since if rng.random() < _FIRST_AT_ONCE else period.working_day(since + rng.randrange(1, 6))
    left = period.last - first + 1
    later = (int(rng.expovariate(1 / _MEAN_LATER)) % left for _ in range(count - 1))
    return [first, *(period.working_day(first + each) for each in later)]


def _startup_clients(
    plan: Plan, people: Sequence[Person], period: Period, rng: random.Random
) -> list[tuple[Client, int]]:
    """Choose the clients and the day from which each may come; who launches comes first.

    They are seekers, and others only where there are not as many seekers.
    """
    count = min(plan.sessions.startup, max(plan.launches, -(-plan.sessions.startup // _A_CLIENT)))
    seekers = rng.sample(range(len(people)), min(count, len(people)))
    others = period.arrivals(count - len(seekers), rng)
    clients = [(Client(number, True), people[number].registered_on) for number in seekers]
    return clients + [(Client(number, False), since) for number, since in enumerate(others)]


def _channels(plan: Plan, rng: random.Random) -> list[Channel]:
    given = plan.sessions.by_channel
    total = plan.sessions.total
    counts = apportion(total, _CHANNEL_SHARES) if given is None else [given.get(channel, 0) for channel in CHANNELS]
    channels: list[Channel] = [channel for channel, count in zip(CHANNELS, counts, strict=True) for _ in range(count)]
    rng.shuffle(channels)
    return channels
