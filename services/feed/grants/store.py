"""All SQL that keeps grants."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import asyncpg

from chassis.batch.aggregates import Aggregate, Look
from chassis.database.db import Connection
from chassis.database.rows import Rows
from services.feed.grants.model import Grant, GrantsOf

_GRANT = Rows[Grant](
    "passing_grant",
    "grant_id",
    {
        "grant_id": "uuid",
        "partner": "text",
        "ground": "text",
        "law": "text",
        "types": "jsonb",
        "until": "date",
        "granted_at": "timestamptz",
        "granted_by": "text",
        "ended_on": "date",
    },
)
_KEEP = _GRANT.keep(["ended_on"])


NAMES = _GRANT.names


def grant_of(row: asyncpg.Record) -> Grant:
    """Read a grant from its row."""
    return Grant(*row)


class GrantStore(Aggregate[Grant]):
    """Keeps grants."""

    def key(self, state: Grant) -> UUID:
        return state.grant_id

    async def load(self, conn: Connection, keys: Sequence[UUID]) -> Mapping[UUID, Grant]:
        rows = await conn.fetch(
            f"SELECT {_GRANT.names} FROM passing_grant WHERE grant_id = ANY($1) ORDER BY grant_id FOR UPDATE", keys
        )
        return {row["grant_id"]: grant_of(row) for row in rows}

    async def save(self, conn: Connection, states: Sequence[Grant]) -> None:
        await conn.execute(_KEEP, *_GRANT.arguments(states))


class GrantsOfStore(Look[GrantsOf]):
    """Reads the grants of partners, under their locks."""

    def key(self, state: GrantsOf) -> str:
        return state.partner

    async def load(self, conn: Connection, keys: Sequence[str]) -> Mapping[str, GrantsOf]:
        rows = await conn.fetch(
            f"""SELECT {_GRANT.names} FROM passing_grant
                WHERE partner = ANY($1) AND ended_on IS NULL ORDER BY partner, granted_at, grant_id""",
            keys,
        )
        found: dict[str, GrantsOf] = {}
        for grant in map(grant_of, rows):
            before = found.get(grant.partner, GrantsOf(grant.partner, ()))
            found[grant.partner] = GrantsOf(grant.partner, (*before.grants, grant))
        return found
