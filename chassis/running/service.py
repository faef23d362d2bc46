"""A service put together: what its bootstrap says of it, and the parts that follow from that."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI

from chassis.batch.aggregates import Stores
from chassis.batch.clock import Clock, clock
from chassis.batch.command_batch import CommandHandler, Deciders, Judge, Judges
from chassis.batch.due import DueWork, FindDue, Gathered
from chassis.batch.effects import Doer, Doers
from chassis.batch.group_commit import GroupCommit
from chassis.batch.owners import Owner
from chassis.batch.taken_rows import TakenRows
from chassis.batch.unknown_ids import FormerIds, no_former_ids
from chassis.batch.wiring import wired
from chassis.database import db
from chassis.database.db import Pool, lent_for_commands, lent_for_reading
from chassis.database.leadership import Work, lead
from chassis.database.retention import Retention
from chassis.database.wake import Connect, Notifier, nobody
from chassis.http import access, commands, healing, operations
from chassis.http import app as http
from chassis.http.access import Doors
from chassis.http.addresses import networks_of
from chassis.http.admission import Admission
from chassis.http.auth import Verifier
from chassis.http.guard import OpenRefusal
from chassis.http.limits import Limits
from chassis.http.operations import StatusOf
from chassis.http.revocations import Revoked
from chassis.http.slots import BULK_REQUESTS, Slots
from chassis.running.health import DatabaseLook
from chassis.running.settings import ServiceSettings
from chassis.running.telemetry import Pulse
from chassis.stream import kafka
from chassis.stream.backlog import Backlog
from chassis.stream.consumer import Consumer
from chassis.stream.record_batch import Apply, Decode, RecordBatches
from chassis.stream.relay import Relay
from chassis.stream.republishing import Present, Republisher, ends_of
from chassis.stream.subscriptions import Subscription, commands_from, topics_of, types_of

Leading = Callable[[Pool, Clock, Pulse], Work]
"""Makes what one process a database runs, by its pool, its clock and the pulse that is to beat with each round."""


@dataclass(frozen=True)
class Blueprint:
    """What makes one service different from another. Its bootstrap fills it in; nothing else wires anything.

    `stores` are in the service's lock order, `doers` in the order in which effects are done. `deciders` are those of
    its slices. A service that applies events by commands gives `subscriptions`; one that keeps them as they are gives
    `apply` and the topics it reads, turns `inbox` off where it knows the events that it has by itself, and names those
    events in `overtaking` that aren't parked behind dead letters of their key, as `Subscription.overtakes`; nothing is
    on the topics `unparked`. `sources` names whose events each topic has, by its topic: no others are applied. `judges`
    tell whose a record is, for each owner rule that somebody is held to at a door. `taken_rows` are those of imports,
    where they tell of persons. `compacted` names the compacted topics among those it reads, each with how long its
    tombstones are kept. `former_ids` answers for ids whose records are gone. `retention` names the service's tables
    that grow for ever otherwise, with the days that a row lives after its `kept_at`. `present` has the present state of
    a compacted topic published anew. `leading` makes, by the name of its pulse, what else one process a database runs.
    `status` has what `/status` tells beside, by its name.
    `open_paths` matches the paths that nobody needs a token for, `open_refusal` answers who asks for them too often
    (`http/app.py`).
    """

    name: str
    purpose: str
    migrations: Path
    decode: Decode
    routers: Sequence[APIRouter]
    judges: Judges = field(default_factory=dict[Owner, Judge])
    stores: Stores = field(default_factory=dict[type[Any], Any])
    doers: Doers = field(default_factory=dict[type[Any], Doer[Any]])
    deciders: Sequence[Deciders] = ()
    taken_rows: TakenRows | None = None
    subscriptions: Sequence[Subscription] = ()
    apply: Apply | None = None
    overtaking: Sequence[Any] = ()
    unparked: Sequence[str] = ()
    inbox: bool = True
    topics: Sequence[str] = ()
    sources: Mapping[str, str] = field(default_factory=dict[str, str])
    compacted: Mapping[str, timedelta] = field(default_factory=dict[str, timedelta])
    former_ids: FormerIds = no_former_ids
    retention: Mapping[str, int] = field(default_factory=dict[str, int])
    present: Mapping[str, Present] = field(default_factory=dict[str, Present])
    due: Mapping[str, FindDue | Gathered] = field(default_factory=dict[str, FindDue | Gathered])
    leading: Mapping[str, Leading] = field(default_factory=dict[str, Leading])
    status: Mapping[str, StatusOf] = field(default_factory=dict[str, StatusOf])
    state: Mapping[str, Any] = field(default_factory=dict[str, Any])
    open_paths: str = ""
    open_refusal: OpenRefusal | None = None

    @property
    def source(self) -> str:
        """The CloudEvents source of this service's events."""
        return f"/jobplus/{self.name}"


def routers_of(blueprint: Blueprint) -> Sequence[APIRouter]:
    """Give the routers of a service: its own, that of commands in bulk, and those that every service has for the
    operator."""
    others = [*blueprint.routers, operations.router, healing.router]
    return [*blueprint.routers, commands.router_beside(others), operations.router, healing.router]


def doors_of(blueprint: Blueprint) -> Doors:
    """Give the doors of a service, by its routes."""
    return access.doors_of(route for router in routers_of(blueprint) for route in router.routes)


def interface(blueprint: Blueprint, **state: Any) -> FastAPI:
    """Make a service's HTTP interface."""
    return http.app(
        f"jobplus {blueprint.name}",
        blueprint.purpose,
        routers_of(blueprint),
        open_paths=blueprint.open_paths,
        open_refusal=blueprint.open_refusal,
        **blueprint.state,
        **state,
    )


