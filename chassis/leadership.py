"""What must run once per database runs on one leader: the holder of an advisory lock on its own connection.

On the same connection the leader hears of commits (see wake): lost is either both or neither.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

import asyncpg
import structlog

from chassis.db import Connection
from chassis.telemetry import Pulse
from chassis.wake import CHANNEL, Connect

log = structlog.get_logger()

LOCK_KEY = 7_411_001

Work = Callable[[asyncio.Event], Awaitable[None]]
"""Runs until the event is set, and finishes what it has in hand."""


async def lead(
    connect: Connect,
    stopping: asyncio.Event,
    work: Work,
    wake: Callable[[], None],
    pulses: Sequence[Pulse],
    seconds: float,
) -> None:
    """Run `work` whenever this process holds the database's leadership, a lock on its own connection; call `wake` when
    somebody has committed meanwhile. Every so many seconds it is tried to lead, or looked whether it still does.

    While another process leads, all is well here: the loops' pulses beat.
    """

    def heard(*_: object) -> None:
        wake()

    while not stopping.is_set():
        try:
            conn = await connect()
        except Exception as error:
            log.warning("leadership_out_of_reach", error=str(error))
            for pulse in pulses:
                pulse.fail(f"PostgreSQL is away: {type(error).__name__}")
            await _pause(stopping, seconds)
            continue
        try:
            if await _leads(conn, stopping, pulses, seconds):
                await conn.add_listener(CHANNEL, heard)
                await _work_while_leading(conn, stopping, work, seconds)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            log.warning("leadership_lost", error=str(error))
            for pulse in pulses:
                pulse.fail(f"leadership lost: {type(error).__name__}")
        finally:
            with suppress(Exception):
                await conn.close(timeout=2)
        await _pause(stopping, seconds)


async def _leads(conn: Connection, stopping: asyncio.Event, pulses: Sequence[Pulse], seconds: float) -> bool:
    """Try until this process leads; False when it is stopping before."""
    while not stopping.is_set():
        if await conn.fetchval("SELECT pg_try_advisory_lock($1)", LOCK_KEY):
            return True
        for pulse in pulses:
            pulse.beat()
        await _pause(stopping, seconds)
    return False


async def _work_while_leading(conn: Connection, stopping: asyncio.Event, work: Work, seconds: float) -> None:
    ending = asyncio.Event()
    working = asyncio.ensure_future(work(ending))
    try:
        while not stopping.is_set() and not working.done():
            await _pause(stopping, seconds)
            await conn.fetchval("SELECT 1")
    finally:
        ending.set()
        await working


async def _pause(stopping: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)
