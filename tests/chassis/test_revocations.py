"""What a service keeps of revocations that another decided, and what its api processes know of it."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from chassis.batch.clock import SystemClock
from chassis.batch.command_batch import CommandHandler
from chassis.batch.decisions import Accepted, Actor, Asked
from chassis.database.db import Pool
from chassis.http import revocations
from chassis.http.revocations import KeepRevocation, Revocation, RevocationStore, Revoked
from chassis.running.telemetry import Pulse
from tests.kit.waiting import until_async

AT = datetime(2010, 9, 1, 18, 2, tzinfo=UTC)


def event(subject: str, reason: str | None = None) -> Any:
    return SimpleNamespace(
        subject=subject, reason=reason, recorded_at=AT, actor=SimpleNamespace(role="manager", id="m-2")
    )


async def kept(pool: Pool) -> Mapping[str, str]:
    return {row["subject"]: row["reason"] for row in await pool.fetch("SELECT subject, reason FROM revocation")}


async def test_what_is_heard_in_one_batch_ends_as_its_last_says(pool: Pool) -> None:
    handler = CommandHandler({Revocation: RevocationStore()}, revocations.DECIDERS, SystemClock(), pool)

    async def hear(*heard: KeepRevocation) -> None:
        outcomes = await handler.run([Asked(command, Actor("system", "heard"), "why", "because") for command in heard])
        assert all(isinstance(outcome, Accepted) for outcome in outcomes)

    await hear(*revocations.keep_revoked(event("c-1", "stolen")), *revocations.keep_revoked(event("c-2", "left")))
    assert await kept(pool) == {"c-1": "stolen", "c-2": "left"}
    await hear(
        *revocations.keep_lifted(event("c-1")),
        *revocations.keep_revoked(event("c-1", "dismissed")),
        *revocations.keep_lifted(event("c-2")),
        *revocations.keep_lifted(event("c-3")),
    )
    assert await kept(pool) == {"c-1": "dismissed"}


async def test_who_keeps_events_as_they_are_keeps_the_same(pool: Pool) -> None:
    async with pool.acquire() as conn:
        await revocations.keep(conn, [revocations.revoked(event("c-1", "stolen"))])
        await revocations.keep(conn, [])
        await revocations.keep(
            conn,
            [
                revocations.revoked(event("c-2", "left")),
                revocations.lifted(event("c-2")),
                revocations.lifted(event("c-1")),
                revocations.revoked(event("c-1", "dismissed")),
            ],
        )
    assert await kept(pool) == {"c-1": "dismissed"}


async def test_a_process_knows_what_is_kept_and_goes_by_it_while_it_can_not_be_read(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revocations, "READ_SECONDS", 0.05)
    revoked, pulse, stopping = Revoked(), Pulse("revocations"), asyncio.Event()
    watching = asyncio.create_task(revoked.watch(pool, pulse, stopping))

    async def why() -> str | None:
        return revoked.why("c-1")

    await until_async(lambda: _value(pulse.trouble), "it was read", lambda trouble: trouble is None)
    assert await why() is None
    async with pool.acquire() as conn:
        await revocations.keep(conn, [revocations.revoked(event("c-1", "stolen"))])
    await until_async(why, "it is known", lambda known: known == "stolen")
    await pool.execute("ALTER TABLE revocation RENAME TO away")
    await until_async(lambda: _value(pulse.trouble), "it can't be read", lambda trouble: trouble is not None)
    assert await why() == "stolen"
    await pool.execute("DELETE FROM away")
    await pool.execute("ALTER TABLE away RENAME TO revocation")
    await until_async(why, "it is taken again", lambda known: known is None)
    stopping.set()
    await watching


async def _value(seen: Any) -> Any:
    return seen
