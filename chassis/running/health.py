"""Health and metrics: what operators look at, on a port of its own that is never published."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

import structlog
from fastapi import FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from chassis.database.db import Connection
from chassis.database.wake import Connect
from chassis.http.answers import json_answer
from chassis.running import telemetry
from chassis.running.telemetry import Pulse

log = structlog.get_logger()

LOOKS = ["GET", "HEAD"]
ANSWER_SECONDS = 2.0
CLOSE_SECONDS = 1.0


def health_app(pulses: Mapping[str, Pulse], ready: Callable[[], Awaitable[dict[str, str]]]) -> FastAPI:
    """Serve /health/live, /health/ready and /metrics; `ready` tells the troubles that no pulse has."""
    app = FastAPI(openapi_url=None)

    @app.api_route("/health/live", methods=LOOKS)
    async def live() -> Response:
        dead = {name: pulse.trouble for name, pulse in pulses.items() if not pulse.alive}
        return json_answer({"status": "stuck" if dead else "alive", "troubles": dead}, 503 if dead else 200)

    @app.api_route("/health/ready", methods=LOOKS)
    async def is_ready() -> Response:
        troubles = {**telemetry.health(pulses), **await ready()}
        return json_answer(
            {"status": "not ready" if troubles else "ready", "troubles": troubles}, 503 if troubles else 200
        )

    @app.api_route("/metrics", methods=LOOKS)
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return app


class DatabaseLook:
    """Looks whether PostgreSQL answers, on a connection of its own: a pool that is busy is no trouble of PostgreSQL's.

    The connection is made when first needed, and again once it was lost.
    """

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._conn: Connection | None = None
        self._one_at_a_time = asyncio.Lock()

    async def trouble(self) -> str | None:
        """Name the kind of what is wrong with PostgreSQL, None when it answers."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS), self._one_at_a_time:
                await self._look()
        except Exception as error:
            log.warning("not_ready", error=str(error), kind=type(error).__name__)
            return type(error).__name__
        return None

    async def close(self) -> None:
        """End the connection."""
        conn, self._conn = self._conn, None
        if conn is not None:
            with suppress(Exception):
                await conn.close(timeout=CLOSE_SECONDS)

    async def _look(self) -> None:
        if self._conn is None or self._conn.is_closed():
            self._conn = await self._connect()
        try:
            await self._conn.execute("SELECT 1")
        except BaseException:
            self._conn.terminate()
            raise
