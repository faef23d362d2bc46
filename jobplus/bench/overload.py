"""`overload`: one and a half times what the services take, 2 % of it wrong, for two minutes.

What they take is measured first, in a closed loop. Both rates are of what was accepted until all of it had settled. The
load needs CPU of the same cores, more of it the more it sends: the best that may be expected is what was taken then, in
proportion to the CPU that the load leaves over now. Reads and health are asked all the while. Afterwards it is measured
how soon answers are as quick as in the closed loop again, and that what was accepted is counted in the figures, once,
and nothing else.
"""

import asyncio
import os
import time
from collections.abc import Callable, Mapping
from itertools import count
from typing import Literal, NamedTuple

import psutil
import uvloop

from jobplus.bench import cpu
from jobplus.bench.latency import Waits
from jobplus.bench.load import REGISTERED, for_seconds, register, registered, registration
from jobplus.bench.offering import Beside, Tally, headers_of, offered
from jobplus.bench.result import Lost, Result
from jobplus.client import Client
from jobplus.settling import settled
from jobplus.stack.local import Stack
from jobplus.stack.ports import HOST, SERVICES, health_port

TIMES = 1.5
SECONDS = 120.0
WARM_UP = 8.0
CLOSED_SECONDS = 15.0
MOST_AT_ONCE = 8_000
"""Connections: so many that none is waited for."""
LEAST_PART = 0.8
REFUSED_P99 = 0.1
BACK_WITHIN = 10.0
MOST_GROWTH, MOST_GROWN = 1.1, 32.0
"""Memory of a service's process is flat where it grew by a tenth, or 32 MB, at the most."""
IN_A_ROW = 10
"""So many quick answers, one after the other, are normal again."""
LONGEST_BACK = 60.0
GOAL = (
    "at least 0.8 of the best that the CPU left over allows; refused within 100 ms (p99); all that was accepted is "
    "counted once, and nothing else; memory flat; reads and health answer; normal again within 10 s"
)

CLOCK: Literal["system", "simulated"] = "system"

Say = Callable[[str], None]


class _Loop(NamedTuple):
    """A closed loop: registrations answered a second, and those that were until all had settled; how long they waited,
    and how many cores the load had."""

    answered: float
    rate: float
    waits: Waits
    load: float


class _Peak(NamedTuple):
    """What became of what was offered: within how many seconds, how many more all took to settle, with how many cores
    for the load, what the processes had of memory before and after (MB), what was asked beside, and after how many
    seconds all was normal again."""

    tally: Tally
    seconds: float
    settling: float
    load: float
    memory: Mapping[str, tuple[float, float]]
    beside: Mapping[str, Beside]
    back: float

    @property
    def rate(self) -> float:
        """What was accepted a second, until all had settled."""
        return len(self.tally.accepted) / (self.seconds + self.settling)


def run(stack: Stack, say: Say, seconds: float = SECONDS) -> Result:
    """Measure on a stack of its own (raises Lost)."""
    stack.up()
    return uvloop.run(_measured(stack, say, seconds))


async def _measured(stack: Stack, say: Say, seconds: float) -> Result:
    intake = Client(stack.url("intake"), stack.token("counsellor"), MOST_AT_ONCE)
    reporting = Client(stack.url("reporting"), stack.token("analyst"), 4)
    health = Client(f"http://{HOST}:{health_port(stack.base_port, 'intake', 'api')}", "", 4)
    numbers = count()
    await for_seconds(intake, WARM_UP, register, numbers)
    closed = await _closed(stack, intake, numbers)
    say(f"answers {closed.answered:.0f}/s in a closed loop, {closed.rate:.0f}/s until settled, within {closed.waits}")
    seeker = (await intake.post("/seekers", registration(next(numbers)), "shown"))["seeker_id"]
    await settled(stack, SERVICES)
    before = await registered(reporting)
    beside = {
        "read": Beside(intake, f"/seekers/{seeker}"),
        "figures": Beside(reporting, REGISTERED),
        "ready": Beside(health, "/health/ready"),
        "live": Beside(health, "/health/live"),
        "metrics": Beside(health, "/metrics"),
    }
    peak = await _peak(stack, intake, numbers, closed, beside, seconds)
    say(f"accepted {peak.rate:.0f}/s until settled, normal after {peak.back:.1f} s; waiting until all is counted")
    for number in peak.tally.unknown:  # asked again under the same key, each is settled
        await register(intake, number)
    await settled(stack, SERVICES)
    tally = peak.tally
    kept = len(tally.accepted) + len(tally.unknown) + tally.afterwards
    counted = await registered(reporting) - before
    for client in (intake, reporting, health):
        await client.close()
    if counted != kept:
        raise Lost(f"{kept} registrations were accepted, {counted} are in the figures")
    return _result(closed, peak)


