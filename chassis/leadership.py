"""What must run once per database runs on one leader: the holder of an advisory lock on its own connection."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

import asyncpg
import structlog

from chassis.db import Connection
from chassis.telemetry import Pulse

log = structlog.get_logger()

LOCK_KEY = 7_411_001
TRY_SECONDS = 1.0

Work = Callable[[asyncio.Event], Awaitable[None]]
"""Runs until the event is set, and finishes what it has in hand."""


async def lead(
    connect: Callable[[], Awaitable[Connection]],
    stopping: asyncio.Event,
    work: Work,
    pulses: Sequence[Pulse],
) -> None:
    """Run `work` whenever this process holds the database's leadership, a lock on its own connection.

    While another process leads, all is well here: the loops' pulses beat.
    """
    while not stopping.is_set():
        try:
            conn = await connect()
        except Exception as error:
            log.warning("leadership_out_of_reach", error=str(error))
            for pulse in pulses:
                pulse.fail(f"PostgreSQL is away: {type(error).__name__}")
            await _pause(stopping, TRY_SECONDS)
            continue
        try:
            if await conn.fetchval("SELECT pg_try_advisory_lock($1)", LOCK_KEY):
                await _work_while_leading(conn, stopping, work)
            else:
                for pulse in pulses:
                    pulse.beat()
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            log.warning("leadership_lost", error=str(error))
            for pulse in pulses:
                pulse.fail(f"leadership lost: {type(error).__name__}")
        finally:
            with suppress(Exception):
                await conn.close(timeout=2)
        await _pause(stopping, TRY_SECONDS)


async def _work_while_leading(conn: Connection, stopping: asyncio.Event, work: Work) -> None:
    ending = asyncio.Event()
    working = asyncio.ensure_future(work(ending))
    try:
        while not stopping.is_set() and not working.done():
            await _pause(stopping, TRY_SECONDS)
            await conn.fetchval("SELECT 1")
    finally:
        ending.set()
        await working


async def _pause(stopping: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)
