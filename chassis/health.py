"""Health and metrics: what operators look at, on a port of its own that is never published."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson
from fastapi import FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from chassis import telemetry
from chassis.telemetry import Pulse


def health_app(pulses: Mapping[str, Pulse], ready: Callable[[], Awaitable[dict[str, str]]]) -> FastAPI:
    """Serve /health/live, /health/ready and /metrics; `ready` tells the troubles that no pulse has."""
    app = FastAPI(openapi_url=None)

    @app.get("/health/live")
    async def live() -> Response:
        dead = {name: pulse.trouble for name, pulse in pulses.items() if not pulse.alive}
        return _json({"status": "stuck" if dead else "alive", "troubles": dead}, 503 if dead else 200)

    @app.get("/health/ready")
    async def is_ready() -> Response:
        troubles = {**telemetry.health(pulses), **await ready()}
        return _json({"status": "not ready" if troubles else "ready", "troubles": troubles}, 503 if troubles else 200)

    @app.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return app


def _json(content: Any, status: int) -> Response:
    return Response(orjson.dumps(content, default=str), status, media_type="application/json")
