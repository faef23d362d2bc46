"""Reads of what was released."""

from datetime import date
from typing import NamedTuple

import orjson

from chassis.database.db import Connection
from services.reporting.releases.model import Split
from services.reporting.releases.withholding import Point


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


async def points_told(conn: Connection) -> dict[Split, list[Point]]:
    """Give all that releases and their corrections told of tables."""
    rows = await conn.fetch(
        """SELECT measure, dimension, day, counts, withheld, correction FROM release_point
           ORDER BY release, correction, day"""
    )
    points: dict[Split, list[Point]] = {}
    for row in rows:
        is_corrected = row["correction"] > 0
        point = Point(row["day"], orjson.loads(row["counts"]), frozenset(row["withheld"]), is_corrected)
        points.setdefault(Split(row["measure"], tuple(row["dimension"].split())), []).append(point)
    return points
