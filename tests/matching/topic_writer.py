"""Writes events to the stack's topics as a relay would, for tests of who reads them."""

import itertools
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple, Self
from uuid import UUID

import uuid_utils.compat as uuids
from aiokafka import AIOKafkaProducer

from chassis.cloudevents import Attributes, to_headers
from contracts.event import Event
from contracts.followups import EmploymentEnded
from contracts.profile import Bands
from contracts.profiles import SeekerProfile
from jobplus.stack.local import Stack

STAMP: dict[str, Any] = {
    "occurred_on": date(2009, 3, 2),
    "recorded_at": datetime(2009, 3, 2, 1, tzinfo=UTC),
    "actor": {"role": "system", "id": "test"},
    "rule": "test",
}
_sequence = itertools.count(1)


class Sent(NamedTuple):
    """A record to write."""

    topic: str
    key: bytes
    value: bytes | None
    headers: list[tuple[str, bytes]]

    @classmethod
    def of(cls, event: Event) -> Self:
        attributes = Attributes(
            uuids.uuid7(), "/jobplus/test", event.type, event.recorded_at, event.key, next(_sequence), "", ""
        )
        return cls(event.topic.name, event.key.encode(), event.encode(), to_headers(attributes))


def profile(seeker_id: UUID | None = None, **details: Any) -> SeekerProfile:
    """A seeker's profile; `career_years` serves as a version."""
    fields: dict[str, Any] = {
        "status": "active",
        "registered_on": date(2009, 3, 2),
        "birth_year": 1980,
        "gender": "female",
        "district": "11440",
        "wanted_occupations": ("02",),
        **details,
    }
    return SeekerProfile(**STAMP, seeker_id=seeker_id or uuids.uuid7(), **fields)


def employment_ended(seeker_id: UUID, placement_id: UUID, on: date) -> EmploymentEnded:
    bands = Bands(age_band="-29", gender="female", district="11440", wanted_occupations=("02",))
    stamp = {**STAMP, "occurred_on": on}
    return EmploymentEnded(**stamp, seeker_id=seeker_id, placement_id=placement_id, person=bands, reason="resigned")


async def write(stack: Stack, records: Sequence[Sent]) -> None:
    """Write records in order, and wait for all acknowledgements."""
    producer = AIOKafkaProducer(bootstrap_servers=stack.kafka_servers, acks="all", linger_ms=2)
    await producer.start()
    try:
        sent = [
            await producer.send(record.topic, record.value, key=record.key, headers=record.headers)
            for record in records
        ]
        for one in sent:
            await one
    finally:
        await producer.stop()
