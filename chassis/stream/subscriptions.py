"""What a service listens to: which events, and the policy that turns each into commands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from chassis.batch.command_batch import CommandHandler
from chassis.batch.decisions import Accepted, Actor, Asked, Failed
from chassis.database.db import Connection
from chassis.stream.record_batch import Apply, Received

Policy = Callable[[Any], Sequence[Any]]
"""Pure: event -> the commands that follow from it."""

SYSTEM_ROLE = "system"


@dataclass(frozen=True)
class Subscription:
    """A service listens to `event`, and `policy` says what follows from it. Several slices may listen to the same one.

    `event` is a class with `type` and `topic`; `former_types` name the older versions that are read as it.
    `causes` names the events that may be published because of it, and no others may: so that it can be told from the
    subscriptions alone that no event causes itself through others.
    `overtakes`: it is applied at once even where earlier events of its key are dead letters, which may come after it.
    """

    event: Any
    policy: Policy
    causes: tuple[Any, ...] = ()
    overtakes: bool = False


class EventNotApplied(Exception):
    """A command that follows from an event was refused or broke: the event can't be applied as it is."""


def commands_from(subscriptions: Sequence[Subscription], handler: CommandHandler) -> Apply:
    """Make the function that applies events as commands, through the same handler as HTTP's."""
    known: dict[type[Any], list[Subscription]] = {}
    for subscription in subscriptions:
        known.setdefault(subscription.event, []).append(subscription)

    async def apply(conn: Connection, received: Sequence[Received]) -> None:
        following = [
            (one, subscription, command)
            for one in received
            for subscription in known[type(one.event)]
            for command in subscription.policy(one.event)
        ]
        asked = [
            Asked(
                command,
                Actor(SYSTEM_ROLE, one.attributes.type),
                one.attributes.correlation_id or str(one.attributes.id),
                str(one.attributes.id),
                traceparent=one.attributes.traceparent,
            )
            for one, _, command in following
        ]
        if not asked:
            return
        for (one, subscription, command), outcome in zip(following, await handler.handle(conn, asked), strict=True):
            if isinstance(outcome, Failed):
                raise EventNotApplied(f"{type(command).__name__} failed: {outcome.error}") from outcome.error
            if not isinstance(outcome, Accepted):
                raise EventNotApplied(f"{type(command).__name__} was refused: {outcome.detail}")
            undeclared = [e.type for e in outcome.events if type(e) not in subscription.causes]
            if undeclared:
                raise EventNotApplied(f"{one.attributes.type} caused {', '.join(undeclared)}, which it doesn't declare")

    return apply


def topics_of(subscriptions: Sequence[Subscription]) -> list[str]:
    """Name the topics, each once."""
    return sorted({s.event.topic.name for s in subscriptions})


def types_of(subscriptions: Sequence[Subscription]) -> frozenset[str]:
    """Name the event types, with those of older versions that are read as them."""
    return frozenset(kind for s in subscriptions for kind in (s.event.type, *s.event.former_types))
