"""`webhooks`: how long after its commit in intake an event of a partner's client is with the partner's receiver, and
how many a second a receiver takes that answers in 20 ms, of a log that waits for it.

Sessions are counselled at a constant rate; each event tells when it was recorded, which the moment of its arrival is
compared with: relay, Kafka, the feed's worker and the webhook are all in it.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Literal

import orjson
import uvloop
from aiohttp import web

from jobplus.bench.latency import Waits
from jobplus.bench.partner import linked_sessions
from jobplus.bench.result import Result
from jobplus.client import Client
from jobplus.settling import settled
from jobplus.stack.local import Stack

CLIENTS = 200
A_SECOND, SECONDS = 20, 30
WAITING = 4_000
CHUNK = 1_000
ANSWER_SECONDS = 0.02
LOOK = 0.05
PATIENCE = 300.0
MOST_DELAY, LEAST_RATE = 1.0, 100
PARTNER = "welfare"
SERVICES = ("intake", "feed")
GOAL = f"within 1 s of its commit (p50); at least {LEAST_RATE}/s to a receiver that answers in 20 ms"

CLOCK: Literal["system", "simulated"] = "system"
FEED = True
SETTINGS = {"WEBHOOK_HTTP": "true", "WEBHOOK_NETWORKS": "127.0.0.1/32"}

Say = Callable[[str], None]


def run(stack: Stack, say: Say) -> Result:
    """Measure on a stack of its own, with intake and the feed alone."""
    stack.up(only=SERVICES)
    waits, rate = uvloop.run(_measured(stack, say))
    detail = {
        "delay_ms": [round(1000 * one) for one in waits],
        "events_a_second": A_SECOND,
        "waiting": WAITING,
        "clients": CLIENTS,
        "deliveries_a_second": round(rate),
    }
    met = waits.p50 <= MOST_DELAY and rate >= LEAST_RATE
    return Result("webhooks", 1000 * waits.p50, "ms from commit to receiver, median", GOAL, met, [], detail=detail)


class _Receiver:
    """Takes every event, `ANSWER_SECONDS` after it came; `arrived` has when each came first, by its id."""

    def __init__(self) -> None:
        self.arrived: dict[str, float] = {}
        self.delays: list[float] = []
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        at, event = time.time(), orjson.loads(await request.read())
        if event["type"] == "jobplus.WebhookHandshake":
            return web.json_response({"challenge": event["data"]["challenge"]})
        if event["id"] not in self.arrived:
            self.arrived[event["id"]] = at
            self.delays.append(at - datetime.fromisoformat(event["time"]).timestamp())
        await asyncio.sleep(ANSWER_SECONDS)
        return web.Response()


@asynccontextmanager
async def _receiving() -> AsyncGenerator[_Receiver]:
    receiver, app = _Receiver(), web.Application()
    app.router.add_post("/", receiver.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        yield receiver
    finally:
        await runner.cleanup()


async def _measured(stack: Stack, say: Say) -> tuple[Waits, float]:
    intake, feed = (Client(stack.url(name), stack.token("manager")) for name in SERVICES)
    partner = Client(stack.url("feed"), stack.token("partner", subject=PARTNER), 1)
    sessions = await linked_sessions(intake, feed, PARTNER, CLIENTS)
    await settled(stack, SERVICES)
    async with _receiving() as receiver:
        await _register(partner, receiver.url)
        await _until(lambda: _is_active(partner))
        began = time.monotonic()
        for number in range(A_SECOND * SECONDS):
            await asyncio.sleep(max(0.0, began + number / A_SECOND - time.monotonic()))
            await intake.post("/sessions", sessions[number % CLIENTS], f"session-{number}")
        await _until(lambda: _has(receiver, A_SECOND * SECONDS))
        waits = Waits.of(receiver.delays)
        say(f"{waits} from commit to receiver")

        last = list(receiver.arrived)[-1]
        await partner.post("/webhook/end", b"", "end")
        for start in range(0, WAITING, CHUNK):
            rows = b"\n".join(sessions[row % CLIENTS] for row in range(start, start + CHUNK))
            await intake.post("/sessions/bulk", rows, f"bulk-{start}", content_type="application/x-ndjson")
        await settled(stack, SERVICES)
        receiver.arrived.clear()
        await _register(partner, receiver.url, after=last)
        await _until(lambda: _has(receiver, WAITING))
        came = receiver.arrived.values()
        rate = (WAITING - 1) / (max(came) - min(came))
        say(f"{rate:.0f} taken a second")
    for client in (intake, feed, partner):
        await client.close()
    return waits, rate


async def _register(partner: Client, url: str, **given: Any) -> None:
    headers = {"Content-Type": "application/json", "Idempotency-Key": f"webhook-{time.time()}"}
    answer = await partner.once("PUT", "/webhook", orjson.dumps({"url": url, **given}), headers)
    if answer.status != 200:
        raise RuntimeError(f"the webhook isn't taken: {answer.body.decode()}")


async def _is_active(partner: Client) -> bool:
    return (await partner.get("/webhook"))["state"] == "active"


async def _has(receiver: _Receiver, events: int) -> bool:
    return len(receiver.arrived) >= events


async def _until(look: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something is so."""
    for _ in range(int(PATIENCE / LOOK)):
        if await look():
            return
        await asyncio.sleep(LOOK)
    raise TimeoutError(f"the receiver hasn't got all after {PATIENCE:.0f} s")
