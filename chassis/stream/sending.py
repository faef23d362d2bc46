"""What the relay takes out of the outbox, and where it goes: to the published events, or aside.

Rows are taken out first, in the transaction that is committed once Kafka has acknowledged them: who can't take them
out sends nothing, and while they are being sent nobody else has them. `term` is the leadership's (see leadership): who
leads no more finds nothing.
"""

from collections.abc import Sequence
from typing import Any

import asyncpg

from chassis.database.db import Connection

_COLUMNS = (
    "id, event_id, topic, key, type, sequence, time, correlation_id, causation_id, value, dataschema, traceparent"
)


def _taking(which: str) -> str:
    return f"""
    WITH gone AS (DELETE FROM outbox WHERE {which} AND (SELECT term FROM leadership) = $2 RETURNING {_COLUMNS}),
    taken AS MATERIALIZED (
        SELECT gone.*, EXISTS (SELECT FROM unsent_event u WHERE u.topic = gone.topic AND u.key = gone.key) AS parked
        FROM gone),
    parked AS (
        INSERT INTO unsent_event ({_COLUMNS}, state, error)
        SELECT {_COLUMNS}, 'parked', 'waits behind an event of its key that Kafka refuses' FROM taken WHERE parked),
    kept AS (
        INSERT INTO published_event ({_COLUMNS})
        SELECT {_COLUMNS} FROM taken WHERE NOT parked AND $3 ORDER BY id)
    SELECT * FROM taken ORDER BY id"""


_OLDEST = _taking("id <= (SELECT max(id) FROM (SELECT id FROM outbox ORDER BY id LIMIT $1) AS oldest)")
_THESE = _taking("id = ANY($1)")


async def take(conn: Connection, term: int, most: int, keep: bool) -> Sequence[asyncpg.Record]:
    """Take out the oldest events, at most so many, and keep them as published; gives them in their order, each with
    whether it is `parked`, behind one of its key that Kafka refuses, and not to be sent."""
    return await conn.fetch(_OLDEST, most, term, keep)


async def take_these(conn: Connection, term: int, ids: Sequence[int], keep: bool) -> None:
    """Take out events that Kafka has acknowledged already."""
    await conn.fetch(_THESE, ids, term, keep)


async def set_aside(conn: Connection, term: int, event: Any, error: str) -> None:
    """Set an event aside that Kafka refuses: what comes after it of its key is parked behind it."""
    await conn.execute(
        f"""WITH gone AS (DELETE FROM outbox WHERE id = $1 AND (SELECT term FROM leadership) = $2 RETURNING {_COLUMNS})
            INSERT INTO unsent_event ({_COLUMNS}, state, error) SELECT {_COLUMNS}, 'dead', $3 FROM gone""",
        event["id"],
        term,
        error,
    )


async def unsent(conn: Connection, limit: int, after: int = 0) -> list[asyncpg.Record]:
    """Give the events that Kafka refused, oldest first, from an id on, each with how many are parked behind it."""
    return await conn.fetch(
        """SELECT id, event_id, topic, key, type, sequence, error, kept_at,
                  (SELECT count(*) FROM unsent_event p
                   WHERE p.topic = d.topic AND p.key = d.key AND p.state = 'parked') AS parked
           FROM unsent_event d WHERE state = 'dead' AND id > $2 ORDER BY id LIMIT $1""",
        limit,
        after,
    )


async def send_again(conn: Connection, unsent_id: int) -> int:
    """Have an event that Kafka refused sent again, and what is parked behind it, each under its own id and sequence;
    gives how many those are, 0 where there is no such event. What is refused again comes aside again."""
    # the relay, which parks, waits for this lock, or is waited for
    await conn.execute("LOCK TABLE unsent_event IN SHARE ROW EXCLUSIVE MODE")
    moved = await conn.fetch(
        f"""WITH gone AS (
                DELETE FROM unsent_event u USING unsent_event d
                WHERE d.id = $1 AND d.state = 'dead' AND u.topic = d.topic AND u.key = d.key RETURNING u.*)
            INSERT INTO outbox ({_COLUMNS}) OVERRIDING SYSTEM VALUE
            SELECT {_COLUMNS} FROM gone ORDER BY id RETURNING id""",
        unsent_id,
    )
    return len(moved)


async def oldest(conn: Connection) -> Any:
    """Give the id of the event that has waited in the outbox for longest, None where none waits."""
    return await conn.fetchval("SELECT event_id FROM outbox ORDER BY id LIMIT 1")
