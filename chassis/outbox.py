"""The outbox: events wait in the transaction of their change until the relay has brought them to Kafka."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import uuid_utils.compat as uuids

from chassis.db import Connection
from chassis.decisions import PublishedEvent

LARGEST_EVENT = 900_000
"""Bytes; Kafka refuses a record over 1 MiB, and an event that can't be sent would block all behind it."""


class EventTooLarge(ValueError):
    """An event is over LARGEST_EVENT bytes."""


class Outgoing(NamedTuple):
    """An event ready to be kept: its body as it will be sent, and what caused it."""

    event: PublishedEvent
    value: bytes | None
    correlation_id: str
    causation_id: str


def outgoing(event: PublishedEvent, correlation_id: str, causation_id: str) -> Outgoing:
    """Encode an event, or raise EventTooLarge."""
    value = event.encode()
    if value is not None and len(value) > LARGEST_EVENT:
        raise EventTooLarge(f"{event.type} of {event.key} has {len(value)} bytes, over {LARGEST_EVENT}")
    return Outgoing(event, value, correlation_id, causation_id)


async def append(conn: Connection, events: Sequence[Outgoing]) -> None:
    """Keep events in the order given, each with the next sequence number of its topic and key.

    Call it after the aggregates are locked and kept. The rows of outbox_sequence are taken in key order and
    held to the end of the transaction, so that one key's events leave in the order of their numbers.
    """
    if not events:
        return
    addresses = [(out.event.topic.name, out.event.key) for out in events]
    counted = sorted(Counter(addresses).items())
    rows = await conn.fetch(
        """INSERT INTO outbox_sequence AS s (topic, key, last)
           SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[])
           ON CONFLICT (topic, key) DO UPDATE SET last = s.last + excluded.last
           RETURNING topic, key, last""",
        [address[0] for address, _ in counted],
        [address[1] for address, _ in counted],
        [count for _, count in counted],
    )
    following = {(row["topic"], row["key"]): row["last"] for row in rows}
    for address, count in counted:
        following[address] -= count
    sequences: list[int] = []
    for address in addresses:
        following[address] += 1
        sequences.append(following[address])
    await conn.execute(
        """INSERT INTO outbox (event_id, topic, key, type, sequence, time, correlation_id, causation_id, value)
           SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[],
                                $6::timestamptz[], $7::text[], $8::text[], $9::bytea[])""",
        [uuids.uuid7() for _ in events],
        [topic for topic, _ in addresses],
        [key for _, key in addresses],
        [out.event.type for out in events],
        sequences,
        [out.event.recorded_at for out in events],
        [out.correlation_id for out in events],
        [out.causation_id for out in events],
        [out.value for out in events],
    )
