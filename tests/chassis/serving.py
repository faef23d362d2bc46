"""The counting service in this process, on a test's own database: its parts as any service has them, with a sink for
what its relay sends."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import orjson
import pytest

from chassis.batch.due import FindDue, Gathered
from chassis.database.db import Pool
from chassis.running.service import Blueprint, Service
from chassis.running.settings import ServiceSettings
from chassis.running.telemetry import Pulse
from chassis.stream import kafka
from jobplus.stack.local import Stack
from jobplus.stack.postgres import SUPERUSER
from tests.chassis import counting
from tests.kit.waiting import until_async

SECONDS = 20.0
"""What is waited for; loops that are to be woken would look by themselves later than that."""


class Sink:
    """Takes what a relay sends: the keys, in order."""

    def __init__(self) -> None:
        self.keys: list[str] = []

    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    async def send(self, topic: str, value: bytes, *, key: bytes, headers: object) -> "asyncio.Future[None]":
        self.keys.append(key.decode())
        sent: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        sent.set_result(None)
        return sent


async def counting_service(
    stack: Stack, pool: Pool, due: Mapping[str, FindDue | Gathered] | None = None, **settings: Any
) -> Service:
    """The service, with a simulated clock; its loops look by themselves after half a minute unless told otherwise."""
    environment = stack.environment("intake")
    given = {name.removeprefix("JOBPLUS_").lower(): environment[name] for name in environment if "JOBPLUS_" in name}
    own = {
        "clock": "simulated",
        "database_name": await pool.fetchval("SELECT current_database()"),
        "database_user": SUPERUSER,
        "database_password_file": stack.home.password_file(SUPERUSER),
        "relay_poll_seconds": 30,
        "due_poll_seconds": 30,
        "leadership_seconds": 0.1,
    }
    blueprint = Blueprint(
        name="counting",
        purpose="",
        migrations=Path(),
        decode=lambda *_: None,
        routers=(),
        stores={counting.Counter: counting.CounterStore()},
        deciders=(counting.DECIDERS,),
        due=due or {},
    )
    return Service(blueprint, ServiceSettings(**{**given, **own, **settings}), pool)


@asynccontextmanager
async def leading(service: Service, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Sink]:
    """Have the service's relay and due work run, once each has looked for the first time."""
    sink, stopping, pulses = Sink(), asyncio.Event(), dict[str, Pulse]()
    monkeypatch.setattr(kafka, "producer", lambda _: sink)
    running = asyncio.create_task(service.lead(lambda name: pulses.setdefault(name, Pulse(name)), stopping))
    try:
        await until(lambda: bool(pulses) and not any(pulse.trouble for pulse in pulses.values()))
        yield sink
    finally:
        stopping.set()
        await running
        await service.notifier.close()


async def until(holds: Callable[[], bool | Awaitable[bool]], seconds: float = SECONDS) -> None:
    """Wait until something holds, for less time than the loops here would sleep that nobody wakes."""

    async def look() -> bool:
        found = holds()
        return found if isinstance(found, bool) else await found

    await until_async(look, "what the test waits for", seconds=seconds)


async def post(service: Service, path: str, body: Mapping[str, Any], token: str) -> int:
    """Send a request to the service's interface, without a server; gives the status."""
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": orjson.dumps(body), "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    headers = {"authorization": f"Bearer {token}", "content-type": "application/json", "idempotency-key": path}
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    await service.app()(scope, receive, send)
    return statuses[0]


async def connections(pool: Pool, application: str) -> list[int]:
    """The PostgreSQL processes that serve an application in the test's database."""
    rows: list[asyncpg.Record] = await pool.fetch(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1", application
    )
    return [row["pid"] for row in rows]
