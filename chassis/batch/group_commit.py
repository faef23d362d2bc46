"""Commands that arrive one by one, committed together: what HTTP asks for singly becomes batches of the one handler."""

import asyncio
from collections.abc import Sequence

import structlog

from chassis.batch.command_batch import CommandHandler
from chassis.batch.decisions import Asked, Outcome
from chassis.database.db import Unavailable
from chassis.running import telemetry

log = structlog.get_logger()

MOST_WAITING = 20_000
LARGEST_BATCH = 500

Waiting = tuple[Asked, asyncio.Future[Outcome]]
"""A command, and what its outcome is given to."""


class GroupCommit:
    """Commits together what arrives together: waits for the running batch, then takes all that queued up.

    Adds no delay when idle. A caller is answered only after the commit.
    """

    def __init__(self, handler: CommandHandler) -> None:
        self._handler = handler
        self._waiting: list[Waiting] = []
        self._running: asyncio.Task[None] | None = None

    async def submit(self, asked: Asked) -> Outcome:
        """Give the command's outcome after its commit (raises Unavailable)."""
        if len(self._waiting) >= MOST_WAITING:
            raise Unavailable("too many requests are waiting")
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, answer))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._drain())
        return await answer

    async def finish(self) -> None:
        """Wait until nothing is queued or running."""
        if self._running is not None:
            await self._running

    async def _drain(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:LARGEST_BATCH], self._waiting[LARGEST_BATCH:]
            await decide(self._handler, batch)


async def decide(handler: CommandHandler, batch: Sequence[Waiting]) -> None:
    """Have what waits decided together, and give each its outcome, or all what went wrong."""
    telemetry.BATCH_COMMANDS.observe(len(batch))
    try:
        with telemetry.BATCH_SECONDS.time():
            outcomes = await handler.run([asked for asked, _ in batch])
    except Exception as error:
        if not isinstance(error, Unavailable):
            log.exception("batch_broke")
        for _, answer in batch:
            if not answer.done():
                answer.set_exception(error)
        return
    for (_, answer), outcome in zip(batch, outcomes, strict=True):
        if not answer.done():
            answer.set_result(outcome)
