"""Reads of webhooks: how they are, and what was not taken."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import orjson

from chassis.database.db import Connection
from services.feed.webhooks.store import sendable

_VIEW = f"""SELECT w.partner, w.url, w.state, w.failure, w.failing_since, w.failures, w.next_at AS next_handshake_at,
                  w.delivered_at, w.registered_at, w.lost, w.position AS sent_through, p.number AS entered_through,
                  CASE WHEN w.former_until > now() THEN w.former_until END AS former_secret_until,
                  d.sent_again, d.waiting, d.dead_letters, r.subject IS NOT NULL AS revoked
           FROM webhook w JOIN partner p USING (partner) LEFT JOIN revocation r ON r.subject = w.partner,
                LATERAL (SELECT count(*) FILTER (WHERE dead_at IS NULL AND attempts > 0) AS sent_again,
                                count(*) FILTER (WHERE dead_at IS NULL AND attempts = 0) AS waiting,
                                count(*) FILTER (WHERE dead_at IS NOT NULL) AS dead_letters
                         FROM webhook_delivery d JOIN entry e USING (partner, number)
                         WHERE d.partner = w.partner AND {sendable("$1")}) AS d"""


async def webhook_of(conn: Connection, partner: str, day: date) -> Mapping[str, Any] | None:
    """Tell how a partner's webhook is."""
    row = await conn.fetchrow(f"{_VIEW} WHERE w.partner = $2", day, partner)
    return dict(row) if row else None


async def webhooks(conn: Connection, day: date, limit: int, after: str) -> Sequence[Mapping[str, Any]]:
    """Tell how all webhooks are, by the names of their partners."""
    rows = await conn.fetch(f"{_VIEW} WHERE w.partner > $2 ORDER BY w.partner LIMIT $3", day, after, limit)
    return [dict(row) for row in rows]


async def dead_letters(
    conn: Connection, partner: str, day: date, limit: int, after: int
) -> Sequence[Mapping[str, Any]]:
    """List a partner's dead letters that may still be sent, each with how many events wait behind it."""
    rows = await conn.fetch(
        f"""SELECT d.number, e.type, e.occurred_on, e.body, nullif(d.subject, '') AS client_number, d.attempts,
                   d.first_at, d.dead_at, d.failure,
                   (SELECT count(*) FROM webhook_delivery b
                    WHERE b.partner = d.partner AND b.subject = d.subject AND b.number > d.number) AS waiting
            FROM webhook_delivery d JOIN entry e USING (partner, number)
            WHERE d.partner = $2 AND d.dead_at IS NOT NULL AND d.number > $3 AND {sendable("$1")}
            ORDER BY d.number LIMIT $4""",
        day,
        partner,
        after,
        limit,
    )
    return [{"id": orjson.loads(row["body"])["id"], **dict(row)} for row in rows]


async def paused(conn: Connection) -> int:
    """Count the webhooks that were sent to and are not."""
    return await conn.fetchval("SELECT count(*) FROM webhook WHERE state = 'paused'") or 0


async def told(conn: Connection) -> Mapping[str, Any]:
    """Tell an operator how many webhooks there are by their state, whose are paused, and their dead letters."""
    rows = await conn.fetch("SELECT partner, state FROM webhook ORDER BY partner")
    states = [row["state"] for row in rows]
    return {
        **{state: states.count(state) for state in ("active", "unverified", "paused")},
        "paused_partners": [row["partner"] for row in rows if row["state"] == "paused"],
        "dead_letters": await conn.fetchval("SELECT count(*) FROM webhook_delivery WHERE dead_at IS NOT NULL") or 0,
    }
