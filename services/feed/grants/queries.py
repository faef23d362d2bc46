"""Reads of grants."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from chassis.database.db import Connection
from services.feed.grants.model import Grant
from services.feed.grants.store import NAMES


async def partners_of(conn: Connection, grant_ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """Tell whom grants were given to."""
    rows = await conn.fetch("SELECT grant_id, partner FROM passing_grant WHERE grant_id = ANY($1)", grant_ids)
    return {row["grant_id"]: row["partner"] for row in rows}


async def grants(conn: Connection, partner: str | None, limit: int, after: int) -> list[tuple[int, Grant]]:
    """List the grants of a partner, or all, ended ones too, in the order in which they were given, with their
    numbers."""
    rows = await conn.fetch(
        f"""SELECT {NAMES}, number FROM passing_grant WHERE ($1::text IS NULL OR partner = $1) AND number > $3
            ORDER BY number LIMIT $2""",
        partner,
        limit,
        after,
    )
    return [(row["number"], Grant(*tuple(row)[:-1])) for row in rows]
