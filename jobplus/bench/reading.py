"""How fast somebody reads the topics of facts from their beginning: reporting's worker, or a peer in its place."""

import asyncio
import subprocess
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
import orjson
import uvloop

from jobplus.bench import cpu
from jobplus.bench.beside import started
from jobplus.bench.history import counting
from jobplus.bench.readers import FAUST, TABLES, changelogs
from jobplus.bench.result import Lost
from jobplus.client import Client
from jobplus.stack.local import Stack

WORKER = "reporting-worker"
LOOK_SECONDS = 0.02
BEGIN_SECONDS = 120.0
STANDSTILL_SECONDS = 120.0

_EMPTIED = """
ALTER TABLE ledger DISABLE TRIGGER ledger_is_append_only;
UPDATE summed SET through = 0, complete = 0;
TRUNCATE ledger, sequence_gap, fact, daily, person_event, unplaced_change, unplaced_daily, split_daily, person_again,
         consumer_offset RESTART IDENTITY;
ALTER TABLE ledger ENABLE TRIGGER ledger_is_append_only;
"""

Look = Callable[[], Awaitable[int]]
"""Tells how many events are kept by now."""


@dataclass(frozen=True)
class Turn:
    """What one had in its turn: `events` were kept in `seconds`, from the first that was seen, each for so much CPU in
    microseconds: its own, and of all."""

    events: int
    seconds: float
    own: float
    all: float

    @property
    def rate(self) -> float:
        return self.events / self.seconds


def read_anew(stack: Stack, events: int) -> Turn:
    """Have reporting's worker, which doesn't run, read the topics from their beginning into an emptied ledger.

    Raises Lost where the ledger doesn't hold each event once."""
    empty(stack)
    stack.start(WORKER)
    try:
        worker = stack.pid(WORKER)
        assert worker is not None
        turn = uvloop.run(_of_reporting(stack, events, worker))
    finally:
        stack.stop(WORKER)
    if (kept := uvloop.run(query(stack, "SELECT count(*) FROM ledger"))) != events:
        raise Lost(f"the ledger holds {kept} of {events} events")
    return turn


def empty(stack: Stack) -> None:
    """Empty reporting's ledger, its facts and its offsets; nobody reads or writes them meanwhile."""
    uvloop.run(query(stack, _EMPTIED))


async def _of_reporting(stack: Stack, events: int, worker: int) -> Turn:
    async with looking(stack, "consumer_offset") as look:
        return await watched(stack, look, events, None, lambda: cpu.of(worker), beside=False)


@asynccontextmanager
async def looking(stack: Stack, offsets: str) -> AsyncGenerator[Look]:
    """Give what tells how many events are kept, by the table of the offsets that go with them."""
    conn = await asyncpg.connect(stack.database_url("reporting"))
    try:
        statement = await conn.prepare(f"SELECT coalesce(sum(next_offset), 0)::bigint FROM {offsets}")
        yield statement.fetchval
    finally:
        await conn.close()


def read_by_peer(stack: Stack, name: str, group: str, events: int, seconds: float) -> Turn:
    """Have a peer read the topics from their beginning, for so long at the most.

    Raises Lost where what it counted isn't what it read."""
    uvloop.run(query(stack, TABLES))
    with started(
        stack, name, ["-m", "jobplus.bench.readers", name, group], stack.environment("reporting", "worker")
    ) as process:
        of_peer = _of_faust if name == FAUST else _of_peer
        turn = uvloop.run(of_peer(stack, process, group, events, seconds))
    if name != FAUST:
        counted, read = uvloop.run(_counted(stack))
        if counted != read:
            raise Lost(f"{name} read {read} events and counted {counted}")
    return turn


async def _of_peer(stack: Stack, process: subprocess.Popen[bytes], group: str, events: int, seconds: float) -> Turn:
    async with looking(stack, "peer_offset") as look:
        return await watched(stack, look, events, seconds, lambda: cpu.of(process.pid))


async def _of_faust(stack: Stack, process: subprocess.Popen[bytes], group: str, events: int, seconds: float) -> Turn:
    async with counting(stack.kafka_servers, changelogs(group)) as look:
        return await watched(stack, look, events, seconds, lambda: cpu.of(process.pid))


async def watched(
    stack: Stack,
    look: Look,
    events: int,
    seconds: float | None,
    used: Callable[[], float],
    *,
    beside: bool = True,
    begun: Callable[[], Awaitable[bool]] | None = None,
) -> Turn:
    """Watch until so many events are kept, or so many seconds are over, from the first that is seen, or once it has
    `begun`. `used` tells the CPU of who reads, which runs `beside` the stack's processes or is one of them.

    Raises TimeoutError where nothing gets on."""
    first = await _begun(look, begun)
    began, before, own = time.monotonic(), cpu.used(stack), used()
    seen, moved = first, began
    while seen < events and (seconds is None or time.monotonic() - began < seconds):
        await asyncio.sleep(LOOK_SECONDS)
        now = await look()
        if now > seen:
            seen, moved = now, time.monotonic()
        elif time.monotonic() - moved > STANDSTILL_SECONDS:
            raise TimeoutError(f"stands at {seen} of {events} events")
    spent = time.monotonic() - began
    if seen == first:
        raise TimeoutError(f"all {events} events were kept before they could be watched: more are needed")
    count, own = seen - first, (used() - own) / (seen - first) * 1e6
    of_stack = cpu.each(before, cpu.used(stack), count)["all"]
    return Turn(count, spent, own, of_stack + own if beside else of_stack)


async def _begun(look: Look, begun: Callable[[], Awaitable[bool]] | None) -> int:
    end = time.monotonic() + BEGIN_SECONDS
    while time.monotonic() < end:
        if (seen := await look()) and (begun is None or await begun()):
            return seen
        await asyncio.sleep(LOOK_SECONDS)
    raise TimeoutError(f"nobody began to read within {BEGIN_SECONDS:.0f} s")


async def _counted(stack: Stack) -> tuple[int, int]:
    return (
        await query(stack, "SELECT coalesce(sum(amount), 0)::bigint FROM peer_counter"),
        await query(stack, "SELECT coalesce(sum(next_offset), 0)::bigint FROM peer_offset"),
    )


async def query(stack: Stack, statement: str) -> Any:
    """Give the first value of what a statement gives in reporting's database; several statements give nothing."""
    conn = await asyncpg.connect(stack.database_url("reporting"), command_timeout=600)
    try:
        return await conn.fetchval(statement) if statement.startswith("SELECT") else await conn.execute(statement)
    finally:
        await conn.close()


def compare_figures(stack: Stack, before: bytes, how: str) -> None:
    """Compare all published figures, by an api that is run for it, with what they were (raises Lost)."""
    stack.start("reporting-api")
    after = figures(stack)
    stack.stop("reporting-api")
    if after != before:
        raise Lost(f"the figures, {how}, aren't what they were")


def figures(stack: Stack) -> bytes:
    """Give all published figures, with reporting's api running."""

    async def ask() -> Any:
        client = Client(stack.url("reporting"), stack.token("analyst"), 1)
        try:
            return await client.get("/figures", patience=60)
        finally:
            await client.close()

    return orjson.dumps(uvloop.run(ask()), option=orjson.OPT_SORT_KEYS)
