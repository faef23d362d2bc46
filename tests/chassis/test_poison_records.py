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


class _Reading:
    """Two of a key that can't be read, by their values: the younger is of a type that overtakes. What comes after them
    is parked."""

    def __init__(self, pool: Pool, *, unparked: bool = False) -> None:
        self.unreadable = {b"older", b"younger"}
        self.applied: list[bytes | None] = []
        self._pool = pool
        self._batches = RecordBatches(
            pool,
            "counting",
            self._decode,
            self._apply,
            None,
            SOURCES,
            overtaking=frozenset({"test.Overtakes"}),
            unparked=frozenset({"test.counters"}) if unparked else frozenset(),
        )

    def _decode(self, kind: str, topic: str, key: str, data: bytes | None) -> str:
        if data in self.unreadable:
            raise ValueError(f"{data.decode()} is unreadable")
        return kind

    async def _apply(self, conn: Connection, received: Sequence[Received]) -> None:
        self.applied += [one.data for one in received]

    async def come(self) -> tuple[int, int]:
        """Have them come; gives the ids of the older and the younger."""
        await self._batches.positions.begin({Partition("test.counters", 0): Log(0, 0)})
        come = [("test.Told", b"older"), ("test.Overtakes", b"younger"), ("test.Told", b"next")]
        for offset, (kind, value) in enumerate(come):
            at = datetime(2026, 3, 2, tzinfo=UTC)
            headers = list(to_headers(Attributes(uuids.uuid7(), "/test", kind, at, "a", offset + 1, "", "")))
            await self._batches.apply([Poison(offset, b"a", value, headers)])  # pyright: ignore[reportArgumentType]
        async with self._pool.acquire() as conn:
            older, younger = (row["id"] for row in await dead_letters.listed(conn, 100))
        return older, younger

    async def drive(self, what: str, letter_id: int) -> dead_letters.Driven:
        """Redrive or discard one."""
        drive = dead_letters.redrive if what == "redrive" else dead_letters.discard
        async with self._pool.acquire() as conn, conn.transaction():
            driven = await drive(
                conn, letter_id, lambda record: self._batches.apply_again(conn, record), self._batches.unparked
            )
        assert driven is not None
        return driven

    async def attempts(self) -> dict[str, int]:
        """Tell how often each that is dead was tried, by why it is."""
        async with self._pool.acquire() as conn:
            return {row["error"]: row["attempts"] for row in await dead_letters.listed(conn, 100)}


async def test_the_younger_of_two_dead_letters_of_a_key_waits_for_the_older(pool: Pool) -> None:
    reading = _Reading(pool)
    older, younger = await reading.come()
    reading.unreadable.remove(b"younger")
    stop = dead_letters.Stop(older, "older is unreadable")
    assert await reading.drive("redrive", younger) == dead_letters.Driven([], stop)
    assert reading.applied == []
    reading.unreadable = {b"next"}
    driven = await reading.drive("redrive", younger)
    assert (driven.applied, driven.stop and driven.stop.error) == ([older, younger], "next is unreadable")
    assert reading.applied == [b"older", b"younger"]


async def test_what_is_parked_behind_a_discarded_letter_stops_at_the_next_that_fails(pool: Pool) -> None:
    reading = _Reading(pool)
    older, younger = await reading.come()
    assert await reading.drive("discard", older) == dead_letters.Driven(
        [], dead_letters.Stop(younger, "younger is unreadable")
    )
    driven = await reading.drive("discard", younger)
    assert (len(driven.applied), driven.stop, reading.applied) == (1, None, [b"next"])


async def test_where_nothing_waits_for_anything_each_dead_letter_is_driven_by_itself(pool: Pool) -> None:
    reading = _Reading(pool, unparked=True)
    older, younger = await reading.come()
    assert reading.applied == [b"next"]
    reading.unreadable.remove(b"younger")
    assert await reading.drive("redrive", younger) == dead_letters.Driven([younger], None)
    assert reading.applied == [b"next", b"younger"]
    assert await reading.attempts() == {"older is unreadable": 1}
    assert await reading.drive("discard", older) == dead_letters.Driven((), None)
    assert await reading.attempts() == {}
