"""An event whose source doesn't own its topic is set aside with that reason, and applied by nobody."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
import uuid_utils.compat as uuids

from chassis.database.db import Connection, Pool
from chassis.stream import dead_letters
from chassis.stream.cloudevents import Attributes, to_headers
from chassis.stream.history import Log
from chassis.stream.record import Partition
from chassis.stream.record_batch import Received, RecordBatches
from contracts.topics import SOURCES, TOPICS
from docs.generate import SERVICES, blueprint_of
from tests.kit.records import Record

PARTITION = Partition("jobplus.seekers", 0)
OWNER = "/jobplus/intake"


def _record(offset: int, source: str, key: str, kind: str = "test.Told") -> Record:
    attributes = Attributes(uuids.uuid7(), source, kind, datetime.now(UTC), key, 1, "", "")
    return Record(*PARTITION, offset, key.encode(), b"{}", to_headers(attributes))


async def _driven(pool: Pool, records: Sequence[Record], types: frozenset[str] | None = None) -> list[str]:
    """Apply records; gives the sources of those that were."""
    applied: list[str] = []

    async def apply(conn: Connection, received: Sequence[Received]) -> None:
        applied.extend(one.attributes.source for one in received)

    batches = RecordBatches(pool, "counting", lambda *_: object(), apply, types, SOURCES)
    await batches.positions.begin({PARTITION: Log(0, 0)})
    await batches.apply(records)
    return applied


async def _letters(pool: Pool) -> list[tuple[int, str]]:
    async with pool.acquire() as conn:
        return [(row["offset"], row["error"]) for row in await dead_letters.listed(conn, 100)]


@pytest.mark.parametrize("source", ["/jobplus/followup", "/jobplus/intake/", "/JOBPLUS/intake", "https://partner.test"])
async def test_an_event_of_who_does_not_own_the_topic_is_a_dead_letter_that_says_so(pool: Pool, source: str) -> None:
    records = [_record(0, OWNER, "a"), _record(1, source, "b"), _record(2, OWNER, "c")]
    assert await _driven(pool, records) == [OWNER, OWNER]
    assert await _letters(pool) == [(1, f"{source} doesn't own jobplus.seekers: {OWNER} does")]


async def test_redriven_it_is_refused_again(pool: Pool) -> None:
    assert await _driven(pool, [_record(0, "/jobplus/followup", "a")]) == []
    batches = RecordBatches(pool, "counting", lambda *_: object(), _never, None, SOURCES)
    async with pool.acquire() as conn, conn.transaction():
        (letter,) = await dead_letters.listed(conn, 100)
        await dead_letters.redrive(conn, letter["id"], lambda record: batches.apply_again(conn, record))
        (again,) = await dead_letters.listed(conn, 100)
    assert (again["attempts"], "doesn't own jobplus.seekers" in again["error"]) == (2, True)


async def test_one_of_a_type_that_nobody_listens_to_is_skipped_as_any(pool: Pool) -> None:
    assert await _driven(pool, [_record(0, "/jobplus/followup", "a")], frozenset({"test.Other"})) == []
    assert await _letters(pool) == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_knows_whose_each_topic_is(service: str) -> None:
    blueprint = blueprint_of(service)
    assert blueprint.sources == SOURCES
    own = {topic.name for topic in TOPICS if topic.owner == service}
    assert {name for name, source in SOURCES.items() if source == blueprint.source} == own


async def _never(conn: Connection, received: Sequence[Received]) -> None:
    raise AssertionError("nothing here is applied")