class Service:
    """The running parts of a service, on one pool. Each role of its processes uses some of them."""

    def __init__(self, blueprint: Blueprint, settings: ServiceSettings, pool: Pool) -> None:
        self.blueprint = blueprint
        self.settings = settings
        self.pool = pool
        self.clock = clock(settings.clock)
        self.revoked = Revoked()
        self.notifier = Notifier(self._connect("notifier"))
        self.database = DatabaseLook(self._connect("health"))
        self.backlog = Backlog(settings.outbox_limit)
        deciders = wired(blueprint.deciders, blueprint.stores, blueprint.doers)
        self.handler, self.bulk_handler = (
            CommandHandler(
                blueprint.stores,
                deciders,
                self.clock,
                pool,
                blueprint.former_ids,
                self.notifier.committed,
                blueprint.judges,
                blueprint.taken_rows,
                settings.opened_on,
                blueprint.doers,
                lend,
            )
            for lend in (lent_for_commands, lent_for_reading)
        )
        self.group_commit = GroupCommit(self.handler, settings.command_wait_seconds)
        self.topics = list(blueprint.topics) or topics_of(blueprint.subscriptions)
        self.record_batches = RecordBatches(
            pool,
            blueprint.name,
            blueprint.decode,
            blueprint.apply or commands_from(blueprint.subscriptions, self.handler),
            None if blueprint.apply else types_of(blueprint.subscriptions),
            blueprint.sources,
            inbox=blueprint.inbox,
            compacted=blueprint.compacted,
            overtaking=types_of([one for one in blueprint.subscriptions if one.overtakes])
            | {event.type for event in blueprint.overtaking},
            unparked=frozenset(blueprint.unparked),
            # events that are kept as they are publish nothing, and what they leave due isn't urgent
            committed=nobody if blueprint.apply else self.notifier.committed,
        )

    @property
    def group(self) -> str:
        """The consumer group of this service's workers."""
        return f"jobplus.{self.blueprint.name}"

    def _connect(self, whose: str) -> Connect:
        """Give what makes a connection beside the pool."""
        return lambda: db.connect(self.settings, f"jobplus {self.blueprint.name} {whose}")

    def app(self) -> FastAPI:
        """Make the HTTP interface."""
        return interface(
            self.blueprint,
            service=self.blueprint.name,
            settings=self.settings,
            pool=self.pool,
            clock=self.clock,
            handler=self.bulk_handler,
            group_commit=self.group_commit,
            record_batches=self.record_batches,
            committed=self.notifier.committed,
            verifier=Verifier(self.settings, self.revoked),
            revoked=self.revoked,
            limits=Limits(self.settings),
            admission=Admission(self.group_commit.queue, self.backlog),
            slots=Slots(self.settings.costly_reads, self.settings.costly_reads_each),
            bulk_slots=Slots(self.settings.bulk_requests, self.settings.bulk_requests_each, BULK_REQUESTS),
            docs=self.settings.has_docs,
            trusted=networks_of(self.settings.trusted_proxies),
            due_kinds=set(self.blueprint.due),
            status=self.blueprint.status,
            listens=bool(self.topics),
        )

    def consumer(self, pulse: Pulse) -> Consumer:
        """Make the plain consumer."""
        return Consumer(
            lambda: kafka.consumer(self.settings, self.group),
            lambda: kafka.reader(self.settings),
            self.topics,
            self.blueprint.compacted,
            self.record_batches,
            pulse,
            self.settings.look_seconds,
        )

    async def lead(self, pulse: Callable[[str], Pulse], stopping: asyncio.Event) -> None:
        """Run what one process a database runs, whenever it is this one: the relay, due work, retention, and what the
        service has of its own.

        `pulse` makes the pulse of a loop by its name.
        """
        pulses = [pulse("relay"), pulse("due"), *map(pulse, self.blueprint.leading)]
        relay, due, retention = self._relay(pulses[0]), self._due_work(pulses[1]), self._retention()
        made = zip(self.blueprint.leading.values(), pulses[2:], strict=True)
        own = [make(self.pool, self.clock, its_pulse) for make, its_pulse in made]

        async def work(ending: asyncio.Event, term: int) -> None:
            others = [each(ending, term) for each in own]
            await asyncio.gather(relay.run(ending, term), due.run(ending, term), retention.run(ending), *others)

        def wake() -> None:
            relay.wake()
            due.wake()

        await lead(self._connect("leader"), stopping, work, wake, pulses, self.settings.leadership_seconds)

    def _relay(self, pulse: Pulse) -> Relay:
        return Relay(
            self.pool,
            self.blueprint.source,
            self.settings.centre,
            lambda: kafka.producer(self.settings),
            Republisher(self._ends, self.blueprint.present),
            pulse,
            poll_seconds=self.settings.relay_poll_seconds,
            days=self.settings.published_days,
        )

    async def _ends(self, topic: str) -> Mapping[int, int]:
        return await ends_of(kafka.reader(self.settings), topic)

    def _due_work(self, pulse: Pulse) -> DueWork:
        return DueWork(
            self.pool,
            self.clock,
            self.handler,
            self.blueprint.due,
            pulse,
            may_work=lambda: not self.backlog.is_full,
            poll_seconds=self.settings.due_poll_seconds,
            rest_seconds=self.settings.due_rest_seconds,
        )

    def _retention(self) -> Retention:
        return Retention(self.pool, self.settings, self.blueprint.retention)
