"""How far a replay is, shown while it drives: a bar on a terminal, and anywhere else a line now and then."""

import asyncio
import sys
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

EVERY = 15.0
"""Seconds between two lines."""
_BAR_EVERY = 0.2

Spent = Literal["acting", "moving clocks", "waiting"]
"""What a lane spends its time on: its service's answers, the clock of its service, or another lane."""


@dataclass(slots=True)
class Course:
    """What the driver tells of itself: how many of `total` actions are `done`, the simulated `day`, and the `seconds`
    that each lane has spent on what. `settling` is what is left to settle when all is driven."""

    total: int = 0
    done: int = 0
    day: date | None = None
    settling: str | None = None
    seconds: defaultdict[str, defaultdict[Spent, float]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(float))
    )

    @contextmanager
    def spending(self, lane: str, on: Spent) -> Generator[None]:
        """Count the time until the end as spent by a lane on something."""
        started = time.monotonic()
        try:
            yield
        finally:
            self.seconds[lane][on] += time.monotonic() - started

    def settle(self, left: str) -> None:
        """Take down what is left to settle."""
        self.settling = left

    @property
    def doing(self) -> str:
        """Say what is going on."""
        if self.settling is not None:
            return f"settling: {self.settling}" if self.settling else "settling"
        return f"driving {self.day}" if self.day else "driving"

    def line(self, seconds: float, before: int, since: float) -> str:
        """Say how far it is after so many seconds; `before` actions were done `since` seconds ago."""
        if self.settling is not None:
            return self.doing
        rate = (self.done - before) / since
        left = (self.total - self.done) * seconds / self.done if self.done else None
        remaining = "" if left is None else f", {left:.0f} s left" if left < 120 else f", {left / 60:.0f} min left"
        return f"{self.doing}: {self.done} of {self.total} actions, {rate:.0f}/s{remaining}"


@asynccontextmanager
async def shown(course: Course) -> AsyncGenerator[None]:
    """Show on standard error how far a replay is, until the end."""
    console = Console(stderr=True)
    showing = asyncio.create_task(_bar(course, console) if console.is_terminal else _lines(course))
    try:
        yield
    finally:
        showing.cancel()
        with suppress(asyncio.CancelledError):
            await showing


async def _bar(course: Course, console: Console) -> None:
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=console) as bar:
        task = bar.add_task(course.doing, total=course.total)
        try:
            while True:
                bar.update(task, description=course.doing, completed=course.done)
                await asyncio.sleep(_BAR_EVERY)
        finally:
            bar.update(task, description=course.doing, completed=course.done)


async def _lines(course: Course) -> None:
    started = last = time.monotonic()
    while True:
        before = course.done
        await asyncio.sleep(EVERY)
        now = time.monotonic()
        print(course.line(now - started, before, now - last), file=sys.stderr, flush=True)
        last = now


def where_time_went(seconds: Mapping[str, Mapping[Spent, float]]) -> list[str]:
    """Say in a line for each lane on what it spent its time; the lanes are driven at once."""
    return [
        f"{lane}: {', '.join(f'{on} {spent:.1f} s' for on, spent in sorted(on_what.items()))}"
        for lane, on_what in seconds.items()
    ]
