"""Has every webhook sent to that there is something for, in the one process that leads."""

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import structlog
from prometheus_client import Gauge

from chassis.batch.clock import Clock
from chassis.database.db import CONNECT_SECONDS, Pool
from chassis.database.leadership import in_term
from chassis.http.addresses import networks_of
from chassis.running.service import Leading
from chassis.running.telemetry import Pulse
from services.feed.settings import FeedSettings
from services.feed.webhooks.deliveries import with_work
from services.feed.webhooks.queries import paused
from services.feed.webhooks.store import tidy

if TYPE_CHECKING:
    from services.feed.webhooks.posting import Poster

log = structlog.get_logger()

TIDY_SECONDS = 1.0
REST_SECONDS = 5.0
"""For a webhook whose sender broke."""
FINISH_SECONDS = 12.0
"""For what is under way as the process ends: longer than a receiver may take."""

PAUSED = Gauge("jobplus_webhooks_paused", "Webhooks that are sent nothing until a handshake succeeds")


def leading(settings: FeedSettings) -> Leading:
    """Give what makes the sending of webhooks."""
    return lambda pool, clock, pulse: Webhooks(settings, pool, clock, pulse).run


class Webhooks:
    """Looks for what is to be sent, and has a sender for each webhook while there is something for it."""

    def __init__(self, settings: FeedSettings, pool: Pool, clock: Clock, pulse: Pulse) -> None:
        self._settings = settings
        self._pool = pool
        self._clock = clock
        self._pulse = pulse
        self._key = settings.webhook_key()
        self._senders: dict[str, asyncio.Task[None]] = {}
        self._resting: dict[str, float] = {}
        self._tidied = 0.0

    async def run(self, stopping: asyncio.Event, term: int) -> None:
        """Send in a term of leadership, until `stopping`; then what is under way is waited for."""
        from services.feed.webhooks.posting import Poster  # the client of HTTP, which no other process needs

        settings = self._settings
        async with Poster(networks_of(settings.webhook_networks), settings.webhook_ca_file) as poster:
            while not stopping.is_set():
                try:
                    await self._look(poster, stopping, term)
                    self._pulse.beat()
                except Exception as error:
                    self._pulse.fail(type(error).__name__)
                    log.warning("webhooks_unseen", error=str(error), kind=type(error).__name__)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stopping.wait(), settings.feed_look_seconds)
            if self._senders:
                await asyncio.wait(self._senders.values(), timeout=FINISH_SECONDS)
            for task in self._senders.values():
                task.cancel()
            self._senders.clear()

    async def _look(self, poster: "Poster", stopping: asyncio.Event, term: int) -> None:
        from services.feed.webhooks.sender import Sender

        async with self._pool.acquire(timeout=CONNECT_SECONDS) as conn:
            if not await in_term(conn, term):
                return
            if time.monotonic() - self._tidied > TIDY_SECONDS:
                async with conn.transaction():
                    await tidy(conn, (await self._clock.now(conn)).day)
                PAUSED.set(await paused(conn))
                self._tidied = time.monotonic()
            partners = await with_work(conn)
        for partner in partners:
            if partner not in self._senders and time.monotonic() > self._resting.get(partner, 0.0):
                settings = self._settings
                sender = Sender(
                    partner,
                    self._pool,
                    self._clock,
                    poster,
                    self._key,
                    term,
                    settings.webhook_failures,
                    settings.feed_look_seconds,
                )
                task = self._senders[partner] = asyncio.create_task(sender.run(stopping))
                task.add_done_callback(lambda done, partner=partner: self._ended(partner, done))

    def _ended(self, partner: str, task: asyncio.Task[None]) -> None:
        if self._senders.get(partner) is task:
            del self._senders[partner]
        if not task.cancelled() and (error := task.exception()) is not None:
            self._resting[partner] = time.monotonic() + REST_SECONDS
            log.error("webhook_broke", partner=partner, error=str(error), kind=type(error).__name__, exc_info=error)
