"""Commands that arrive one by one, committed together: what HTTP asks for singly becomes batches of the one handler."""

import asyncio
from collections.abc import Sequence

import structlog

from chassis.batch.command_batch import CommandHandler
from chassis.batch.decisions import Asked, Outcome
from chassis.batch.queue import Queue, Waiting
from chassis.database.db import Unavailable
from chassis.running import telemetry

log = structlog.get_logger()

LARGEST_BATCH = 500
LONGEST_WAIT = 0.5
"""Seconds, where no setting says otherwise."""


class GroupCommit:
    """Commits together what arrives together: waits for the running batch, then takes all that queued up.

    Adds no delay when idle. A caller is answered only after the commit; what a caller doesn't wait for any more when
    its batch begins is left out of it.
    """

    def __init__(self, handler: CommandHandler, longest_wait: float = LONGEST_WAIT) -> None:
        self._handler = handler
        self.queue = Queue(longest_wait)
        self._running: asyncio.Task[None] | None = None

    async def submit(self, asked: Asked) -> Outcome:
        """Give the command's outcome after its commit (raises Unavailable)."""
        waiting = self.queue.put(asked)
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._drain())
        return await waiting.outcome()

    async def finish(self) -> None:
        """Wait until nothing is queued or running."""
        if self._running is not None:
            await self._running

    async def _drain(self) -> None:
        while self.queue:
            batch = self.queue.begin(LARGEST_BATCH)
            try:
                await decide(self._handler, batch)
            finally:
                self.queue.end(batch)


async def decide(handler: CommandHandler, batch: Sequence[Waiting]) -> None:
    """Have what waits decided together, and give each its outcome, or all what went wrong."""
    if not batch:
        return
    telemetry.BATCH_COMMANDS.observe(len(batch))
    try:
        with telemetry.BATCH_SECONDS.time():
            outcomes = await handler.run([waiting.asked for waiting in batch])
    except Exception as error:
        if not isinstance(error, Unavailable):
            log.exception("batch_broke")
        for waiting in batch:
            if not waiting.answer.done():
                waiting.answer.set_exception(error)
        return
    for waiting, outcome in zip(batch, outcomes, strict=True):
        if not waiting.answer.done():
            waiting.answer.set_result(outcome)
