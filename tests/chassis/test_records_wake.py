"""Records that were applied wake the relay and the due work, as do those that are redriven; others don't."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
import uuid_utils.compat as uuids

from chassis.database.db import Connection, Pool
from chassis.stream.cloudevents import Attributes, to_headers
from chassis.stream.history import Log
from chassis.stream.record import Partition
from chassis.stream.record_batch import RecordBatches
from jobplus.stack.local import Stack
from tests.chassis.listening import Listening
from tests.chassis.serving import counting_service, post, until

TOPIC = "test.counters"


class Sent(NamedTuple):
    """A record with an event, or with what isn't one."""

    offset: int
    headers: Sequence[tuple[str, bytes]]
    key: bytes = b"a"
    value: bytes = b"{}"
    topic: str = TOPIC
    partition: int = 0


def _event(offset: int) -> Sent:
    attributes = Attributes(uuids.uuid7(), "/test", "test.Raised", datetime.now(UTC), "a", offset + 1, "", "")
    return Sent(offset, to_headers(attributes))


@pytest.fixture
def told() -> list[int]:
    """How many events could be read each time that a commit was told."""
    return []


@pytest.fixture
async def batches(pool: Pool, told: list[int]) -> RecordBatches:
    kept: list[int] = []

    async def apply(conn: Connection, received: Sequence[object]) -> None:
        kept.append(len(received))
        if len(received) > 1:
            raise ValueError("one at a time")

    made = RecordBatches(
        pool, "counting", lambda *_: object(), apply, None, {TOPIC: "/test"}, committed=lambda: told.append(sum(kept))
    )
    await made.positions.begin({Partition(TOPIC, 0): Log(0, 0)})
    return made


async def test_a_commit_is_told_once_for_each_batch_that_was_applied(batches: RecordBatches, told: list[int]) -> None:
    first, second = _event(0), _event(1)
    await batches.apply([first])
    assert told == [1]
    await batches.apply([first])
    assert told == [1]
    await batches.apply([second, _event(2)])  # refused together, applied one by one
    assert told == [1, 4, 5]


async def test_what_is_only_set_aside_is_not_told(batches: RecordBatches, told: list[int]) -> None:
    await batches.apply([Sent(0, [])])
    assert told == []


@pytest.mark.parametrize("what", ["redrive", "discard"])
async def test_a_dead_letter_that_is_driven_again_or_given_up_wakes(stack: Stack, pool: Pool, what: str) -> None:
    service = await counting_service(stack, pool)
    await service.record_batches.positions.begin({Partition(TOPIC, 0): Log(0, 0)})
    await service.record_batches.apply([Sent(0, [])])
    letter = await pool.fetchval("SELECT id FROM dead_letter")
    async with Listening(stack, pool) as listening:
        assert await post(service, f"/dead-letters/{letter}/{what}", {}, stack.token("operator")) == 200
        await until(lambda: len(listening.heard) == 1)
    await service.notifier.close()
