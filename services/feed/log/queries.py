"""Reads of partners' logs: what is entered after a position, and what was passed on of whom.

What is read is noted as passed on by the same statement: nothing is handed over that isn't taken down.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from chassis.database.db import Connection, columns
from services.feed.entries import Position

_FOUND = """
WITH found AS (
    SELECT number, link_id, grant_id, type, occurred_on, body FROM entry
    WHERE partner = $1 AND number > $2 AND body IS NOT NULL
      AND (grant_id IS NULL OR grant_id = ANY($3::uuid[]))
      AND ($4::text[] IS NULL OR grant_id IS NULL OR type = ANY($4))
      AND ($5::uuid IS NULL OR link_id = $5)
    ORDER BY number LIMIT $6
), noted AS (
    INSERT INTO passed_on (partner, number, link_id, grant_id, type, occurred_on)
    SELECT $1, number, link_id, grant_id, type, occurred_on FROM found WHERE link_id IS NOT NULL"""

_UNNOTED = f"""{_FOUND}
      AND (number > coalesce((SELECT max(number) FROM passed_on WHERE partner = $1), 0)
           OR NOT EXISTS (SELECT FROM passed_on p WHERE p.partner = $1 AND p.number = found.number))
)"""
"""Notes what wasn't noted before, for half of what ON CONFLICT costs: a new reader's entries are beyond all that were.
It fails where another reading notes the same at the same moment."""
_WHATEVER_IS_NOTED = f"""{_FOUND}
    ON CONFLICT DO NOTHING
)"""
_NOTING = {False: _UNNOTED, True: _WHATEVER_IS_NOTED}

BY_NUMBER = "SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off"
"""For reads of a log: it is followed from a number on, and never sorted, whatever PostgreSQL knows of it by then."""


class Asked(NamedTuple):
    """What a partner asks for: events after a number, by the grants that stand, of some types, of one link; all where
    none are named."""

    partner: str
    after: int
    grants: Sequence[UUID] = ()
    types: Sequence[str] | None = None
    link_id: UUID | None = None
    limit: int = 100


class Read(NamedTuple):
    """An entry as it is read."""

    number: int
    type: str
    body: bytes


class InCare(NamedTuple):
    """A client in SOS-Care since a day."""

    client_number: str
    link_id: UUID
    consents: bool
    since: date


async def entries(conn: Connection, asked: Asked, *, beside: bool) -> list[Read]:
    """Read what comes after a number, and note that it was passed on; where another reading may have noted the same,
    `beside` it (raises UniqueViolationError otherwise)."""
    rows = await conn.fetch(f"{_NOTING[beside]} SELECT number, type, body FROM found ORDER BY number", *asked)
    return [Read(*row) for row in rows]


async def batch(conn: Connection, asked: Asked, *, beside: bool) -> bytes:
    """Read the same as one text, in which commas are between the events."""
    joined = "SELECT string_agg(body, ',' ORDER BY number) FROM found"
    return await conn.fetchval(f"{_NOTING[beside]} {joined}", *asked) or b""


async def end_of(conn: Connection, partner: str) -> Position | None:
    """Give where a partner's log ends, None where nothing was ever granted to one of that name."""
    row = await conn.fetchrow("SELECT number, mark FROM partner WHERE partner = $1", partner)
    return Position(*row) if row else None


async def holds(conn: Connection, partner: str, position: Position, days: int) -> bool:
    """Tell whether a position is one of a partner's log, after which all is still there: it is the end, or the entry
    that follows on it isn't so old that it, or one after it, may be gone."""
    row = await conn.fetchrow(
        """SELECT p.number, p.mark, e.before,
                  e.kept_at > now() - make_interval(days => $3) + interval '1 minute' AS kept
           FROM partner p LEFT JOIN entry e ON e.partner = p.partner AND e.number = $2 + 1 WHERE p.partner = $1""",
        partner,
        position.number,
        days,
    )
    if row is None:
        return False
    return position == (row["number"], row["mark"]) or (bool(row["kept"]) and position.mark == row["before"])


async def link_of(conn: Connection, partner: str, client_number: str) -> UUID | None:
    """Give the link that stands of a partner's client number."""
    return await conn.fetchval(
        "SELECT link_id FROM link WHERE partner = $1 AND client_number = $2 AND ended_at IS NULL",
        partner,
        client_number,
    )


async def passed_on(conn: Connection, seeker_id: UUID, limit: int, after: int) -> list[dict[str, Any]]:
    """List what was passed on of a seeker, of all their records, in the order in which it was."""
    rows = await conn.fetch(
        """SELECT p.id, p.partner, l.client_number, p.type, g.types -> p.type AS fields, g.ground, g.law,
                  p.occurred_on, p.snapshot_on, p.passed_at
           FROM link l JOIN passed_on p USING (link_id) LEFT JOIN passing_grant g ON g.grant_id = p.grant_id
           WHERE l.seeker_id = coalesce((SELECT stays FROM person WHERE seeker_id = $1), $1) AND p.id > $3
           ORDER BY p.id LIMIT $2""",
        seeker_id,
        limit,
        after,
    )
    return [dict(row) for row in rows]


async def in_sos_care(conn: Connection, partner: str, on: date) -> list[InCare]:
    """List those in SOS-Care on a day whom a partner's client numbers stand for, by these."""
    rows = await conn.fetch(
        """SELECT l.client_number, l.link_id, p.consents IS TRUE AS consents, lower(care) AS since
           FROM link l JOIN person p USING (seeker_id), unnest(p.cares) AS care
           WHERE l.partner = $1 AND l.ended_at IS NULL AND care @> $2::date ORDER BY l.client_number""",
        partner,
        on,
    )
    return [InCare(*row) for row in rows]


async def note_snapshot(
    conn: Connection, partner: str, kind: str, on: date, shown: Sequence[tuple[UUID, UUID, date]]
) -> None:
    """Note that a snapshot passes on, by a type of event, what links and grants have of a day."""
    await conn.execute(
        """INSERT INTO passed_on (partner, snapshot_on, type, link_id, grant_id, occurred_on)
           SELECT $1, $2, $3, * FROM unnest($4::uuid[], $5::uuid[], $6::date[])""",
        partner,
        on,
        kind,
        *columns(shown, 3),
    )


async def is_known(conn: Connection, seeker_id: UUID) -> bool:
    """Tell whether a seeker was heard of, and not erased."""
    return bool(await conn.fetchval("SELECT NOT erased FROM person WHERE seeker_id = $1", seeker_id))
