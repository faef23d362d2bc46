"""All SQL by which a sender reads what to send next, and keeps what became of it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from chassis.database.db import Connection, columns
from services.feed.webhooks.model import Webhook
from services.feed.webhooks.store import WEBHOOK, sendable


class Item(NamedTuple):
    """An entry to be sent: its number, its client, and how often it was sent before, first when; `kept` where it has a
    row in webhook_delivery."""

    number: int
    subject: str
    attempts: int = 0
    first_at: datetime | None = None
    kept: bool = False


class Failed(NamedTuple):
    """What becomes of an entry that wasn't taken: sent again at a moment, or dead since one."""

    item: Item
    first_at: datetime
    next_at: datetime | None
    failure: str
    dead_at: datetime | None


class ReadOn(NamedTuple):
    """An entry that was read: `subject` is None where it may not be passed on. `kept`: it has a row in
    webhook_delivery; `first_kept` is the lowest number of its client that has one."""

    number: int
    subject: str | None
    kept: bool
    first_kept: int | None


async def with_work(conn: Connection) -> Sequence[str]:
    """Name the partners to whom something is to be sent by now, or a handshake."""
    rows = await conn.fetch(
        """SELECT w.partner FROM webhook w JOIN partner p USING (partner)
           WHERE NOT EXISTS (SELECT FROM revocation r WHERE r.subject = w.partner)
             AND CASE WHEN w.state <> 'active' THEN w.next_at <= now()
                 ELSE p.number > w.position OR EXISTS (
                     SELECT FROM webhook_delivery d WHERE d.partner = w.partner AND d.next_at <= now()) END"""
    )
    return [row["partner"] for row in rows]


class Found(NamedTuple):
    """A webhook as a round finds it; `revoked`: its partner's tokens are taken no more; `entered`: the number of the
    last entry of its log."""

    webhook: Webhook
    revoked: bool
    entered: int


async def locked(conn: Connection, partner: str) -> Found | None:
    """Read a webhook under its lock; None where there is none."""
    row = await conn.fetchrow(
        f"""SELECT {WEBHOOK.names}, EXISTS (SELECT FROM revocation WHERE subject = $1),
                  (SELECT number FROM partner WHERE partner = $1) FROM webhook WHERE partner = $1 FOR UPDATE""",
        partner,
    )
    return Found(Webhook(*tuple(row)[:-2]), row[-2], row[-1]) if row else None


async def read_on(conn: Connection, partner: str, after: int, day: date, limit: int) -> Sequence[ReadOn]:
    """Read the entries after a number, those too that may not be passed on."""
    rows = await conn.fetch(
        f"""SELECT read.number, read.subject, d.number IS NOT NULL,
                  (SELECT min(number) FROM webhook_delivery o WHERE o.partner = $1 AND o.subject = read.subject)
           FROM (SELECT e.number,
                        CASE WHEN {sendable("$4")}
                             THEN coalesce(convert_from(e.body, 'UTF8')::json ->> 'subject', '') END AS subject
                 FROM entry e WHERE e.partner = $1 AND e.number > $2 ORDER BY e.number LIMIT $3) AS read
           LEFT JOIN webhook_delivery d ON d.partner = $1 AND d.number = read.number ORDER BY read.number""",
        partner,
        after,
        limit,
        day,
    )
    return [ReadOn(*row) for row in rows]


async def due(conn: Connection, partner: str, sending: Sequence[int], limit: int) -> Sequence[Item]:
    """Read what is to be sent again by now, and isn't under way."""
    rows = await conn.fetch(
        """SELECT number, subject, attempts, first_at, true FROM webhook_delivery
           WHERE partner = $1 AND next_at <= now() AND number <> ALL($2) ORDER BY next_at, number LIMIT $3""",
        partner,
        sending,
        limit,
    )
    return [Item(*row) for row in rows]


async def bodies(conn: Connection, partner: str, numbers: Sequence[int], day: date) -> Mapping[int, bytes]:
    """Read what is to be sent, of those that may still be passed on."""
    rows = await conn.fetch(
        f"SELECT e.number, e.body FROM entry e WHERE e.partner = $1 AND e.number = ANY($2) AND {sendable('$3')}",
        partner,
        numbers,
        day,
    )
    return {row["number"]: row["body"] for row in rows}


async def note(conn: Connection, partner: str, numbers: Sequence[int]) -> None:
    """Note that entries were passed on, of those whose person wasn't erased meanwhile."""
    if not numbers:
        return
    await conn.execute(
        """INSERT INTO passed_on (partner, number, link_id, grant_id, type, occurred_on)
           SELECT partner, number, link_id, grant_id, type, occurred_on FROM entry
           WHERE partner = $1 AND number = ANY($2) AND link_id IS NOT NULL ORDER BY number FOR SHARE
           ON CONFLICT DO NOTHING""",
        partner,
        numbers,
    )


async def drop(conn: Connection, partner: str, numbers: Sequence[int]) -> None:
    """Forget what was taken, or may be passed on no more."""
    await conn.execute("DELETE FROM webhook_delivery WHERE partner = $1 AND number = ANY($2)", partner, numbers)


async def keep_failed(conn: Connection, partner: str, failed: Sequence[Failed]) -> None:
    """Keep what wasn't taken, unless it was taken out of the log meanwhile."""
    rows = [
        (one.item.number, one.item.subject, one.item.attempts + 1, one.first_at, one.next_at, one.failure, one.dead_at)
        for one in failed
    ]
    await conn.execute(
        """INSERT INTO webhook_delivery AS d
               (partner, number, subject, attempts, first_at, next_at, failure, dead_at)
           SELECT $1, given.* FROM unnest($2::bigint[], $3::text[], $4::int[], $5::timestamptz[], $6::timestamptz[],
                                          $7::text[], $8::timestamptz[]) AS given (number)
           WHERE EXISTS (SELECT FROM entry e WHERE e.partner = $1 AND e.number = given.number)
           ON CONFLICT (partner, number) DO UPDATE SET
               attempts = excluded.attempts, first_at = excluded.first_at, next_at = excluded.next_at,
               failure = excluded.failure, dead_at = excluded.dead_at""",
        partner,
        *columns(rows, 7),
    )


async def keep_waiting(conn: Connection, partner: str, waiting: Sequence[tuple[int, str]]) -> None:
    """Keep what waits behind another entry of the same client, by number and client."""
    await conn.execute(
        """INSERT INTO webhook_delivery (partner, number, subject, attempts)
           SELECT $1, given.*, 0 FROM unnest($2::bigint[], $3::text[]) AS given (number, subject)
           WHERE EXISTS (SELECT FROM entry e WHERE e.partner = $1 AND e.number = given.number)
           ON CONFLICT DO NOTHING""",
        partner,
        *columns(waiting, 2),
    )
