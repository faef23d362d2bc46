"""`latency`: how long a registration waits for its answer, and until it is counted where anybody can read it.

Open loop: requests are due at a constant rate, whether or not the earlier ones were answered, and each is measured
from when it was due, so that waiting for a slow answer hides nothing. The rates are parts of what the four services
take at most, which is measured first. A plain single INSERT has the same rates, with nothing else running.

A registration is counted when /figures/split, read again and again, tells of as many as were due by then: the n-th to
be seen is taken for the n-th that was due.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from itertools import count
from statistics import median
from typing import Literal, NamedTuple

import uvloop

from jobplus.bench.beside import stop_services
from jobplus.bench.load import for_seconds, register, registered
from jobplus.bench.register import PEER_PORT, peer
from jobplus.bench.result import Result
from jobplus.client import Client
from jobplus.settling import settled
from jobplus.stack.local import Stack
from jobplus.stack.ports import SERVICES

PARTS = {"quarter": 0.25, "half": 0.5, "most": 0.8}
"""Of what the services take at most."""
SECONDS = 20.0
WARM_UP = 8.0
LOOK = 0.01
CONNECTIONS = 256
COUNTED_P50, COUNTED_P99, TIMES_THE_PEER = 0.1, 0.4, 3.0
GOAL = (
    "at half of the most: counted within 100 ms (p50) and 400 ms (p99), answered at most 3 x as late as a plain INSERT"
)

CLOCK: Literal["system", "simulated"] = "system"

Say = Callable[[str], None]


class Waits(NamedTuple):
    """How long the half, 99 and 99.9 of a hundred waited at most, in seconds."""

    p50: float
    p99: float
    p999: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Waits":
        ordered = sorted(seconds)
        return cls(*(ordered[min(len(ordered) - 1, int(part * len(ordered)))] for part in (0.5, 0.99, 0.999)))

    def __str__(self) -> str:
        return " / ".join(f"{1000 * one:.0f}" for one in self) + " ms"


def run(stack: Stack, say: Say) -> Result:
    """Measure on a stack of its own."""
    stack.up()
    most, answered, counted = uvloop.run(_ours(stack, say))
    stop_services(stack)
    with peer(stack, "plain_insert", PEER_PORT) as (address, _):
        plain = uvloop.run(_peers(stack, address, most, say))
    half = counted["half"]
    late = answered["half"].p99 / plain["half"].p99
    met = half.p50 < COUNTED_P50 and half.p99 < COUNTED_P99 and late <= TIMES_THE_PEER
    parts = {"answered": answered, "counted": counted, "plain_insert": plain}
    detail = {
        "most": round(most),
        "milliseconds": {
            part: {what: [round(1000 * one, 1) for one in waits[part]] for what, waits in parts.items()}
            for part in PARTS
        },
        "answer_p99_by_the_peers": round(late, 2),
    }
    return Result("latency", 1000 * half.p50, "ms until counted, median at half", GOAL, met, [], detail=detail)


async def _ours(stack: Stack, say: Say) -> tuple[float, dict[str, Waits], dict[str, Waits]]:
    intake = Client(stack.url("intake"), stack.token("counsellor"), CONNECTIONS)
    reporting = Client(stack.url("reporting"), stack.token("analyst"), 1)
    numbers = count()
    rates: list[float] = []
    for _ in range(3):
        started = time.monotonic()
        sent = WARM_UP * await for_seconds(intake, WARM_UP, register, numbers)
        await settled(stack, SERVICES)
        rates.append(sent / (time.monotonic() - started))
    most = median(rates)
    say(f"at most {most:.0f}/s until settled")
    answered: dict[str, Waits] = {}
    counted: dict[str, Waits] = {}
    for part, share in PARTS.items():
        looking = asyncio.create_task(_looked(reporting, round(share * most * SECONDS)))
        await asyncio.sleep(LOOK)
        due, waits = await _open_loop(intake, share * most, numbers)
        seen = await looking
        await settled(stack, SERVICES)
        answered[part] = Waits.of(waits)
        counted[part] = Waits.of([at - wanted for at, wanted in zip(seen, due, strict=True)])
        say(f"{share * most:.0f}/s: answered {answered[part]}, counted {counted[part]}")
    for client in (intake, reporting):
        await client.close()
    return most, answered, counted


async def _peers(stack: Stack, address: str, most: float, say: Say) -> dict[str, Waits]:
    client = Client(address, stack.token("counsellor"), CONNECTIONS)
    numbers = count()
    await for_seconds(client, WARM_UP / 2, register, numbers)
    answered: dict[str, Waits] = {}
    for part, share in PARTS.items():
        _, waits = await _open_loop(client, share * most, numbers)
        answered[part] = Waits.of(waits)
        say(f"{share * most:.0f}/s: a plain INSERT answered {answered[part]}")
    await client.close()
    return answered


async def _open_loop(client: Client, rate: float, numbers: "count[int]") -> tuple[list[float], list[float]]:
    """Send at a rate; gives when each was due, and how long each waited for its answer since."""
    started = time.monotonic()
    due = [started + number / rate for number in range(round(rate * SECONDS))]

    async def send(wanted: float) -> float:
        await register(client, next(numbers))
        return time.monotonic() - wanted

    sent: list[asyncio.Task[float]] = []
    for wanted in due:
        if (early := wanted - time.monotonic()) > 0:
            await asyncio.sleep(early)
        sent.append(asyncio.create_task(send(wanted)))
    return due, await asyncio.gather(*sent)


async def _looked(reporting: Client, wanted: int) -> list[float]:
    """Give when each of so many new registrations was seen in the figures."""
    before, seen = await registered(reporting), list[float]()
    while len(seen) < wanted:
        found = await registered(reporting) - before
        at = time.monotonic()
        seen += [at] * (min(found, wanted) - len(seen))
        await asyncio.sleep(LOOK)
    return seen
