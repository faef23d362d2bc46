"""Followup on a real stack as its neighbours know it: events in, its day, its interface, events out."""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import uuid_utils.compat as uuids
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from chassis.cloudevents import Attributes, from_record, to_headers
from contracts import decode
from contracts.cases import Placed
from contracts.event import Event
from contracts.topics import FOLLOWUPS, Topic
from jobplus.stack.local import Stack
from tests.calling import Calling, Reply
from tests.followup.placements import placed

SECONDS = 60
_sequence = itertools.count(1)


class Published(NamedTuple):
    """An event on Kafka, its id there, and all that was written of it: headers, key and value."""

    event_id: UUID
    event: Any
    written: bytes


class Care:
    """Places people, moves followup's day, works its contacts, and reads what it published."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.calling = Calling(stack)

    async def publish(self, events: Sequence[Event], *, ids: Sequence[UUID] | None = None) -> list[Any]:
        """Write events to their topics as a relay would; gives where each stands."""
        producer = AIOKafkaProducer(bootstrap_servers=self.stack.kafka_servers, acks="all", linger_ms=2)
        await producer.start()
        try:
            sent = [
                await producer.send(
                    event.topic.name,
                    event.encode(),
                    key=event.key.encode(),
                    headers=to_headers(
                        Attributes(
                            event_id,
                            "/jobplus/test",
                            event.type,
                            event.recorded_at,
                            event.key,
                            next(_sequence),
                            "correlated",
                            "caused",
                        )
                    ),
                )
                for event, event_id in zip(events, ids or [uuids.uuid7() for _ in events], strict=True)
            ]
            return [await one for one in sent]
        finally:
            await producer.stop()

    async def apply(self, events: Sequence[Event], *, ids: Sequence[UUID] | None = None) -> None:
        """Publish events, and wait until followup has applied each of them."""
        written = await self.publish(events, ids=ids)

        async def read() -> bool:
            rows = await self.calling.query("followup", "SELECT topic, partition, next_offset FROM consumer_offset")
            following = {(row["topic"], row["partition"]): row["next_offset"] for row in rows}
            return all(following.get((one.topic, one.partition), 0) > one.offset for one in written)

        await self.until(read)

    async def place(self, on: date) -> Placed:
        """Have somebody placed, and followup know of it."""
        placement = placed(on)
        await self.publish([placement])
        await self.until(lambda: self.contacts_of(placement))
        return placement

    def today(self) -> date:
        """Followup's day."""
        return date.fromisoformat(self.calling.get("followup", "/status", role="operator").json["clock"]["day"])

    def move_to(self, day: date) -> None:
        """Move followup's day on; it never goes back."""
        reply = self.calling.post("followup", "/clock", {"day": day}, role="operator")
        assert reply.status == 200, reply.json

    async def contacts_of(self, placement: Placed) -> dict[str, tuple[str, str]]:
        """Give the id and status of each contact, by step."""
        rows = await self.calling.query(
            "followup",
            "SELECT step, contact_id, status FROM contact WHERE placement_id = $1 ORDER BY due_on",
            placement.placement_id,
        )
        return {row["step"]: (str(row["contact_id"]), row["status"]) for row in rows}

    async def statuses_of(self, placement: Placed) -> dict[str, str]:
        return {step: status for step, (_, status) in (await self.contacts_of(placement)).items()}

    async def is_now(self, placement: Placed, **statuses: str) -> None:
        """Wait until contacts have these statuses (`_1w="due"`)."""
        wanted = {step.removeprefix("_"): status for step, status in statuses.items()}

        async def there() -> bool:
            found = await self.statuses_of(placement)
            return wanted.items() <= found.items()

        await self.until(there)

    def outcome(self, contact_id: str, key: str | None = None, **form: Any) -> Reply:
        return self.calling.post("followup", f"/contacts/{contact_id}/outcome", form, role="counsellor", key=key)

    def ending(self, placement_id: UUID, **form: Any) -> Reply:
        return self.calling.post("followup", f"/placements/{placement_id}/ending", form, role="counsellor")

    async def settled(self) -> None:
        """Wait until all that was published is applied, what is due is done, and the outbox is empty."""

        async def quiet() -> bool:
            status = self.calling.get("followup", "/status", role="operator").json
            looked = all(p["lag"] == 0 for p in status["consumers"])
            return looked and status["outbox"] == 0 and status["due_through"] == status["clock"]["day"]

        await self.until(quiet)

    async def published(self, topic: Topic = FOLLOWUPS) -> list[Published]:
        """Read a whole topic of followup, each partition in order."""
        consumer = AIOKafkaConsumer(bootstrap_servers=self.stack.kafka_servers, enable_auto_commit=False)
        await consumer.start()
        try:
            partitions = [TopicPartition(topic.name, number) for number in range(topic.partitions)]
            consumer.assign(partitions)
            await consumer.seek_to_beginning(*partitions)
            ends: dict[TopicPartition, int] = await consumer.end_offsets(partitions)
            found: list[Published] = []
            while [p for p in partitions if await consumer.position(p) < ends[p]]:
                batches: Any = await consumer.getmany(timeout_ms=200)
                for records in batches.values():
                    for record in records:
                        attributes, data = from_record(record.headers, record.key, record.value)
                        event = decode(attributes.type, record.topic, record.key.decode(), data)
                        written = b"\n".join([*(value for _, value in record.headers), record.key, record.value])
                        found.append(Published(attributes.id, event, written))
        finally:
            await consumer.stop()
        return found

    async def events_of(self, placement: Placed) -> list[Any]:
        """Give what followup published about a placement, in order."""
        await self.settled()
        return [one.event for one in await self.published() if one.event.placement_id == placement.placement_id]

    async def until(self, true: Callable[[], Awaitable[Any]]) -> None:
        """Wait until something holds."""
        ends = time.monotonic() + SECONDS
        while not await true():
            assert time.monotonic() < ends, f"not so after {SECONDS} s"
            await asyncio.sleep(0.05)
