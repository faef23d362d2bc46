"""How far a partition was read is told by the ids of its events, and by no id from another time than ours."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import uuid_utils.compat as uuids

from chassis.batch.decisions import Refused, Unknown
from chassis.batch.unknown_ids import born, read_to_end, unknown_ids
from chassis.database.db import Connection, Pool
from chassis.problems import NOT_YET_KNOWN, UNKNOWN_ID
from chassis.stream.cloudevents import Attributes, to_headers
from chassis.stream.history import Log
from chassis.stream.positions import Positions
from chassis.stream.record import Partition
from chassis.stream.record_batch import RecordBatches
from tests.kit.records import Record

PARTITION = Partition("test.counters", 0)
SOURCES = {PARTITION.topic: "/test"}
ANY = UUID("00000000-0000-7000-8000-000000000000")


def born_at(moment: datetime) -> UUID:
    return UUID(int=(int(moment.timestamp() * 1000) << 80) | ANY.int)


AFTER_ALL_TIME = UUID(int=((2**48 - 1) << 80) | ANY.int)
"""As late as a UUIDv7 can say: the year 10889."""


async def read_through(pool: Pool, event_id: UUID) -> datetime | None:
    """Read one event; gives how far the partition was read by it."""

    async def apply(conn: Connection, received: Sequence[object]) -> None:
        """Whatever it is."""

    batches = RecordBatches(pool, "counting", lambda *_: object(), apply, None, SOURCES)
    await batches.positions.begin({PARTITION: Log(0, 0)})
    attributes = Attributes(event_id, "/test", "test.Raised", datetime.now(UTC), "a", 1, "", "")
    await batches.apply([Record(*PARTITION, 0, b"a", b"{}", to_headers(attributes))])
    assert await pool.fetch("SELECT next_offset FROM consumer_offset") == [(1,)]
    return await pool.fetchval("SELECT read_through FROM consumer_offset")


async def test_an_id_of_today_tells_how_far_was_read(pool: Pool) -> None:
    moment = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1)
    assert await read_through(pool, born_at(moment)) == moment


async def test_an_id_of_a_clock_that_is_ahead_tells_no_more_than_now(pool: Pool) -> None:
    before = datetime.now(UTC)
    through = await read_through(pool, born_at(before + timedelta(minutes=1)))
    assert through is not None
    assert before <= through <= datetime.now(UTC)


@pytest.mark.parametrize("made", [lambda: born_at(datetime.now(UTC) + timedelta(days=1)), lambda: AFTER_ALL_TIME])
async def test_an_id_from_tomorrow_tells_nothing_and_a_fresh_one_is_not_yet_known(
    pool: Pool, made: Callable[[], UUID]
) -> None:
    event_id = made()
    assert (await read_through(pool, event_id)) == datetime.fromtimestamp(0, UTC)
    asked = [Unknown("seeker_id", uuids.uuid7(), PARTITION.topic), Unknown("seeker_id", event_id, PARTITION.topic)]
    async with pool.acquire() as conn:
        fresh, never_given = await unknown_ids(conn, asked)
    assert isinstance(fresh, Refused)
    assert isinstance(never_given, Refused)
    assert (fresh.problem, never_given.problem) == (NOT_YET_KNOWN, UNKNOWN_ID)


def test_what_no_calendar_holds_was_born_at_no_time() -> None:
    assert born(AFTER_ALL_TIME) is None


async def test_what_kafka_said_before_does_not_tell_of_what_came_since(pool: Pool) -> None:
    """A busy worker notes it late: then it knows no more than when it asked."""
    key = UUID(int=1)
    positions = Positions(pool)
    await positions.begin({PARTITION: Log(0, 0)})
    for seconds_ago, known in ((3, False), (0, True)):
        await positions.looked({PARTITION: 0}, seconds_ago)
        async with pool.acquire() as conn:
            assert (await read_to_end(conn, PARTITION.topic, [key]) == {key}) is known
