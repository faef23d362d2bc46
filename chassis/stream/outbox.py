"""The outbox: events wait in the transaction of their change until the relay has brought them to Kafka.

The statement that takes the sequence numbers also keeps the answers given under idempotency keys: a round trip to
PostgreSQL costs a batch more than what it carries.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import uuid_utils.compat as uuids

from chassis.batch.decisions import IdempotencyKey, PublishedEvent
from chassis.database.db import Connection

LARGEST_EVENT = 900_000
"""Bytes; Kafka refuses a record over 1 MiB, and an event that can't be sent would block all behind it."""


class EventTooLarge(ValueError):
    """An event is over LARGEST_EVENT bytes."""


class Outgoing(NamedTuple):
    """An event ready to be kept: its body as it will be sent, what caused it, and in which trace, if in any."""

    event: PublishedEvent
    value: bytes | None
    correlation_id: str
    causation_id: str
    traceparent: str = ""


def outgoing(event: PublishedEvent, correlation_id: str, causation_id: str, traceparent: str = "") -> Outgoing:
    """Encode an event, or raise EventTooLarge."""
    value = event.encode()
    if value is not None and len(value) > LARGEST_EVENT:
        raise EventTooLarge(f"{event.type} of {event.key} has {len(value)} bytes, over {LARGEST_EVENT}")
    return Outgoing(event, value, correlation_id, causation_id, traceparent)


async def append(
    conn: Connection, events: Sequence[Outgoing], answers: Sequence[tuple[IdempotencyKey, bytes]] = ()
) -> None:
    """Keep events in the order given, each with the next sequence number of its topic and key, and answers.

    Call it after the aggregates are locked and kept. The rows of outbox_sequence are taken in key order and
    held to the end of the transaction, so that one key's events leave in the order of their numbers. An idempotency
    key that is kept already is a unique
    violation.
    """
    if not events and not answers:
        return
    addresses = [(out.event.topic.name, out.event.key) for out in events]
    counted = sorted(Counter(addresses).items())
    rows = await conn.fetch(
        """WITH answered AS (
             INSERT INTO idempotency (caller, key, request_hash, answer)
             SELECT * FROM unnest($4::text[], $5::text[], $6::bytea[], $7::bytea[])
           )
           INSERT INTO outbox_sequence AS s (topic, key, last)
           SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[])
           ON CONFLICT (topic, key) DO UPDATE SET last = s.last + excluded.last
           RETURNING topic, key, last""",
        [topic for (topic, _), _ in counted],
        [key for (_, key), _ in counted],
        [count for _, count in counted],
        [key.caller for key, _ in answers],
        [key.key for key, _ in answers],
        [key.request_hash for key, _ in answers],
        [answer for _, answer in answers],
    )
    if not events:
        return
    given = {(row["topic"], row["key"]): row["last"] for row in rows}
    for address, count in counted:
        given[address] -= count
    sequences: list[int] = []
    for address in addresses:
        given[address] += 1
        sequences.append(given[address])
    await conn.execute(
        """INSERT INTO outbox (event_id, topic, key, type, sequence, time, correlation_id, causation_id, value,
                               dataschema, traceparent)
           SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::timestamptz[],
                                $7::text[], $8::text[], $9::bytea[], $10::text[], $11::text[])""",
        [uuids.uuid7() for _ in events],
        [topic for topic, _ in addresses],
        [key for _, key in addresses],
        [out.event.type for out in events],
        sequences,
        [out.event.recorded_at for out in events],
        [out.correlation_id for out in events],
        [out.causation_id for out in events],
        [out.value for out in events],
        [out.event.dataschema for out in events],
        [out.traceparent or None for out in events],
    )
