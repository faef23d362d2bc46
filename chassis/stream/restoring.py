"""`python -m services.NAME restore FILE`: takes events from an export of the ledger among those that their owner keeps,
so that they can be published again. All of a file, or nothing."""

import asyncio
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from chassis.database import db
from chassis.database.db import Connection, columns
from chassis.running.settings import ServiceSettings
from chassis.stream import published

PAGE = 2_000
FIRST = -(2**62)
"""Ids of restored events begin there: in the ledger's order, and before all others."""


class NotRestored(Exception):
    """The file isn't taken: says why."""


async def restore(conn: Connection, source: str, lines: Iterable[bytes], days: int) -> int:
    """Take an export's events in, which replace those of its topics that were restored before; gives how many (raises
    NotRestored)."""
    if not days:
        raise NotRestored("JOBPLUS_PUBLISHED_DAYS is 0: this service keeps no events")
    await published.turn_over(conn, days)
    restored, topics, page = 0, set[str](), list[tuple[Any, ...]]()
    async with conn.transaction():
        await db.take_long(conn)
        for number, line in enumerate(lines, 1):
            row = _row(number, line, source)
            if row[2] not in topics:
                topics.add(row[2])
                await conn.execute("DELETE FROM published_event WHERE topic = $1 AND id < 0", row[2])
            page.append((FIRST + number, *row))
            if len(page) == PAGE:
                await _keep(conn, page)
                restored, page = restored + len(page), []
        await _keep(conn, page)
    return restored + len(page)


def _row(number: int, line: bytes, source: str) -> tuple[Any, ...]:
    try:
        given = orjson.loads(line)
        if given["source"] != source:
            raise ValueError(f"it is an event of {given['source']}, and this is {source}")
        return (
            UUID(given["event_id"]),
            datetime.fromisoformat(given["time"]),
            str(given["topic"]),
            str(given["key"]),
            str(given["type"]),
            int(given["sequence"]),
            str(given["correlation_id"]),
            str(given["causation_id"]),
            str(given["data"]).encode(),
            given.get("dataschema"),
        )
    except (KeyError, TypeError, ValueError) as error:
        reason = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise NotRestored(f"line {number}: {reason}") from error


async def _keep(conn: Connection, page: list[tuple[Any, ...]]) -> None:
    if not page:
        return
    unknown = await conn.fetchrow(
        """WITH given AS (
               SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::text[],
                                    $7::bigint[], $8::text[], $9::text[], $10::bytea[], $11::text[])
               AS given (id, event_id, time, topic, key, type, sequence, correlation_id, causation_id, value,
                         dataschema)),
           kept AS (
               INSERT INTO published_event (id, event_id, time, topic, key, type, sequence, correlation_id,
                                            causation_id, value, dataschema)
               SELECT * FROM given)
           SELECT topic, key, sequence FROM given
           WHERE NOT EXISTS (SELECT FROM outbox_sequence s
                             WHERE s.topic = given.topic AND s.key = given.key AND s.last >= given.sequence)
           ORDER BY id LIMIT 1""",
        *columns(page, 11),
    )
    if unknown is not None:
        told = f"{unknown['topic']}, key {unknown['key']}, number {unknown['sequence']}"
        raise NotRestored(f"this service has never published that event: {told}")


def main(settings: ServiceSettings, source: str, file: str) -> int:
    """Take a file in; 0 when it is, 1 when it is not."""

    async def run(lines: Iterable[bytes]) -> int:
        async with db.pool(settings, f"jobplus restore {source}") as pool, pool.acquire() as conn:
            return await restore(conn, source, lines, settings.published_days)

    try:
        with Path(file).open("rb") as lines:
            restored = asyncio.run(run(lines))
    except (NotRestored, OSError, asyncpg.PostgresError) as error:
        print(f"{file}: nothing was restored: {error}", file=sys.stderr)
        return 1
    print(f"{restored} events can be published again: jobplus republish")
    return 0
