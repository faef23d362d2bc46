"""Subjects whose tokens are taken no more, although their signatures are good and they haven't ended.

One service decides it. Every other keeps it in its own database as it hears of it: by `subscriptions`, or by `keep`
where events are kept as they are. Each api process reads that table every READ_SECONDS (`Revoked.watch`), and looks
each request's subject up in what it read: no request waits for a query.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg
import structlog

from chassis.batch.aggregates import Aggregate, Ref
from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Actor, Decision, Now
from chassis.database.db import AWAY, CONNECT_SECONDS, Connection, Pool, columns
from chassis.running.telemetry import Pulse
from chassis.stream.subscriptions import Subscription

log = structlog.get_logger()

READ_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Revocation:
    """That a subject's tokens are taken no more: why, since when and by whom; `lifted`: that they are taken again."""

    subject: str
    reason: str
    revoked_at: datetime
    actor: Actor
    lifted: bool = False


class RevocationStore(Aggregate[Revocation]):
    """All SQL of revocations. One that was lifted has no row."""

    def key(self, state: Revocation) -> str:
        return state.subject

    async def load(self, conn: Connection, keys: Sequence[str]) -> Mapping[str, Revocation]:
        rows = await conn.fetch("SELECT * FROM revocation WHERE subject = ANY($1) ORDER BY subject FOR UPDATE", keys)
        return {row["subject"]: revocation_of(row) for row in rows}

    async def save(self, conn: Connection, states: Sequence[Revocation]) -> None:
        lifted = [state.subject for state in states if state.lifted]
        if lifted:
            await conn.execute("DELETE FROM revocation WHERE subject = ANY($1)", lifted)
        kept = [(s.subject, s.reason, s.revoked_at, s.actor.role, s.actor.id) for s in states if not s.lifted]
        if kept:
            await conn.execute(
                """INSERT INTO revocation (subject, reason, revoked_at, actor_role, actor_id)
                   SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::text[])
                   ON CONFLICT (subject) DO UPDATE SET
                       reason = excluded.reason, revoked_at = excluded.revoked_at,
                       actor_role = excluded.actor_role, actor_id = excluded.actor_id""",
                *columns(kept, 5),
            )


def revocation_of(row: asyncpg.Record) -> Revocation:
    """Read a revocation from its row."""
    return Revocation(row["subject"], row["reason"], row["revoked_at"], Actor(row["actor_role"], row["actor_id"]))


@dataclass(frozen=True, slots=True)
class KeepRevocation:
    """Keep what was decided elsewhere."""

    revocation: Revocation

    def touches(self) -> tuple[Ref[Revocation]]:
        return (Ref(Revocation, self.revocation.subject),)


def keep_decided(known: Revocation | None, command: KeepRevocation, now: Now) -> Decision:
    """Keep what was decided elsewhere, whatever is known: a subject's events come in order."""
    return Accepted((command.revocation,))


DECIDERS: Deciders = {KeepRevocation: keep_decided}


def revoked(event: Any) -> Revocation:
    """Read from an event that a subject was revoked."""
    return Revocation(event.subject, event.reason, event.recorded_at, Actor(event.actor.role, event.actor.id))


def lifted(event: Any) -> Revocation:
    """Read from an event that a revocation was lifted."""
    return Revocation(event.subject, "", event.recorded_at, Actor(event.actor.role, event.actor.id), lifted=True)


def keep_revoked(event: Any) -> Sequence[KeepRevocation]:
    """Take a subject's tokens no more."""
    return (KeepRevocation(revoked(event)),)


def keep_lifted(event: Any) -> Sequence[KeepRevocation]:
    """Take a subject's tokens again."""
    return (KeepRevocation(lifted(event)),)


def subscriptions(revoked_event: Any, lifted_event: Any) -> tuple[Subscription, ...]:
    """Listen to the two events by which the deciding service tells of it."""
    return Subscription(revoked_event, keep_revoked), Subscription(lifted_event, keep_lifted)


def told_by(events: Iterable[Any], revoked_event: Any, lifted_event: Any) -> list[Revocation]:
    """Give what those of some events tell that are of the two by which the deciding service tells of it, for `keep`."""
    told: list[Revocation] = []
    for event in events:
        if isinstance(event, revoked_event):
            told.append(revoked(event))
        elif isinstance(event, lifted_event):
            told.append(lifted(event))
    return told


async def keep(conn: Connection, decided: Sequence[Revocation]) -> None:
    """Keep what was decided elsewhere, in its order, inside the caller's transaction."""
    if decided:
        await RevocationStore().save(conn, list({one.subject: one for one in decided}.values()))


class Revoked:
    """The subjects whose tokens a process takes no more, as it last read them."""

    def __init__(self) -> None:
        self._reasons: Mapping[str, str] = {}

    def why(self, subject: str) -> str | None:
        """Give the reason of a subject's revocation, None where there is none."""
        return self._reasons.get(subject)

    async def read(self, pool: Pool) -> None:
        """Read anew (raises what asyncpg raises)."""
        async with pool.acquire(timeout=CONNECT_SECONDS) as conn:
            rows = await conn.fetch("SELECT subject, reason FROM revocation")
        self._reasons = {row["subject"]: row["reason"] for row in rows}

    async def watch(self, pool: Pool, pulse: Pulse, stopping: asyncio.Event) -> None:
        """Read every READ_SECONDS until `stopping`; while PostgreSQL is away, what was read last holds."""
        while not stopping.is_set():
            try:
                await self.read(pool)
                pulse.beat()
            except (*AWAY, asyncpg.PostgresError) as error:
                pulse.fail(type(error).__name__)
                log.warning("revocations_unread", error=str(error), kind=type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), READ_SECONDS)
