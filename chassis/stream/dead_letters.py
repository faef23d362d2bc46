"""Dead letters: records that can't be applied, with their origin and error, and what is parked behind them.

A key with a dead letter stands still: later records of that key are parked, in order, until someone redrives or
discards the letter. Everything else goes on. A key has several dead letters where one was of a type that overtakes, or
on a topic whose records wait for nothing: there each is driven by itself, elsewhere the older before the younger.
"""

from collections.abc import Awaitable, Callable, Collection, Container, Mapping, Sequence
from typing import Any, NamedTuple

import asyncpg

from chassis.database.db import CONFLICTS, Connection
from chassis.stream.cloudevents import Attributes
from chassis.stream.record import Record
from chassis.stream.record_texts import masked_bytes
from chassis.texts import masked

MOST_PARKED = 500


class Letter(NamedTuple):
    """A record set aside: dead itself, or parked behind one that is."""

    state: str
    topic: str
    partition: int
    offset: int
    key: bytes | None
    headers: Sequence[tuple[str, bytes]]
    value: bytes | None
    type: str | None
    error: str

    @classmethod
    def of(cls, record: Record, state: str, error: str, attributes: Attributes | None) -> "Letter":
        kind = attributes.type if attributes else None
        return cls(
            state, record.topic, record.partition, record.offset, record.key, record.headers, record.value,
            kind, error,
        )  # fmt: skip


async def blocked_keys(conn: Connection, records: Sequence[Record]) -> dict[tuple[str, bytes], str]:
    """Tell which of the records' keys stand still, and behind what; a redrive of them waits for the caller."""
    rows = await conn.fetch(
        """SELECT topic, key, min("offset") AS first
           FROM (SELECT topic, key, "offset" FROM dead_letter
                 WHERE (topic, key) IN (SELECT * FROM unnest($1::text[], $2::bytea[]))
                 ORDER BY id FOR SHARE) AS waiting
           GROUP BY topic, key""",
        [r.topic for r in records],
        [r.key or b"" for r in records],
    )
    return {(row["topic"], row["key"]): f"waits behind offset {row['first']}" for row in rows}


async def keep(conn: Connection, letters: Sequence[Letter]) -> None:
    """Set letters aside."""
    if not letters:
        return
    await conn.executemany(
        """INSERT INTO dead_letter (state, topic, partition, "offset", key, headers, value, type, error)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)""",
        [
            (x.state, x.topic, x.partition, x.offset, masked_bytes(x.key or b""),
             [[_kept(name), _kept((value or b"").decode("utf-8", "replace"))] for name, value in x.headers],
             x.value and masked_bytes(x.value), x.type and _kept(x.type), _kept(x.error))
            for x in letters
        ],
    )  # fmt: skip


def _kept(text: str) -> str:
    """Give a text as it may be kept, without a resident registration number, and as PostgreSQL can keep it: a record
    that is poison in this way too must not stop its reader."""
    return masked(text.replace("\0", "\ufffd"))


async def listed(
    conn: Connection, limit: int, after: int = 0, topics: Sequence[str] | None = None
) -> list[asyncpg.Record]:
    """Give dead letters (None: of all topics), oldest first, from an id on, each with the number of records parked
    behind it."""
    return await conn.fetch(
        """SELECT d.id, d.type, d.topic, d.partition, d."offset", encode(d.key, 'escape') AS key, d.error,
                  d.attempts, d.kept_at,
                  (SELECT count(*) FROM dead_letter p
                   WHERE p.topic = d.topic AND p.key = d.key AND p.state = 'parked') AS parked
           FROM dead_letter d WHERE d.state = 'dead' AND d.id > $2 AND ($3::text[] IS NULL OR d.topic = ANY($3))
           ORDER BY d.id LIMIT $1""",
        limit,
        after,
        topics,
    )


