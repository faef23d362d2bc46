"""The driver's lanes: in what order they go through the days, and on which day they end."""

import asyncio
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from typing import Any, cast

import orjson

from jobplus.client import Client
from jobplus.replay.drawing.surveys import HeldSurvey
from jobplus.replay.driving.actions import Action, Day
from jobplus.replay.driving.calls import SERVICES
from jobplus.replay.driving.course import Course
from jobplus.replay.driving.driver import Driver
from jobplus.replay.driving.kinds import ERASE_SEEKER, REGISTER_SEEKER
from jobplus.settling import Addresses
from jobplus.stack.keys import Bearer

FIRST = date(2010, 3, 2)
_ANSWERS: dict[str, dict[str, object]] = {
    "/seekers": {"seeker_id": "s0"},
    "/surveys": {"survey_id": "v0"},
    "/contacts": {"contacts": [], "next": None},
    "/supports": {"supports": []},
    "/surveys/v0/sample": {"invitations": [], "next": None},
}


class _Services:
    """Four services that take whatever they are asked; a survey takes them a while."""

    def __init__(self) -> None:
        self.clocks: dict[str, list[date]] = {service: [] for service in SERVICES}
        self.asked: list[str] = []

    def token_of(self, bearer: Bearer) -> str:
        return bearer.role

    def client(self, service: str, bearer: Bearer, connections: int = 1) -> Client:
        return cast(Client, _Client(self, service))


class _Client:
    repeated = 0

    def __init__(self, services: _Services, service: str) -> None:
        self._services, self._service = services, service

    def bearing(self, token: object) -> "_Client":
        return self

    async def get(self, path: str, *, patience: float = 0.0) -> Any:
        return _ANSWERS[path.partition("?")[0]]

    async def post(self, path: str, body: bytes, key: str, version: int | None = None) -> Any:
        if path == "/surveys":
            await asyncio.sleep(0.05)
        if path == "/clock":
            self._services.clocks[self._service].append(date.fromisoformat(orjson.loads(body)["day"]))
        else:
            self._services.asked.append(path)
        return _ANSWERS.get(path, {})

    async def close(self) -> None:
        return


def _driver(services: _Services) -> Driver:
    return Driver(cast(Addresses, services), "test", 1, Course())


def _quiet() -> Iterator[Day]:
    """Days without end on which nothing happens."""
    return (Day(FIRST + timedelta(number), (), ()) for number in count())


async def test_all_days_are_driven_and_every_clock_left_on_the_last() -> None:
    services, days = _Services(), [day for day, _ in zip(_quiet(), range(12), strict=False)]
    last = await _driver(services).drive(days)
    assert last == days[-1].day
    assert services.clocks["intake"][:-1] == services.clocks["matching"][:-1] == [day.day for day in days]
    assert {clock[-1] for clock in services.clocks.values()} == {last}


async def test_once_there_is_enough_no_other_day_begins_and_all_lanes_end_on_the_last_that_has() -> None:
    services = _Services()
    last = await _driver(services).drive(_quiet(), enough=lambda: len(services.clocks["intake"]) == 8)
    assert last == FIRST + timedelta(7)
    assert services.clocks["matching"][:-1] == [FIRST + timedelta(number) for number in range(8)]
    assert {clock[-1] for clock in services.clocks.values()} == {last}


async def test_the_first_day_is_driven_even_where_that_is_enough() -> None:
    assert await _driver(_Services()).drive(_quiet(), enough=lambda: True) == FIRST


async def test_nobody_is_erased_before_the_surveys_of_the_days_before_are_held() -> None:
    services = _Services()
    actions = {0: (Action(REGISTER_SEEKER, {"seeker": 0}),), 3: (Action(ERASE_SEEKER, {"seeker": 0}),)}
    days = [Day(FIRST + timedelta(n), (actions[n],) if n in actions else (), ()) for n in range(5)]
    held = [HeldSurvey(days[2].day, FIRST, 1, ()), HeldSurvey(days[4].day, FIRST, 1, ())]
    await _driver(services).drive(days, held)
    assert services.asked == ["/seekers", "/surveys", "/seekers/s0/erasure", "/surveys"]
