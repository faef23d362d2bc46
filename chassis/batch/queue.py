"""The queue of single commands: how many may wait for a batch, and whose they are.

How many is no fixed number: each batch tells how long one of its commands took, and as many may wait as are through
within `longest` seconds at that pace. While a batch itself takes longer (a locked record, a disk that hangs), nobody
knows when those behind it are through, and no more than a few are taken.

Where all places are taken, whoever holds fewer than their part of them still gets one: who asks for much can't keep
others out.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from time import monotonic
from typing import Literal

from chassis.batch.decisions import Asked, Outcome
from chassis.database.db import Unavailable
from chassis.problems import OVERLOADED
from chassis.running import telemetry

ALWAYS_TAKEN = 32
"""So many may wait however long a batch takes."""
FIRST_PACE = 0.001
"""Seconds a command, until a batch has told."""
TELLING_BATCH = 16
"""A smaller batch tells nothing of a command: it takes as long as its way to PostgreSQL."""
NEWEST_WEIGHT = 0.2
"""What the newest batch counts for in the pace."""
SPARE = 2
"""So many times the places there are is the most for all together, those who get one of their part among them."""
RETRY_AFTER_SECONDS = 1

Refusal = Literal["overloaded", "share"]
"""Why no more is taken: of anybody, or of one who holds their part already."""


class Waiting:
    """A command that waits, what its outcome is given to, and whether it is being decided by now."""

    __slots__ = ("answer", "asked", "begun")

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self.begun = False

    async def outcome(self) -> Outcome:
        """Give the outcome. Who is told to give up meanwhile still hears it, where it is being decided by now: what was
        kept is never answered as if it weren't."""
        try:
            return await self.answer
        except asyncio.CancelledError:
            if not self.begun:
                raise
            if self.answer.cancelled():
                self.answer = asyncio.get_running_loop().create_future()
            return await self.answer


class Queue:
    """The commands that wait, and those that are being decided."""

    def __init__(self, longest: float) -> None:
        self._longest = longest
        self._waiting = deque[Waiting]()
        self._held: dict[str, int] = {}
        self._count = 0
        self._pace = FIRST_PACE
        self._most = self._places()
        self._began: float | None = None

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def refusal(self, subject: str) -> Refusal | None:
        """Tell why a command of somebody isn't taken now, None when it is."""
        if self._count < ALWAYS_TAKEN:
            return None
        if self._began is not None and monotonic() - self._began > self._longest:
            return "overloaded"
        if self._count < self._most:
            return None
        held = self._held.get(subject, 0)
        others = len(self._held) - (held > 0)
        if held * (others + 1) < self._most:
            return None if self._count < SPARE * self._most else "overloaded"
        return "share" if others else "overloaded"

    def put(self, asked: Asked) -> Waiting:
        """Have a command wait (raises Unavailable where far too many do, as when many bodies come to their end at
        once)."""
        if self._count >= SPARE * self._most:
            raise Unavailable("too many commands are waiting", RETRY_AFTER_SECONDS, OVERLOADED)
        waiting = Waiting(asked)
        self._waiting.append(waiting)
        self._count += 1
        self._held[asked.actor.id] = self._held.get(asked.actor.id, 0) + 1
        return waiting

    def begin(self, most: int) -> list[Waiting]:
        """Take the oldest to be decided, at most so many, without those whose askers have given up."""
        batch: list[Waiting] = []
        while self._waiting and len(batch) < most:
            waiting = self._waiting.popleft()
            if waiting.answer.cancelled():
                self._free(waiting)
                continue
            waiting.begun = True
            batch.append(waiting)
        self._began = monotonic()
        telemetry.COMMANDS_WAITING.set(self._count)
        return batch

    def end(self, batch: Sequence[Waiting]) -> None:
        """Note that a batch is through: its places are free, and how long it took is how long others will."""
        assert self._began is not None
        seconds, self._began = monotonic() - self._began, None
        for waiting in batch:
            self._free(waiting)
        if len(batch) >= TELLING_BATCH:
            self._pace += NEWEST_WEIGHT * (seconds / len(batch) - self._pace)
            self._most = self._places()
        telemetry.COMMANDS_WAITING.set(self._count)
        telemetry.COMMANDS_MOST.set(self._most)

    def _places(self) -> int:
        return max(ALWAYS_TAKEN, int(self._longest / self._pace))

    def _free(self, waiting: Waiting) -> None:
        self._count -= 1
        subject = waiting.asked.actor.id
        left = self._held[subject] - 1
        if left:
            self._held[subject] = left
        else:
            del self._held[subject]
