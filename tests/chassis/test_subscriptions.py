"""What follows from an event: the commands of every slice that listens to it, and no event that isn't declared."""

from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
import uuid_utils.compat as uuids

from chassis.batch.decisions import Accepted, Asked
from chassis.stream.subscriptions import EventNotApplied, Subscription, commands_from


@dataclass(frozen=True)
class Happened:
    type: ClassVar[str] = "test.Happened"


@dataclass(frozen=True)
class Followed:
    type: ClassVar[str] = "test.Followed"


class Deciding:
    """Notes each command, and publishes Followed for those that ask for it."""

    def __init__(self) -> None:
        self.commands: list[str] = []
        self.traces: set[str] = set()

    async def handle(self, conn: Any, asked: list[Asked]) -> list[Any]:
        self.commands += [one.command for one in asked]
        self.traces |= {one.traceparent for one in asked}
        return [Accepted(events=(Followed(),) if "publish" in one.command else ()) for one in asked]  # pyright: ignore


TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


async def _apply(*subscriptions: Subscription) -> list[str]:
    deciding: Any = Deciding()
    attributes = SimpleNamespace(
        id=uuids.uuid7(), type=Happened.type, correlation_id="", time=datetime.now(UTC), traceparent=TRACE
    )
    received: Any = SimpleNamespace(event=Happened(), attributes=attributes)
    await commands_from(subscriptions, deciding)(None, [received])  # pyright: ignore
    assert deciding.traces == {TRACE}
    return deciding.commands


async def test_every_slice_that_listens_to_an_event_has_its_commands_run() -> None:
    first = Subscription(Happened, lambda _: ["first"])
    second = Subscription(Happened, lambda _: ["second", "third"])
    assert await _apply(first, second) == ["first", "second", "third"]


async def test_an_event_that_only_another_slice_declares_is_not_published() -> None:
    declares = Subscription(Happened, lambda _: ["publish"], causes=(Followed,))
    assert await _apply(declares) == ["publish"]
    with pytest.raises(EventNotApplied, match="doesn't declare"):
        await _apply(declares, Subscription(Happened, lambda _: ["publish too"]))
