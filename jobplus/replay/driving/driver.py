"""Drives a history through the running services' HTTP interfaces, day by day, with the simulated clock.

Each service has a lane of its own that goes through the days in order: intake leads by a few days at most, matching
follows when intake has done the day, followup and reporting follow matching. So the services work at the same time,
as they would in life, and each one's clock stands on the day that its lane drives.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import count

from jobplus.replay.comparing.afterwards import afterwards
from jobplus.replay.drawing.surveys import HeldSurvey
from jobplus.replay.driving.actions import Action, Day, Stage
from jobplus.replay.driving.calls import SERVICES, Calls, together
from jobplus.replay.driving.care import Care, FollowedUp
from jobplus.replay.driving.course import Course
from jobplus.replay.driving.kinds import ERASE_SEEKER
from jobplus.replay.driving.sending import Sender
from jobplus.replay.planning.model import Target
from jobplus.settling import Addresses

LEAD_DAYS = 3
"""How far intake may run ahead of matching."""
CARE_EVERY = 5
"""Days between two rounds of the follow-up contacts."""


class _Reached:
    """The number of days that a lane has done; others wait for it."""

    def __init__(self) -> None:
        self._days = 0
        self._ended = False
        self._changed = asyncio.Condition()

    async def set(self, days: int) -> None:
        async with self._changed:
            self._days = days
            self._changed.notify_all()

    async def end(self) -> None:
        """Say that no more days come."""
        async with self._changed:
            self._ended = True
            self._changed.notify_all()

    async def wait_for(self, days: int) -> bool:
        """Wait until so many days are done; tells whether they are, or the lane has ended before."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._days >= days or self._ended)
            return self._days >= days


class _Lanes:
    """One drive: the days that have begun, with the surveys held on them, and how many of them each lane has done."""

    def __init__(self, surveys: Sequence[HeldSurvey]) -> None:
        self.begun: list[Day] = []
        self.intake, self.matching, self.followup = _Reached(), _Reached(), _Reached()
        self._surveys = surveys

    def held(self, on: date) -> list[HeldSurvey]:
        """Give the surveys that are held on a day."""
        return [survey for survey in self._surveys if survey.on == on]


def _never() -> bool:
    return False


class Driver:
    """Drives one history. `name` makes its Idempotency-Keys, so that a repeated request is done once.

    It tells its `course` how far it is. `in_bulk` sends together what doesn't depend on each other.
    """

    def __init__(self, addresses: Addresses, name: str, seed: int, course: Course, *, in_bulk: bool = False) -> None:
        self._calls = Calls(addresses, name, in_bulk=in_bulk)
        self._care = Care(self._calls, seed)
        self._course = course
        self._sender = Sender(self._calls)

    @property
    def repeated(self) -> int:
        """How many requests had to be sent again."""
        return self._calls.repeated

    async def drive(
        self,
        days: Iterable[Day],
        surveys: Sequence[HeldSurvey] = (),
        targets: Sequence[Target] = (),
        enough: Callable[[], bool] = _never,
    ) -> date:
        """Set the targets on the first day, drive all days, the surveys on theirs, and leave every clock on the last.

        A day is asked for when it begins. Once there is `enough`, which is asked before each day but the first, no
        other begins, and the last that has begun is the last of all lanes. Gives it. Raises Refusal, Unanswered.
        """
        lanes = _Lanes(surveys)
        await together(self._lead(lanes, days, targets, enough), self._match(lanes), self._follow(lanes))
        last = lanes.begun[-1].day
        for service in SERVICES:
            await self._calls.move_clock(service, last)
        return last

    async def followed_up(self, last: date) -> FollowedUp:
        """Tell what the contacts of followup came to by the last day, when all has settled."""
        return await self._care.followed_up(last)

    async def afterwards(self) -> Mapping[str, int]:
        """Tell what the services answer of what has left them or was taken back, when all has settled."""
        return await afterwards(self._calls)

    async def close(self) -> None:
        """End all connections."""
        await self._calls.close()

    async def _set(self, targets: Sequence[Target], first: date) -> None:
        if targets:
            await self._calls.move_clock("reporting", first)
        for target in targets:
            value = float(target.value) if target.is_percentage else int(target.value)
            form: dict[str, object] = {"year": target.year, "measure": target.measure, "value": value}
            await self._calls.asker("reporting").post("/targets", form, f"target-{target.year}-{target.measure}")

    async def _lead(
        self, lanes: _Lanes, days: Iterable[Day], targets: Sequence[Target], enough: Callable[[], bool]
    ) -> None:
        """Drive intake; nobody is erased until followup has held all surveys of the days before."""
        surveyed = 0
        for number, day in enumerate(days):
            with self._course.spending("intake", "waiting"):
                await lanes.matching.wait_for(number - LEAD_DAYS)
                if any(action.kind is ERASE_SEEKER for stage in day.intake for action in stage):
                    await lanes.followup.wait_for(surveyed)
            if not number:
                await self._set(targets, day.day)
            elif enough():
                break
            lanes.begun.append(day)
            await self._move_clock("intake", "intake", day.day)
            await self._stages("intake", day.intake)
            await lanes.intake.set(number + 1)
            surveyed = number + 1 if lanes.held(day.day) else surveyed
        await lanes.intake.end()

    async def _match(self, lanes: _Lanes) -> None:
        for number in count():
            with self._course.spending("matching", "waiting"):
                if not await lanes.intake.wait_for(number + 1):
                    break
            day = lanes.begun[number]
            self._course.day = day.day
            await self._move_clock("matching", "matching", day.day)
            await self._stages("matching", day.matching)
            await lanes.matching.set(number + 1)
        await lanes.matching.end()

    async def _follow(self, lanes: _Lanes) -> None:
        for number in count(1):
            with self._course.spending("followup", "waiting"):
                if not await lanes.matching.wait_for(number):
                    break
            day = lanes.begun[number - 1].day
            held = lanes.held(day)
            if number % CARE_EVERY == 0 or held:
                await self._move_clock("followup", "followup", day)
            if number % CARE_EVERY == 0:
                await self._move_clock("followup", "reporting", day)
            with self._course.spending("followup", "acting"):
                if number % CARE_EVERY == 0:
                    await self._care.contacts(day)
                    await self._care.supports()
                for survey in held:
                    await self._care.survey(survey)
            await lanes.followup.set(number)

    async def _move_clock(self, lane: str, service: str, day: date) -> None:
        with self._course.spending(lane, "moving clocks"):
            await self._calls.move_clock(service, day)

    async def _stages(self, lane: str, stages: Sequence[Stage]) -> None:
        with self._course.spending(lane, "acting"):
            for stage in stages:
                await together(*(self._act(action) for action in stage))

    async def _act(self, action: Action) -> None:
        await self._sender.send(action)
        self._course.done += 1