async def _peak(
    stack: Stack, intake: Client, numbers: "count[int]", closed: _Loop, beside: Mapping[str, Beside], seconds: float
) -> _Peak:
    over = asyncio.Event()
    asking = [asyncio.create_task(one.ask(over.is_set)) for one in beside.values()]
    memory = await asyncio.to_thread(_memory, stack)  # which takes seconds
    used, started = cpu.used(stack), time.monotonic()
    tally = await offered(intake, TIMES * closed.answered, seconds, numbers)
    took = time.monotonic() - started
    settling = asyncio.create_task(_settling(stack))
    back = await _back(intake, numbers, tally, closed.waits.p99)
    afterwards = await settling
    load = (cpu.used(stack)[cpu.LOAD] - used[cpu.LOAD]) / (took + afterwards)
    after = await asyncio.to_thread(_memory, stack)
    grown = {name: (memory[name], now) for name, now in after.items() if name in memory}
    over.set()
    await asyncio.gather(*asking)
    return _Peak(tally, took, afterwards, load, grown, beside, back)


def _result(closed: _Loop, peak: _Peak) -> Result:
    cores, tally = len(os.sched_getaffinity(0)), peak.tally
    best = closed.rate * (cores - peak.load) / (cores - closed.load)
    refused = Waits.of(tally.refused or [0.0])
    goals = {
        "accepted": peak.rate >= LEAST_PART * best,
        "refused_soon": refused.p99 <= REFUSED_P99 and not tally.others,
        "memory_flat": all(is_flat(*two) for name, two in peak.memory.items() if name.partition("-")[0] in SERVICES),
        "reads_and_health": not any(one.failed for one in peak.beside.values()),
        "back_to_normal": peak.back <= BACK_WITHIN,
    }
    detail = {
        "seconds": round(peak.seconds, 1),
        "settling_seconds": round(peak.settling, 1),
        "closed_loop": {
            "answered": round(closed.answered),
            "until_settled": round(closed.rate),
            "waits": str(closed.waits),
            "load_cpu": round(closed.load, 2),
        },
        "offered": round(TIMES * closed.answered),
        "best_by_cpu": round(best),
        "part_of_best": round(peak.rate / best, 3),
        "load_cpu": round(peak.load, 2),
        "load_late": str(Waits.of(tally.late)),
        "accepted": str(Waits.of(tally.accepted or [0.0])),
        "refused": {
            "count": len(tally.refused),
            "waits": str(refused),
            "longest_ms": round(1000 * max(tally.refused, default=0)),
        },
        "wrong": tally.wrong,
        "others": dict(tally.others),
        "unknown": len(tally.unknown),
        "beside": {name: {"waits": str(one.waits), "failed": dict(one.failed)} for name, one in peak.beside.items()},
        "memory_mb": peak.memory,
        "normal_after_seconds": round(peak.back, 1),
        "goals": goals,
    }
    return Result("overload", peak.rate, "registrations/s", GOAL, all(goals.values()), [], detail=detail)


async def _closed(stack: Stack, client: Client, numbers: "count[int]") -> _Loop:
    waits: list[float] = []

    async def timed(client: Client, number: int) -> None:
        started = time.monotonic()
        await register(client, number)
        waits.append(time.monotonic() - started)

    used = cpu.used(stack)[cpu.LOAD]
    answered = await for_seconds(client, CLOSED_SECONDS, timed, numbers)
    took = CLOSED_SECONDS + await _settling(stack)
    return _Loop(answered, len(waits) / took, Waits.of(waits), (cpu.used(stack)[cpu.LOAD] - used) / took)


async def _settling(stack: Stack) -> float:
    """Wait until all has settled; gives after how many seconds it had."""
    began = time.monotonic()
    await settled(stack, SERVICES)
    return time.monotonic() - began


async def _back(client: Client, numbers: "count[int]", tally: Tally, normal: float) -> float:
    """Register one after the other until answers are as quick as they were; gives after how many seconds that began."""
    started, quick, since = time.monotonic(), 0, 0.0
    while quick < IN_A_ROW and time.monotonic() - started < LONGEST_BACK:
        began, number = time.monotonic(), next(numbers)
        status, _ = await client.once("POST", "/seekers", registration(number), headers_of(number))
        tally.afterwards += status == 201
        since = since if quick else began - started
        quick = quick + 1 if status == 201 and time.monotonic() - began <= normal else 0
    return since if quick == IN_A_ROW else LONGEST_BACK


def _memory(stack: Stack) -> dict[str, float]:
    """Give the memory that each process of a stack has for itself, with its children, in MB."""
    found: dict[str, float] = {}
    for name in stack.names():
        if (pid := stack.pid(name)) is not None:
            root = psutil.Process(pid)
            sizes = (one.memory_full_info().uss for one in (root, *root.children(recursive=True)))
            found[name] = round(sum(sizes) / 2**20, 1)
    return found


def is_flat(before: float, after: float) -> bool:
    """Tell whether memory stayed as it was, in MB."""
    return after <= max(MOST_GROWTH * before, before + MOST_GROWN)
