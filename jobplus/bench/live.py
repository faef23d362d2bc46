"""`live`: what reporting's api uses of the CPU while 1,000 readers are sent live totals that move every second."""

import asyncio
import resource
import time
from collections.abc import Callable
from statistics import median
from typing import Literal
from urllib.parse import urlsplit

import psycopg
import uvloop

from jobplus.bench import cpu
from jobplus.bench.result import Result
from jobplus.stack.local import Stack

CLOCK: Literal["system", "simulated"] = "system"
READERS = 1_000
ROUNDS = 3
SECONDS = 20
MOST_PERCENT = 5.0
LEAST_TOLD = 0.5
"""Of the moves, one a second: those that come within one look are told together."""
GOAL = f"{READERS:,} readers under {MOST_PERCENT:g} % of a core, told every {1 / LEAST_TOLD:g} s or sooner on the mean"
AT_ONCE = 50
FILES = 20_000
"""Connections and what else is open."""
_MOVE = """INSERT INTO daily (measure, occurred_on, recorded_on, dimensions, amount)
           VALUES ('launches', '2009-02-01', '2009-02-01', '{}', 1)
           ON CONFLICT (measure, occurred_on, recorded_on, dimensions) DO UPDATE SET amount = daily.amount + 1"""

Say = Callable[[str], None]


def run(stack: Stack, say: Say) -> Result:
    """Measure on a stack of its own, whose totals are moved in its database."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(FILES, most) if most > 0 else FILES, most))
    stack.up(only=["reporting"])
    rounds = uvloop.run(_measured(stack, say))
    percent, told = (median(one[name] for one in rounds) for name in ("percent", "told"))
    return Result(
        "live",
        percent,
        "% of a core, the api",
        GOAL,
        percent < MOST_PERCENT and told >= LEAST_TOLD,
        [],
        detail={"readers": READERS, "told of what moved": round(told, 3), "rounds": [one["percent"] for one in rounds]},
    )


async def _measured(stack: Stack, say: Say) -> list[dict[str, float]]:
    told = 0

    async def read() -> None:
        nonlocal told
        address = urlsplit(stack.url("reporting"))
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        head = f"GET /en/live/stream HTTP/1.1\r\nHost: {address.netloc}\r\nAuthorization: Bearer {token}\r\n\r\n"
        writer.write(head.encode())
        while line := await reader.readline():
            told += line.startswith(b"data: ")

    token, readers = stack.token("counsellor"), list[asyncio.Task[None]]()
    for number in range(1, READERS + 1):
        readers.append(asyncio.create_task(read()))
        if number % AT_ONCE == 0:
            await asyncio.sleep(0.1)
    await asyncio.sleep(3)
    rounds: list[dict[str, float]] = []
    async with await psycopg.AsyncConnection.connect(stack.database_url("reporting"), autocommit=True) as moving:
        for number in range(1, ROUNDS + 1):
            told, before, begun = 0, cpu.used(stack)["reporting-api"], time.monotonic()
            for _ in range(SECONDS):
                await moving.execute(_MOVE)
                await asyncio.sleep(1)
            took = time.monotonic() - begun
            percent = 100 * (cpu.used(stack)["reporting-api"] - before) / took
            rounds.append({"percent": round(percent, 1), "told": told / (READERS * SECONDS)})
            say(f"round {number} of {ROUNDS}: {percent:.1f} % of a core, {told:,} told")
    for reader in readers:
        reader.cancel()
    await asyncio.gather(*readers, return_exceptions=True)
    return rounds
