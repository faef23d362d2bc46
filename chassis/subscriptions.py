"""What a service listens to: which events, and the policy that turns each into commands."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chassis.command_batch import CommandHandler
from chassis.db import Connection
from chassis.decisions import Accepted, Actor, Asked, Failed
from chassis.record_batch import Apply, Received

Policy = Callable[[Any], Sequence[Any]]
"""Pure: event -> the commands that follow from it."""

SYSTEM = "system"


@dataclass(frozen=True)
class Subscription:
    """A service listens to `event` (a class with `type` and `topic`), and `policy` says what follows from it."""

    event: Any
    policy: Policy


class EventNotApplied(Exception):
    """A command that follows from an event was refused or broke: the event can't be applied as it is."""


def commands_from(subscriptions: Sequence[Subscription], handler: CommandHandler) -> Apply:
    """Make the function that applies events as commands, through the same handler as HTTP's."""
    policies: Mapping[type[Any], Policy] = {s.event: s.policy for s in subscriptions}

    async def apply(conn: Connection, received: Sequence[Received]) -> None:
        asked = [
            Asked(
                command,
                Actor(SYSTEM, one.attributes.type),
                one.attributes.correlation_id or str(one.attributes.id),
                str(one.attributes.id),
            )
            for one in received
            for command in policies[type(one.event)](one.event)
        ]
        if not asked:
            return
        for one, outcome in zip(asked, await handler.handle(conn, asked), strict=True):
            if isinstance(outcome, Failed):
                raise EventNotApplied(f"{type(one.command).__name__} failed: {outcome.error}") from outcome.error
            if not isinstance(outcome, Accepted):
                raise EventNotApplied(f"{type(one.command).__name__} was refused: {outcome.detail}")

    return apply


def topics_of(subscriptions: Sequence[Subscription]) -> list[str]:
    """Name the topics, each once."""
    return sorted({s.event.topic.name for s in subscriptions})


def types_of(subscriptions: Sequence[Subscription]) -> frozenset[str]:
    """Name the event types."""
    return frozenset(s.event.type for s in subscriptions)
