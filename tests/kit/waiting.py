"""The one way to wait: look, and look again after a pause that grows, until what is seen is what was waited for."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

PATIENCE = 180.0
"""Seconds. Far more than anything takes here: slow machines exist, and only a test that fails waits for so long."""
FIRST_PAUSE = 0.01
LONGEST_PAUSE = 0.2

Seen = TypeVar("Seen")


class _Wait(Generic[Seen]):
    """One wait: whether it is over, and how long to pause otherwise."""

    def __init__(self, what: str, holds: Callable[[Seen], object], seconds: float, longest: float) -> None:
        self._what = what
        self._holds = holds
        self._seconds = seconds
        self._ends = time.monotonic() + seconds
        self._pause = min(FIRST_PAUSE, longest)
        self._longest = longest

    def is_over(self, seen: Seen) -> bool:
        if self._holds(seen):
            return True
        if time.monotonic() >= self._ends:
            raise AssertionError(f"{self._what}: not so after {self._seconds:g} s; seen last: {seen!r}")
        return False

    def pause(self) -> float:
        pause, self._pause = self._pause, min(self._pause * 1.5, self._longest)
        return pause


def until(
    look: Callable[[], Seen],
    what: str,
    holds: Callable[[Seen], object] = bool,
    *,
    seconds: float = PATIENCE,
    longest: float = LONGEST_PAUSE,
) -> Seen:
    """Wait until what is seen holds (is true, unless told otherwise), and give it.

    `what` is a sentence that a failure begins with; it ends with what was seen last. `longest` is the longest pause
    between two looks, for what passes quickly and has to be caught meanwhile. What `look` raises is raised.
    """
    wait = _Wait(what, holds, seconds, longest)
    while True:
        seen = look()
        if wait.is_over(seen):
            return seen
        time.sleep(wait.pause())


async def until_async(
    look: Callable[[], Awaitable[Seen]],
    what: str,
    holds: Callable[[Seen], object] = bool,
    *,
    seconds: float = PATIENCE,
    longest: float = LONGEST_PAUSE,
) -> Seen:
    """Wait as `until` does, while what else runs on the loop goes on."""
    wait = _Wait(what, holds, seconds, longest)
    while True:
        seen = await look()
        if wait.is_over(seen):
            return seen
        await asyncio.sleep(wait.pause())
