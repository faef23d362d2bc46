"""Work that falls due with the day: found in a table, decided as commands, through the same handler as all else.

A timer is only a wake-up, never state, and so is a commit that may have left something due. A kind's day is noted when
nothing of it is left to do.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import structlog

from chassis.batch.clock import Clock
from chassis.batch.command_batch import CommandHandler
from chassis.batch.decisions import Accepted, Actor, Asked
from chassis.database.db import CONNECT_SECONDS, Connection, Pool
from chassis.database.leadership import in_term
from chassis.database.wake import Alarm
from chassis.running.telemetry import Pulse

log = structlog.get_logger()

BATCH = 500
SYSTEM = Actor("system", "due")

FindDue = Callable[[Connection, date, int], Awaitable[Sequence[Any]]]
"""(connection, day, limit) -> commands that are due by that day and not done yet."""


class Gathered(NamedTuple):
    """Due work that is left to gather for so many seconds after some was found, on that day, to be done together."""

    find: FindDue
    seconds: float


class DueWork:
    """Does a service's due work, kind by kind, as the clock's day goes on.

    It goes on while it finds some, and while it may: not while the outbox is full. Then it waits until it is woken,
    `rest_seconds` at the least, or `poll_seconds` are over: by the system's clock a day begins without a commit.
    """

    def __init__(
        self,
        pool: Pool,
        clock: Clock,
        handler: CommandHandler,
        kinds: Mapping[str, FindDue | Gathered],
        pulse: Pulse,
        *,
        may_work: Callable[[], bool],
        poll_seconds: float,
        rest_seconds: float,
    ) -> None:
        self._pool = pool
        self._clock = clock
        self._handler = handler
        self._kinds = kinds
        self._pulse = pulse
        self._may_work = may_work
        self._poll_seconds = poll_seconds
        self._rest_seconds = rest_seconds
        self._alarm = Alarm()
        self._gathering: dict[str, tuple[date, float]] = {}
        self._noted: dict[str, date] = {}

    def wake(self) -> None:
        """Have it look as soon as it has rested."""
        self._alarm.ring()

    async def run(self, stopping: asyncio.Event, term: int) -> None:
        """Do what is due in a term of leadership, again and again, until `stopping`."""
        while not stopping.is_set():
            self._alarm.reset()
            try:
                done = await self.do(term) if self._may_work() else 0
                self._pulse.beat()
            except Exception as error:
                self._pulse.fail(type(error).__name__)
                log.warning("due_work_failed", error=str(error), kind=type(error).__name__)
                done = 0
            if not done:
                await self._alarm.wait(stopping, self._rest_seconds, self._longest())

    async def do(self, term: int) -> int:
        """Do one batch of each kind; gives how many commands were accepted. Who leads no more does nothing."""
        accepted = 0
        for kind, due in self._kinds.items():
            find, seconds = due if isinstance(due, Gathered) else (due, 0.0)
            async with self._pool.acquire(timeout=CONNECT_SECONDS) as conn:
                if not await in_term(conn, term):
                    return accepted
                day = (await self._clock.now(conn)).day
                if self._gathers(kind, day):
                    continue
                commands = await find(conn, day, BATCH)
            if seconds and 0 < len(commands) < BATCH:
                self._gathering[kind] = (day, time.monotonic() + seconds)
            failed = 0
            if commands:
                cause = f"due:{kind}:{day.isoformat()}"
                outcomes = await self._handler.run([Asked(command, SYSTEM, cause, cause) for command in commands])
                for command, outcome in zip(commands, outcomes, strict=True):
                    if isinstance(outcome, Accepted):
                        accepted += 1
                    else:
                        failed += 1
                        log.error("due_command_failed", kind=kind, command=repr(command), outcome=repr(outcome))
            if len(commands) < BATCH and not failed:
                await self._note(kind, day)
        return accepted

    def _gathers(self, kind: str, day: date) -> bool:
        on, until = self._gathering.get(kind, (None, 0.0))
        return on == day and time.monotonic() < until

    def _longest(self) -> float:
        """Tell how long to wait if nothing wakes it: what gathers is due when its time is over."""
        now = time.monotonic()
        return min([self._poll_seconds, *(until - now for _, until in self._gathering.values() if until > now)])

    async def _note(self, kind: str, day: date) -> None:
        if self._noted.get(kind) == day:
            return
        async with self._pool.acquire(timeout=CONNECT_SECONDS) as conn:
            await conn.execute(
                """INSERT INTO due_through AS d (work, day) VALUES ($1, $2)
                   ON CONFLICT (work) DO UPDATE SET day = excluded.day WHERE d.day <> excluded.day""",
                kind,
                day,
            )
        self._noted[kind] = day
