"""What must run once per database runs on one leader: the holder of an advisory lock on its own connection.

The lock is a lease: PostgreSQL ends the session of a leader that gives no sign of life for LEASE_SECONDS, frozen or
gone. Each leader has a term, the number of times that somebody came to lead; what it does in the database is done only
in the current term, so that who was frozen and comes back changes nothing.

On the same connection the leader hears of commits (see wake): lost is either both or neither.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

import structlog

from chassis.batch.unknown_ids import age
from chassis.database.db import Connection
from chassis.database.wake import CHANNEL, Connect
from chassis.running import telemetry
from chassis.running.telemetry import Pulse

log = structlog.get_logger()

LOCK_KEY = 7_411_001
LEASE_SECONDS = 10.0
ANSWER_SECONDS = LEASE_SECONDS / 2
"""PostgreSQL must answer a sign of life within it: who hears nothing leads no more."""
STANDS_SECONDS = 15.0
"""An event that waits in the outbox for longer isn't being sent, whoever leads."""

Work = Callable[[asyncio.Event, int], Awaitable[None]]
"""Does what the leader of a term does until the event is set, and finishes what it has in hand."""


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

    While another process leads, all is well here, and the loops' pulses beat, unless the outbox stands: the one that
    is stuck can't tell.
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
            await conn.execute(f"SET idle_session_timeout = '{LEASE_SECONDS:.0f}s'")
            term = await _leads(conn, stopping, pulses, seconds)
            if term is not None:
                log.info("leading", term=term)
                await conn.add_listener(CHANNEL, heard)
                await _work_while_leading(conn, stopping, work, term, seconds)
        except Exception as error:  # asyncpg says many things of a session that is cut off
            log.warning("leadership_lost", error=str(error), kind=type(error).__name__, exc_info=True)
            for pulse in pulses:
                pulse.fail(f"leadership lost: {type(error).__name__}")
        finally:
            with suppress(Exception):
                await conn.close(timeout=2)
        await _pause(stopping, seconds)


async def in_term(conn: Connection, term: int) -> bool:
    """Tell whether the leadership of a term still stands."""
    return await conn.fetchval("SELECT term FROM leadership") == term


async def _leads(conn: Connection, stopping: asyncio.Event, pulses: Sequence[Pulse], seconds: float) -> int | None:
    """Try until this process leads; gives its term, None when it is stopping before."""
    while not stopping.is_set():
        if await conn.fetchval("SELECT pg_try_advisory_lock($1)", LOCK_KEY, timeout=ANSWER_SECONDS):
            return await conn.fetchval("UPDATE leadership SET term = term + 1, since = now() RETURNING term")
        stands = await _look(conn)
        for pulse in pulses:
            if stands > STANDS_SECONDS:
                pulse.fail("another leads, and the outbox stands")
            else:
                pulse.beat()
        await _pause(stopping, seconds)
    return None


async def _work_while_leading(conn: Connection, stopping: asyncio.Event, work: Work, term: int, seconds: float) -> None:
    ending = asyncio.Event()
    working = asyncio.ensure_future(work(ending, term))
    try:
        while not stopping.is_set() and not working.done():
            await _pause(stopping, seconds)
            await _look(conn)
    finally:
        ending.set()
        await working


async def _look(conn: Connection) -> float:
    """Tell, as who sees it, for how long the oldest event has waited in the outbox, and for how long a worker hasn't
    looked at its partitions, in seconds; gives the first."""
    seen = await conn.fetchrow(
        """SELECT (SELECT event_id FROM outbox ORDER BY id LIMIT 1) AS oldest,
                  (SELECT extract(epoch FROM clock_timestamp() - min(checked_at)) FROM consumer_offset) AS unseen""",
        timeout=ANSWER_SECONDS,
    )
    stands = age(seen["oldest"]) if seen and seen["oldest"] else 0.0
    telemetry.OUTBOX_AGE.set(stands)
    telemetry.NOT_LOOKED.set((seen and seen["unseen"]) or 0)
    return stands


async def _pause(stopping: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)
