"""Totals that move while the centre works: one query a second for all readers of a process together, while there are
any, and sent as they change (server-sent events).

A reader is let go after LONGEST_SECONDS, so that a browser comes back with its session; at once where their tokens are
taken no more, where they are too slow to take what is sent, and where the process ends.
"""

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import orjson
import structlog
from fastapi import Response
from starlette.types import Receive, Scope, Send

from chassis.batch.clock import Clock
from chassis.database.db import AWAY, Pool, ReadTooLong, Unavailable, reading
from chassis.http.revocations import Revoked
from chassis.words import LANGUAGES, Language
from services.reporting.figures import asked as figures
from services.reporting.figures.period import Period
from services.reporting.figures.published import published
from services.reporting.pages import names
from services.reporting.pages.words import amount_or_dash, moment
from services.reporting.readers import STAFF
from services.reporting.signin.readers import HEADERS, Refused
from services.reporting.staff.answers import Asked

ROLES = STAFF
"""By subtraction a total that moves tells of single persons."""
TOTALS = (
    "registered", "placed.total", "placements", "sessions.total", "referrals", "launches", "employers", "vacancies",
)  # fmt: skip
EVERY_SECONDS = 1.0
STILL_SECONDS = 15.0
"""After so long without a change something is sent all the same, so that nobody between ends the connection."""
SLOW_SECONDS = 10.0
LONGEST_SECONDS = 300.0
AGAIN_MS = 2_000

log = structlog.get_logger()


class _Reader:
    """One connection: whose it is, in which language, and since when it is busy with being sent something."""

    def __init__(self, subject: str, language: Language, task: "asyncio.Task[Any]") -> None:
        self.subject = subject
        self.language: Language = language
        self.task = task
        self.busy_since: float | None = None


class Live:
    """The readers of one process, and what they were told last."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._readers: set[_Reader] = set()
        self._told: Mapping[Language, bytes] = {}
        self._moved = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
        self.looks = 0
        """How often the database was asked."""

    @property
    def is_full(self) -> bool:
        """Whether no reader more is taken."""
        return len(self._readers) >= self.most

    async def serve(self, asked: Asked, receive: Receive, send: Send) -> None:
        """Send one reader what moves until they leave, or are let go."""
        task = asyncio.current_task()
        assert task is not None
        reader = _Reader(asked.reader.actor.id, asked.language, task)
        self._readers.add(reader)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look(asked.request.app.state))
        leaving = asyncio.create_task(_left(receive, getattr(asked.request.app.state, "stopping", None)))
        writing = asyncio.create_task(self._write(reader, send))
        reader.task = writing
        try:
            await asyncio.wait({leaving, writing}, timeout=LONGEST_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._readers.discard(reader)
            for one in (leaving, writing):
                one.cancel()
                with suppress(asyncio.CancelledError, OSError):
                    await one
        if reader.busy_since is None:  # otherwise it waits still, and nothing more is to be sent
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _write(self, reader: _Reader, send: Send) -> None:
        last = b""
        begun = f"retry: {AGAIN_MS}\n\n".encode()
        await send({"type": "http.response.body", "body": begun, "more_body": True})
        while True:
            moved, told = self._moved, self._told.get(reader.language, b"")
            if told != last:
                reader.busy_since = time.monotonic()
                await send({"type": "http.response.body", "body": told, "more_body": True})
                reader.busy_since, last = None, told
            await moved.wait()

    async def _look(self, state: Any) -> None:
        """Look every second while anybody reads, and let those go who are to."""
        before, said_at = {}, 0.0
        pool: Pool = state.pool
        while self._readers:
            begun = time.monotonic()
            self._let_go(state.revoked, begun)
            try:
                totals, at = await self.totals(pool, state.clock)
            except (Unavailable, ReadTooLong, *AWAY) as error:
                log.warning("live_unread", kind=type(error).__name__, error=str(error))
            else:
                if totals != before or begun - said_at >= STILL_SECONDS:
                    before, said_at = totals, begun
                    self._told = {one: _message(totals, at, one) for one in LANGUAGES}
                    moved, self._moved = self._moved, asyncio.Event()
                    moved.set()
            await asyncio.sleep(max(0.0, begun + EVERY_SECONDS - time.monotonic()))
        self._told = {}

    async def totals(self, pool: Pool, clock: Clock) -> tuple[dict[str, float | None], Any]:
        """Read the totals as they stand, and the moment."""
        self.looks += 1
        async with reading(pool) as conn:
            today = (await clock.now(conn)).day
            tree = await published(conn, figures.named(TOTALS), Period(today), today)
            at = await conn.fetchval("SELECT clock_timestamp()")
        return {address: value_at(tree, address) for address in TOTALS}, at

    def _let_go(self, revoked: Revoked, now: float) -> None:
        for reader in [*self._readers]:
            is_slow = reader.busy_since is not None and now - reader.busy_since > SLOW_SECONDS
            if is_slow or revoked.why(reader.subject):
                log.info("live_reader_let_go", why="slow" if is_slow else "revoked")
                reader.task.cancel()


async def _left(receive: Receive, stopping: asyncio.Event | None) -> None:
    """Wait until a reader leaves, or the process is to end."""
    if stopping is None:
        while (await receive())["type"] != "http.disconnect":
            pass
        return
    ending = asyncio.create_task(stopping.wait())
    try:
        while not stopping.is_set():
            heard = asyncio.ensure_future(receive())
            await asyncio.wait({ending, heard}, return_when=asyncio.FIRST_COMPLETED)
            if not heard.done():
                heard.cancel()
            elif heard.result()["type"] == "http.disconnect":
                return
    finally:
        ending.cancel()


def value_at(tree: Any, address: str) -> float | None:
    """Give the number at an address of published figures, None where there is none."""
    for step in address.split("."):
        tree = tree.get(step) if isinstance(tree, dict) else None
    return tree if isinstance(tree, (int, float)) else None


def shown_totals(totals: Mapping[str, float | None], language: Language) -> dict[str, str]:
    """Write totals as a page shows them."""
    return {address: amount_or_dash(value, names.unit_of(address), language) for address, value in totals.items()}


def _message(totals: Mapping[str, float | None], at: Any, language: Language) -> bytes:
    told = {"totals": shown_totals(totals, language), "at": moment(at, language)}
    return b"data: " + orjson.dumps(told) + b"\n\n"


class _Stream(Response):
    """An answer that goes on."""

    def __init__(self, asked: Asked, live: Live) -> None:
        super().__init__(None, 200, {**HEADERS, "X-Accel-Buffering": "no"}, "text/event-stream")
        self._asked = asked
        self._live = live

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if limit := scope.get("time"):
            limit.reschedule(None)  # it has begun in time, and is to go on
        headers = [one for one in self.raw_headers if one[0] != b"content-length"]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await self._live.serve(self._asked, receive, send)


async def stream(asked: Asked) -> Response:
    """Send the totals as they move."""
    live: Live = asked.request.app.state.live
    if live.is_full:
        raise Refused(503, "full", retry_after=30)
    return _Stream(asked, live)


async def page(asked: Asked) -> Response:
    """Show the totals as they stand, complete without a script."""
    state = asked.request.app.state
    live: Live = state.live
    totals, at = await live.totals(state.pool, state.clock)
    shown = [
        (address, names.figure_name(address, asked.language), written)
        for address, written in shown_totals(totals, asked.language).items()
    ]
    policy = HEADERS["Content-Security-Policy"] + "; script-src 'self'; connect-src 'self'"
    return asked.page("live", totals=shown, at=at, headers={"Content-Security-Policy": policy})
