"""The outbox: events wait in the transaction of their change until the relay has brought them to Kafka.

The same statement, the last of each batch, keeps the answers given under idempotency keys: a round trip to
PostgreSQL costs a batch more than what it carries.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import uuid_utils.compat as uuids

from chassis.db import Connection
from chassis.decisions import IdempotencyKey, PublishedEvent

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


async def append(
    conn: Connection, events: Sequence[Outgoing], answers: Sequence[tuple[IdempotencyKey, bytes]] = ()
) -> None:
    """Keep events in the order given, each with the next sequence number of its topic and key, and answers.

    Call it after the aggregates are locked and kept. The rows of outbox_sequence are taken in key order and
    held to the end of the transaction, so that one key's events leave in the order of their numbers: an event's
    is the key's last one less how many of the batch follow it. An idempotency key that is kept already is a unique
    violation.
    """
    if not events and not answers:
        return
    addresses = [(out.event.topic.name, out.event.key) for out in events]
    counted = sorted(Counter(addresses).items())
    following: list[int] = []
    left = dict(counted)
    for address in addresses:
        left[address] -= 1
        following.append(left[address])
    await conn.execute(
        """WITH numbered AS (
             INSERT INTO outbox_sequence AS s (topic, key, last)
             SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[])
             ON CONFLICT (topic, key) DO UPDATE SET last = s.last + excluded.last
             RETURNING topic, key, last
           ), answered AS (
             INSERT INTO idempotency (caller, key, request_hash, answer)
             SELECT * FROM unnest($13::text[], $14::text[], $15::bytea[], $16::bytea[])
           )
           INSERT INTO outbox (event_id, topic, key, type, sequence, time, correlation_id, causation_id, value)
           SELECT e.event_id, e.topic, e.key, e.type, n.last - e.following, e.time, e.correlation, e.causation, e.value
           FROM unnest($4::uuid[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::timestamptz[], $10::text[],
                       $11::text[], $12::bytea[]) WITH ORDINALITY
                AS e (event_id, topic, key, type, following, time, correlation, causation, value, place)
           JOIN numbered n USING (topic, key)
           ORDER BY e.place""",
        [address[0] for address, _ in counted],
        [address[1] for address, _ in counted],
        [count for _, count in counted],
        [uuids.uuid7() for _ in events],
        [topic for topic, _ in addresses],
        [key for _, key in addresses],
        [out.event.type for out in events],
        following,
        [out.event.recorded_at for out in events],
        [out.correlation_id for out in events],
        [out.causation_id for out in events],
        [out.value for out in events],
        [key.caller for key, _ in answers],
        [key.key for key, _ in answers],
        [key.request_hash for key, _ in answers],
        [answer for _, answer in answers],
    )
