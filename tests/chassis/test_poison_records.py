"""A record that nobody can read is set aside, can be listed and redriven, and never stops its reader."""

from typing import NamedTuple

import pytest

from chassis import dead_letters
from chassis.db import Connection, Pool
from chassis.record_batch import Partition, RecordBatches


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


@pytest.mark.parametrize("together", [True, False])
async def test_poison_is_set_aside_whatever_its_bytes_are(pool: Pool, together: bool) -> None:
    batches = RecordBatches(pool, _nothing_is_readable, _apply, None)
    partition = Partition("test.counters", 0)
    await batches.positions([partition])
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
    assert await batches.positions([partition]) == {partition: (3, None)}
