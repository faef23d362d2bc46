"""Reads that cost much (figures, rankings): so many at once in a process, and so many of one subject.

An endpoint says that it is one by `dependencies=[COSTLY]`. Nobody is kept waiting: one too many is told to come again.
"""

from collections import Counter
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from typing import Any

from fastapi import Depends, Request

from chassis.http.problem_responses import Problem
from chassis.problems import TOO_MANY_READS
from chassis.running import telemetry

RETRY_AFTER_SECONDS = 1


class Slots:
    """Places for what may go on at once: `most` of them, `most_each` for one subject."""

    def __init__(self, most: int, most_each: int) -> None:
        self._most = most
        self._most_each = most_each
        self._taken = Counter[str]()

    @contextmanager
    def one(self, subject: str) -> Generator[None]:
        """Hold a place (raises Problem `too-many-reads`)."""
        if self._taken[subject] >= self._most_each:
            raise _refused("reads of this kind are still going on for this subject", self._most_each)
        if self._taken.total() >= self._most:
            raise _refused("reads of this kind are going on", self._most)
        self._taken[subject] += 1
        try:
            yield
        finally:
            self._taken[subject] -= 1
            if not self._taken[subject]:
                del self._taken[subject]


def _refused(what: str, most: int) -> Problem:
    telemetry.LIMITED.labels("read").inc()
    detail = f"{most} {what}; come again in {RETRY_AFTER_SECONDS} s"
    return Problem(TOO_MANY_READS, detail, retry_after=RETRY_AFTER_SECONDS)


async def _costly(request: Request) -> AsyncGenerator[None]:
    slots: Slots | None = request.app.state.slots
    if slots is None:
        yield
        return
    with slots.one(str(request.scope["actor"])):
        yield


COSTLY: Any = Depends(_costly, scope="function")
"""Declares an endpoint as a costly read; its place is free again before the answer is sent."""
