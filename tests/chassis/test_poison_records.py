"""A record that nobody can read is set aside, can be listed and redriven, and never stops its reader."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
import uuid_utils.compat as uuids

from chassis.database.db import Connection, Pool
from chassis.stream import dead_letters
from chassis.stream.cloudevents import Attributes, to_headers
from chassis.stream.history import Log, Position
from chassis.stream.record import Partition
from chassis.stream.record_batch import Received, RecordBatches
from chassis.texts import MASK

SOURCES = {"test.counters": "/test"}


class Poison(NamedTuple):
    offset: int
    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes | None]]
    topic: str = "test.counters"
    partition: int = 0


POISON = [
    Poison(0, None, None, []),
    Poison(1, b"\xff\x00", b"\xff\x00", [("ce_\x00", b"\x00"), ("content-type", b"application/cloudevents+json")]),
    Poison(
        2, b"a\x00", b'{"specversion": "1.0", "id": "\\u0000"}', [("content-type", b"application/cloudevents+json")]
    ),
    Poison(3, b"b", b"{}", [("ce_specversion", None), ("ce_id", b"\x00")]),
]


def _nothing_is_readable(kind: str, topic: str, key: str, data: bytes | None) -> None:
    raise ValueError("a NUL, \0, in the reason")


async def _apply(conn: Connection, received: object) -> None:
    raise AssertionError("nothing here can be applied")


def _whatever_it_is(kind: str, topic: str, key: str, data: bytes | None) -> str:
    return kind


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (b'{"actor": {"id": "800101-1234567"}}', "actor.id"),
        (b'{"actor": {"id": "\\uff18\\uff100101-1234567"}}', "actor.id"),
        ('{"rule": "８００１０１-１２３４５６７"}'.encode(), "rule"),
    ],
)
async def test_a_record_with_a_resident_registration_number_is_kept_without_it(
    pool: Pool, value: bytes, field: str
) -> None:
    batches = RecordBatches(pool, "counting", _whatever_it_is, _apply, None, SOURCES)
    await batches.positions.begin({Partition("test.counters", 0): Log(0, 0)})
    attributes = Attributes(
        uuids.uuid7(), "/test", "test.Told", datetime(2026, 3, 2, tzinfo=UTC), "a", 1, "800101-1234567", ""
    )
    good = attributes._replace(correlation_id="")
    records = [
        Poison(0, b"8001011234567", value, list(to_headers(good))),
        Poison(1, b"b", b"{}", list(to_headers(attributes))),
    ]
    await batches.apply(records)  # pyright: ignore[reportArgumentType]
    async with pool.acquire() as conn:
        listed = await dead_letters.listed(conn, 100)
        shown = [await dead_letters.shown(conn, row["id"]) for row in listed]
    assert [row["error"].split(" holds ")[0] for row in listed] == [field, "correlation_id"]
    assert "resident registration number" in str(shown)
    assert "1234567" not in str(shown)
    assert "１２３４５６７" not in str(shown)
    assert "\\uff18" not in str(shown)


async def test_a_record_that_was_kept_without_its_number_is_applied_so_when_it_is_driven_again(pool: Pool) -> None:
    applied: list[bytes | None] = []

    async def apply(conn: Connection, received: Sequence[Received]) -> None:
        applied.extend(one.data for one in received)

    batches = RecordBatches(pool, "counting", _whatever_it_is, apply, None, SOURCES)
    await batches.positions.begin({Partition("test.counters", 0): Log(0, 0)})
    attributes = Attributes(uuids.uuid7(), "/test", "test.Told", datetime(2026, 3, 2, tzinfo=UTC), "a", 1, "", "")
    told = Poison(0, b"a", b'{"actor": {"id": "800101-1234567", "role": "x"}}', list(to_headers(attributes)))
    await batches.apply([told])  # pyright: ignore[reportArgumentType]
    assert applied == []
    async with pool.acquire() as conn, conn.transaction():
        (letter,) = await dead_letters.listed(conn, 100)
        assert await dead_letters.redrive(conn, letter["id"], lambda record: batches.apply_again(conn, record))
    assert applied == [f'{{"actor": {{"id": "{MASK}", "role": "x"}}}}'.encode()]


@pytest.mark.parametrize("together", [True, False])
async def test_poison_is_set_aside_whatever_its_bytes_are(pool: Pool, together: bool) -> None:
    batches = RecordBatches(pool, "counting", _nothing_is_readable, _apply, None, SOURCES)
    partition = Partition("test.counters", 0)
    await batches.positions.begin({partition: Log(0, 0)})
    for records in [POISON] if together else [[record] for record in POISON]:
        await batches.apply(records)  # pyright: ignore[reportArgumentType]
    async with pool.acquire() as conn:
        listed = await dead_letters.listed(conn, 100)
        assert [row["offset"] for row in listed] == [0, 1, 2, 3]
        after_the_second = await dead_letters.listed(conn, 1, listed[1]["id"])
        assert [row["offset"] for row in after_the_second] == [2]
        for row in listed:
            assert await dead_letters.shown(conn, row["id"])
            async with conn.transaction():
                await dead_letters.redrive(conn, row["id"], lambda record: batches.apply_again(conn, record))
        assert len(await dead_letters.listed(conn, 100)) == 4
    assert (await batches.positions.of([partition]))[partition] == Position(4, 3)
