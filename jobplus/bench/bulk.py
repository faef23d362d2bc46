"""`import`: sessions in bulk, through the same handler as single ones, until they are in the figures.

Then a plain single INSERT of a registration, with nothing else running.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from itertools import count
from typing import Literal

import orjson
import uvloop

from jobplus.bench import cpu
from jobplus.bench.load import registration
from jobplus.bench.register import inserted
from jobplus.bench.result import Peer, Result, medians, spread
from jobplus.client import Client
from jobplus.stack.local import Stack

ROUNDS = 3
ROWS = 80_000
CHUNK = 4_000
SEEKERS = 2_000
AT_ONCE = 2
TIMES_THE_INSERT = 4.0
LOOK = 0.05
PATIENCE = 300.0
GOAL = f"at least {TIMES_THE_INSERT:g} x a plain INSERT, until they are in the figures"

CLOCK: Literal["system", "simulated"] = "system"

Say = Callable[[str], None]


def run(stack: Stack, say: Say) -> Result:
    """Measure on a stack of its own, with all four services running."""
    stack.up()
    used = cpu.used(stack)
    rounds = uvloop.run(_rounds(stack, say))
    spent = cpu.each(used, cpu.used(stack), ROUNDS * ROWS)
    for one, rate in zip(rounds, inserted(stack, ROUNDS), strict=True):
        one["plain_insert"] = rate
    middle = medians(rounds)
    insert = Peer(middle["plain_insert"], middle["import"] / middle["plain_insert"], TIMES_THE_INSERT)
    detail = {"rows": ROWS, "rows_a_request": CHUNK, "spread": spread(rounds), "cpu_us_a_session": spent}
    return Result("import", middle["import"], "sessions/s", GOAL, insert.met, rounds, {"plain_insert": insert}, detail)


async def _rounds(stack: Stack, say: Say) -> list[dict[str, float]]:
    intake = Client(stack.url("intake"), stack.token("manager"))
    reporting = Client(stack.url("reporting"), stack.token("analyst"), 1)
    counsellor = await intake.post("/counsellors", orjson.dumps({"name": "이", "groups": ["youth"]}), "counsellor")
    seekers = await asyncio.gather(*(_register(intake, number) for number in range(SEEKERS)))
    rounds: list[dict[str, float]] = []
    keys = count()
    for number in range(1, ROUNDS + 1):
        before = await _sessions(reporting)
        chunks = [
            b"\n".join(
                _session(seekers[row % SEEKERS], counsellor["counsellor_id"]) for row in range(start, start + CHUNK)
            )
            for start in range(0, ROWS, CHUNK)
        ]
        started = time.monotonic()
        sending = iter(chunks)

        async def send(sending: Iterator[bytes] = sending) -> None:
            for chunk in sending:
                key = f"bulk-{next(keys)}"
                await intake.post("/sessions/bulk", chunk, key, content_type="application/x-ndjson")

        await asyncio.gather(*(send() for _ in range(AT_ONCE)))
        sent = time.monotonic()
        await _counted(reporting, before + ROWS)
        rate = ROWS / (time.monotonic() - started)
        say(f"round {number} of {ROUNDS}: {rate:.0f}/s in the figures, {ROWS / (sent - started):.0f}/s taken")
        rounds.append({"import": rate, "taken": ROWS / (sent - started)})
    for client in (intake, reporting):
        await client.close()
    return rounds


async def _register(intake: Client, number: int) -> str:
    answer = await intake.post("/seekers", registration(number), f"seeker-{number}")
    return answer["seeker_id"]


def _session(seeker: str, counsellor: str) -> bytes:
    return orjson.dumps(
        {"client_id": seeker, "counsellor_id": counsellor, "kind": "job", "channel": "call", "minutes": 10}
    )


async def _sessions(reporting: Client) -> int:
    return (await reporting.get("/figures"))["sessions"]["total"]


async def _counted(reporting: Client, sessions: int) -> None:
    """Wait until the figures count so many sessions."""
    for _ in range(int(PATIENCE / LOOK)):
        if await _sessions(reporting) >= sessions:
            return
        await asyncio.sleep(LOOK)
    raise TimeoutError(f"the figures don't reach {sessions} sessions")
