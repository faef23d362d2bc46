"""Woken after a commit: who committed tells the relay's process by NOTIFY, and its loops sleep until they hear of it.

A notification serves latency and is never relied on: it is sent after the commit, on a connection of its own (inside
the transaction it would take a lock that all of PostgreSQL shares), delays and fails nobody, and may be lost. The
loops look by themselves after a while in any case.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

from chassis.database.db import Connection

log = structlog.get_logger()

CHANNEL = "jobplus_committed"
GAP_SECONDS = 0.02
"""What commits so soon after a notification is told of together: at the peak, a batch commits every few ms."""
NOTIFY_SECONDS = 5.0
RETRY_SECONDS = 1.0
CLOSE_SECONDS = 1.0

Connect = Callable[[], Awaitable[Connection]]
Committed = Callable[[], None]
"""Called after the commit of a change that may have left events or due work; returns at once and never raises."""


def nobody() -> None:
    """Wake nobody: where no relay listens."""


class Notifier:
    """Notifies whoever listens on the channel; its connection is opened when first needed, and again once lost."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._conn: Connection | None = None
        self._wanted = False
        self._sending: asyncio.Task[None] | None = None

    def committed(self) -> None:
        """Have a notification sent, one for all that ask while another is on its way; see `Committed`."""
        self._wanted = True
        if self._sending is None or self._sending.done():
            self._sending = asyncio.create_task(self._send())

    async def close(self) -> None:
        """Let go what is to be sent, for CLOSE_SECONDS at most, and end the connection."""
        if self._sending is not None:
            await asyncio.wait({self._sending}, timeout=CLOSE_SECONDS)
            self._sending.cancel()
        conn, self._conn = self._conn, None
        if conn is not None:
            with suppress(Exception):
                await conn.close(timeout=CLOSE_SECONDS)

    async def _send(self) -> None:
        while self._wanted:
            self._wanted = False
            try:
                await self._notify()
            except Exception as error:
                log.warning("notification_failed", error=str(error), kind=type(error).__name__)
                self._wanted = True  # or what it was to tell is told by nobody, where nothing commits after it
                await asyncio.sleep(RETRY_SECONDS)
            else:
                await asyncio.sleep(GAP_SECONDS)

    async def _notify(self) -> None:
        if self._conn is None or self._conn.is_closed():
            self._conn = await self._connect()
        try:
            await self._conn.execute(f"NOTIFY {CHANNEL}", timeout=NOTIFY_SECONDS)
        except BaseException:
            self._conn.terminate()
            raise


class Alarm:
    """What a loop sleeps by between its rounds. Reset it before a round: what rings during the round isn't missed."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    def reset(self) -> None:
        self._rung.clear()

    async def wait(self, stopping: asyncio.Event, least: float, longest: float) -> None:
        """Sleep `least` seconds, then until it rings or `longest` are over; not at all once `stopping`."""
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), least)
        waiting = [asyncio.ensure_future(event.wait()) for event in (stopping, self._rung)]
        try:
            await asyncio.wait(waiting, timeout=max(0.0, longest - least), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waiting:
                one.cancel()
