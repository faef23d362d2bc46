"""Reads of what was released."""

from datetime import date
from typing import NamedTuple

from chassis.database.db import Connection


class Released(NamedTuple):
    """A release as it was published: the position of the last event in it, its document's hash, and the one before."""

    day: date
    published_on: date
    position: int
    hash: str
    previous: str | None


async def released(conn: Connection) -> list[Released]:
    """List all releases, the newest first."""
    rows = await conn.fetch("SELECT day, published_on, position, hash, previous FROM release ORDER BY day DESC")
    return [Released(**row) for row in rows]


async def document(conn: Connection, day: date) -> tuple[bytes, str] | None:
    """Give a release's document and its hash; None where nothing was released of a day."""
    row = await conn.fetchrow("SELECT document, hash FROM release WHERE day = $1", day)
    return (row["document"], row["hash"]) if row else None
