"""Drives a load through running services until there is enough, waits until all has settled, and compares."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import uvloop

from jobplus.replay.drawing.history import history
from jobplus.replay.driving.calls import SERVICES
from jobplus.replay.driving.course import Course
from jobplus.replay.driving.driver import Driver
from jobplus.settling import Addresses, settled
from jobplus.stack.keys import Bearer
from tests.load.comparing import Difference, differences, expected, published
from tests.load.plans import Size, long_plan


class RanOut(Exception):
    """All days were driven before there was enough."""


@dataclass(frozen=True)
class Driven:
    """What a load came to by the last day that it drove; seconds are of wall time, of the driving and until all had
    settled then."""

    actions: int
    repeated: int
    driving_seconds: float
    settling_seconds: float
    last: date
    differences: list[Difference]


class Load:
    """A history that goes on until there is enough, and how far it is: `course` counts the actions acknowledged.

    Drawing takes a second and 50 MB for about 100,000 actions; the days are made as they begin.
    """

    def __init__(self, size: Size) -> None:
        self._plan, self._seed = long_plan(size), size.seed
        self._made = history(self._plan, self._seed)
        self.course = Course(self._made.total)

    def drive(self, addresses: Addresses, enough: Callable[[], bool]) -> Driven:
        """Drive it on a deployment that holds no data, until there is enough, which is asked before each day.

        Raises RanOut, and what is wrong with the services: Refusal, Unanswered, Unsettled.
        """
        return uvloop.run(self._drive(addresses, enough))

    async def _drive(self, addresses: Addresses, enough: Callable[[], bool]) -> Driven:
        driver = Driver(addresses, self._plan.name, self._seed, self.course)
        try:
            started = time.monotonic()
            last = await driver.drive(self._made.days, self._made.surveys, self._plan.targets, enough)
            driven = time.monotonic()
            if last == self._plan.to and not enough():
                raise RanOut(
                    f"all {self.course.done} actions of the load were done in {driven - started:.0f} s, before there "
                    "was enough: so fast a machine needs a plan of more years (tests/load/plans.py)"
                )
            await settled(addresses, SERVICES, tell=self.course.settle)
            settling = time.monotonic() - driven
            followed_up = await driver.followed_up(last)
            answered = await driver.afterwards()
        finally:
            await driver.close()
        client = addresses.client("reporting", Bearer("analyst"), 1)
        try:
            figures = await client.get(f"/figures?as_of={last}")
        finally:
            await client.close()
        differing = differences(
            expected(self._made, self._plan.targets, last, followed_up), published(figures, answered)
        )
        return Driven(self.course.done, driver.repeated, driven - started, settling, last, differing)
