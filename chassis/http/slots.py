"""Lanes of what costs much, reads (figures, rankings) and bulk requests: so many at once in a process, and so many of
one subject.

An endpoint says that it is a costly read by `dependencies=[COSTLY]`; a bulk request is told by its path. Nobody is kept
waiting: one too many is told to come again.
"""

from collections import Counter
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from typing import Any, NamedTuple

from fastapi import Depends, Request

from chassis.http.problem_responses import Problem
from chassis.problems import TOO_MANY_BULK, TOO_MANY_READS, ProblemType
from chassis.running import telemetry

RETRY_AFTER_SECONDS = 1


class Lane(NamedTuple):
    """What goes in a lane, and what one too many is told."""

    name: str
    what: str
    problem: ProblemType


READS = Lane("read", "reads of this kind", TOO_MANY_READS)
BULK_REQUESTS = Lane("bulk", "bulk requests", TOO_MANY_BULK)


class Slots:
    """Places for what may go on at once in a lane: `most` of them, `most_each` for one subject."""

    def __init__(self, most: int, most_each: int, lane: Lane = READS) -> None:
        self._most = most
        self._most_each = most_each
        self._lane = lane
        self._taken = Counter[str]()

    @contextmanager
    def one(self, subject: str) -> Generator[None]:
        """Hold a place (raises Problem, the lane's)."""
        if self._taken[subject] >= self._most_each:
            raise self._refused("still going on for this subject", self._most_each)
        if self._taken.total() >= self._most:
            raise self._refused("going on", self._most)
        self._taken[subject] += 1
        try:
            yield
        finally:
            self._taken[subject] -= 1
            if not self._taken[subject]:
                del self._taken[subject]

    def _refused(self, how: str, most: int) -> Problem:
        telemetry.LIMITED.labels(self._lane.name).inc()
        detail = f"{most} {self._lane.what} are {how}; come again in {RETRY_AFTER_SECONDS} s"
        return Problem(self._lane.problem, detail, retry_after=RETRY_AFTER_SECONDS)


async def _costly(request: Request) -> AsyncGenerator[None]:
    slots: Slots | None = request.app.state.slots
    if slots is None:
        yield
        return
    with slots.one(str(request.scope["actor"])):
        yield


COSTLY: Any = Depends(_costly, scope="function")
"""Declares an endpoint as a costly read; its place is free again before the answer is sent."""
