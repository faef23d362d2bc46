"""`pages`: the pages of releases, of two years, asked for 50 times a second however long answers take (what waits for a
late one counts as late, too), beside GET /health/live at the same rate; and how large a first view is, and how soon it
is seen in Chromium with nothing else running."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from statistics import median
from typing import Any, Literal

import uvloop

from jobplus.bench import two_years
from jobplus.bench.latency import Waits
from jobplus.bench.painted import LOADS, painted
from jobplus.bench.result import Result
from jobplus.client import Client
from jobplus.releasing import release
from jobplus.stack.local import Stack
from jobplus.stack.ports import health_port

CLOCK: Literal["system", "simulated"] = "simulated"
PART = Fraction(1, 20)
RELEASED = (date(2009, 12, 31), date(2010, 12, 31))
READERS = 50
"""A second."""
ROUNDS = {False: 3, True: 2}
SECONDS = {False: 15.0, True: 5.0}
PEER = "GET /health/live"
TIMES_P50, TIMES_P99 = 10.0, 30.0
MOST_BYTES = 100_000
MOST_PAINT_MS = 1000
GOAL = (
    f"{TIMES_P50:g} x {PEER} at the median, {TIMES_P99:g} x at p99, {MOST_BYTES // 1000} kB at most; "
    f"seen within {MOST_PAINT_MS / 1000:g} s on a processor slowed 4 times"
)
PAGES = {
    "front": "/ko/",
    "release": f"/ko/releases/{RELEASED[-1]}",
    "table": f"/ko/releases/{RELEASED[-1]}/tables/placed-by-occupation",
}

Say = Callable[[str], None]


def run(stack: Stack, say: Say, *, short: bool = False) -> Result:
    """Measure on a stack of its own."""
    stack.up()
    two_years.drive(stack, PART, say)
    for day in RELEASED:
        release(stack, day)
    rounds, sizes = uvloop.run(_measured(stack, short, say))
    found = {name: _beside(name, rounds) for name in PAGES}
    met = all(one["p50 times"] <= TIMES_P50 and one["p99 times"] <= TIMES_P99 for one in found.values())
    met = met and max(sizes.values()) <= MOST_BYTES
    say("how soon they are seen in Chromium")
    paints = painted(stack.url("reporting").rstrip("/"), PAGES, 2 if short else LOADS)
    met = met and paints is not None and max(one["p50"] for one in paints.values()) < MOST_PAINT_MS
    slowest = max(one["p99"] for one in found.values())
    return Result(
        "pages",
        slowest,
        "ms, p99 of the slowest",
        GOAL,
        met,
        [],
        detail={**found, "bytes": sizes, "largest paint ms": paints or "no chromium"},
    )


async def _measured(stack: Stack, short: bool, say: Say) -> tuple[list[Mapping[str, Waits]], dict[str, int]]:
    live = Client(f"http://127.0.0.1:{health_port(stack.base_port, 'reporting', 'api')}", lambda: "")
    reporting = Client(stack.url("reporting"), lambda: "")
    try:
        style = len((await reporting.once("GET", "/assets/pages.css")).body)
        sizes = {name: len((await reporting.once("GET", path)).body) + style for name, path in PAGES.items()}
        rounds: list[Mapping[str, Waits]] = []
        for number in range(1, ROUNDS[short] + 1):
            waits = {PEER: await _asked(live, "/health/live", SECONDS[short])}
            for name, path in PAGES.items():
                waits[name] = await _asked(reporting, path, SECONDS[short])
            rounds.append(waits)
            say(f"round {number} of {ROUNDS[short]}: " + ", ".join(f"{name} {told}" for name, told in waits.items()))
        return rounds, sizes
    finally:
        for client in (live, reporting):
            await client.close()


async def _asked(client: Client, path: str, seconds: float) -> Waits:
    """Ask for a page at a constant rate; gives how long each waited from when it was due."""
    taken, started, asking = list[float](), time.monotonic(), set[asyncio.Task[None]]()

    async def ask(due: float) -> None:
        status, _ = await client.once("GET", path)
        if status != 200:
            raise ValueError(f"{path}: {status}")
        taken.append(time.monotonic() - due)

    for place in range(round(READERS * seconds)):
        due = started + place / READERS
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        asking.add(asyncio.create_task(ask(due)))
    await asyncio.gather(*asking)
    return Waits.of(taken)


def _beside(name: str, rounds: Sequence[Mapping[str, Waits]]) -> dict[str, Any]:
    p50, p99, peer_p50, peer_p99 = (
        1000 * median(getattr(one[who], part) for one in rounds) for who in (name, PEER) for part in ("p50", "p99")
    )
    return {
        "p50": round(p50, 2),
        "p99": round(p99, 2),
        "peer p50": round(peer_p50, 2),
        "peer p99": round(peer_p99, 2),
        "p50 times": round(p50 / peer_p50, 1),
        "p99 times": round(p99 / peer_p99, 1),
    }
