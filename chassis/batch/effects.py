"""What a decision has done beside the states that it leaves: a row that is only ever written, a move of rows to another
id, a deletion.

Nothing of an effect is loaded, and no rule asks what was. What it changes lies under the locks of what its command
touches, or needs none. Effects are done after the states of the batch are kept, kind after kind: first what adds, then
what moves, then what deletes, so that what the same batch has kept of who is erased goes with them.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from chassis.database.db import Connection


@dataclass(frozen=True, slots=True)
class Effect:
    """Something that is to be done."""


@dataclass(frozen=True, slots=True)
class AtOnce(Effect):
    """Something that takes records away which other commands may name: it is done before the next command of the batch
    is decided, on what is loaded anew."""


Given = TypeVar("Given", bound=Effect)


class Doer(ABC, Generic[Given]):
    """All SQL that does the effects of one kind."""

    @abstractmethod
    async def do(self, conn: Connection, effects: Sequence[Given]) -> None:
        """Do effects of one batch, which are given in the order in which they were decided."""


Doers = Mapping[type[Any], Doer[Any]]
"""Who does the effects of a service, by their kind; what adds comes before what moves, and what deletes last."""


class Effects:
    """The effects of a batch that are still to be done."""

    def __init__(self, doers: Doers) -> None:
        self._doers = doers
        self._given: dict[type[Any], list[Any]] = {kind: [] for kind in doers}

    def put(self, effects: Sequence[Effect]) -> None:
        """Take over the effects that a decision gave."""
        for effect in effects:
            self._given[type(effect)].append(effect)

    async def do(self, conn: Connection) -> None:
        """Do them, kind after kind."""
        for kind, given in self._given.items():
            if given:
                await self._doers[kind].do(conn, given)
                self._given[kind] = []