async def shown(conn: Connection, letter_id: int) -> Mapping[str, Any] | None:
    """Give one letter whole, with the first MOST_PARKED of what is parked behind it, and how many those are in all
    (None: there is no such letter)."""
    letter = await conn.fetchrow("SELECT * FROM dead_letter WHERE id = $1", letter_id)
    if letter is None:
        return None
    parked = await conn.fetch(
        """SELECT id, type, "offset", kept_at FROM dead_letter
           WHERE topic = $1 AND key = $2 AND state = 'parked' AND id <> $3 ORDER BY "offset" LIMIT $4""",
        letter["topic"],
        letter["key"],
        letter_id,
        MOST_PARKED,
    )
    in_all = await conn.fetchval(
        "SELECT count(*) FROM dead_letter WHERE topic = $1 AND key = $2 AND state = 'parked' AND id <> $3",
        letter["topic"],
        letter["key"],
        letter_id,
    )
    text = {name: (letter[name] or b"").decode("utf-8", "replace") for name in ("key", "value")}
    return {**letter, **text, "parked": [dict(row) for row in parked], "parked_in_all": in_all}


class SetAside(NamedTuple):
    """A letter as a record again."""

    topic: str
    partition: int
    offset: int
    key: bytes
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]


class Stop(NamedTuple):
    """The letter of a key that failed as the key was driven, and why: what comes after it wasn't tried."""

    letter_id: int
    error: str


class Driven(NamedTuple):
    """What came of driving a key: the ids of the letters that were applied, and where it stopped, None where all
    were."""

    applied: Collection[int]
    stop: Stop | None


Apply = Callable[[SetAside], Awaitable[None]]


async def discard(
    conn: Connection, letter_id: int, apply: Apply, unparked: Container[str] = frozenset[str]()
) -> Driven | None:
    """Give up a dead letter and apply what is parked behind it; None when there is no such dead letter. On the topics
    `unparked` nothing waits for it."""
    letter = await _dead(conn, letter_id)
    if letter is None:
        return None
    await conn.execute("DELETE FROM dead_letter WHERE id = $1", letter_id)
    if letter["topic"] in unparked:
        return Driven((), None)
    return await _drive(conn, await _of_key(conn, letter), apply)


class Unread(ValueError):
    """A record still can't be read: says why, in the words of its dead letter."""


async def redrive(
    conn: Connection, letter_id: int, apply: Apply, unparked: Container[str] = frozenset[str]()
) -> Driven | None:
    """Apply a dead letter again, after what is older of its key, and then what is parked behind it; on the topics
    `unparked` the letter alone. None when there is no such dead letter.

    Each is applied in a savepoint. The first that fails again is the key's dead letter from now on, and the rest
    stays as it is.
    """
    letter = await _dead(conn, letter_id)
    if letter is None:
        return None
    return await _drive(conn, [letter] if letter["topic"] in unparked else await _of_key(conn, letter), apply)


async def _dead(conn: Connection, letter_id: int) -> asyncpg.Record | None:
    return await conn.fetchrow("SELECT * FROM dead_letter WHERE id = $1 AND state = 'dead' FOR UPDATE", letter_id)


async def _of_key(conn: Connection, letter: asyncpg.Record) -> Sequence[asyncpg.Record]:
    return await conn.fetch(
        'SELECT * FROM dead_letter WHERE topic = $1 AND key = $2 ORDER BY "offset" FOR UPDATE',
        letter["topic"],
        letter["key"],
    )


async def _drive(conn: Connection, rows: Sequence[asyncpg.Record], apply: Apply) -> Driven:
    applied: list[int] = []
    for row in rows:
        headers = [(name, value.encode()) for name, value in row["headers"]]
        record = SetAside(row["topic"], row["partition"], row["offset"], row["key"], row["value"], headers)
        try:
            async with conn.transaction():
                await apply(record)
                await conn.execute("DELETE FROM dead_letter WHERE id = $1", row["id"])
        except CONFLICTS:
            raise  # its own fault it isn't: all is done again from the beginning
        except Exception as error:
            said = _kept(str(error) if isinstance(error, Unread) else f"{type(error).__name__}: {error}")
            await conn.execute(
                "UPDATE dead_letter SET state = 'dead', error = $2, attempts = attempts + 1 WHERE id = $1",
                row["id"],
                said,
            )
            return Driven(applied, Stop(row["id"], said))
        applied.append(row["id"])
    return Driven(applied, None)
