"""Commands of the rows of one request: gathered one after the other, decided together in that order.

A batch is judged as it begins, by whose the records are then. So whoever is held to their own is in no batch with a
command before theirs of somebody who isn't: that one may give a record to another.
"""

import asyncio
from typing import Any

from chassis.batch.command_batch import CommandHandler
from chassis.batch.decisions import Asked, Outcome
from chassis.batch.group_commit import LARGEST_BATCH, decide
from chassis.batch.queue import Waiting


class InTurn:
    """Takes the place of `GroupCommit` for the rows of one request."""

    def __init__(self, handler: CommandHandler) -> None:
        self._handler = handler
        self._waiting: list[Waiting] = []
        self._any_free = False
        """Whether somebody who is held to nothing asks one of those that wait."""
        self._came: asyncio.Future[None] | None = None

    @property
    def is_full(self) -> bool:
        return len(self._waiting) >= LARGEST_BATCH

    async def begun(self, row: asyncio.Task[Any]) -> None:
        """Wait until a row has submitted its command, or is through without one."""
        came = self._came = asyncio.get_running_loop().create_future()
        row.add_done_callback(lambda _: _note(came))
        await came

    async def submit(self, asked: Asked) -> Outcome:
        """Give the command's outcome once those that wait are decided (raises Unavailable)."""
        if asked.owner is not None and self._any_free:
            await self.decide()
        waiting = Waiting(asked)
        self._waiting.append(waiting)
        self._any_free = self._any_free or asked.owner is None
        if self._came is not None:
            _note(self._came)
        return await waiting.answer

    async def decide(self) -> None:
        """Decide what waits."""
        waiting, self._waiting, self._any_free = self._waiting, [], False
        await decide(self._handler, waiting)


def _note(came: asyncio.Future[None]) -> None:
    if not came.done():
        came.set_result(None)
