"""`whole`: single HTTP commands of the replay's mix, through all four services, until they are in the figures.

The two years' history is driven as the replay drives it. After a warm-up the rate is measured for a minute; meanwhile
the backlog (events not sent, records not applied) is looked at every second, and must not grow. The time until all
has settled afterwards counts too. Then a plain single INSERT of a registration is measured, with nothing else running.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from statistics import mean, median
from typing import Any, Literal, NamedTuple

import uvloop

from jobplus.bench import cpu
from jobplus.bench.register import inserted
from jobplus.bench.result import Peer, Result
from jobplus.client import Client
from jobplus.replay.drawing.history import history
from jobplus.replay.driving.calls import SERVICES
from jobplus.replay.driving.course import Course
from jobplus.replay.driving.driver import Driver
from jobplus.replay.planning.plan import read
from jobplus.replay.planning.scaling import scale
from jobplus.settling import settled
from jobplus.stack.local import Stack

PLAN = Path("plans/two-years.json")
SHARE = Fraction(1)
WARM_UP = 10.0
SECONDS = 60.0
ROUNDS = 3
"""Of the same seconds, one after the other."""
TIMES_THE_INSERT = 1.0
MOST_GROWTH = 0.02
"""Of the rate: so much of a second's commands may the backlog grow in a second."""
GOAL = f"at least {TIMES_THE_INSERT:g} x a plain INSERT, until settled, for {SECONDS:.0f} s with nothing growing"

CLOCK: Literal["system", "simulated"] = "simulated"

Say = Callable[[str], None]


def run(stack: Stack, say: Say) -> Result:
    """Measure on a stack of its own."""
    stack.up()
    driven = uvloop.run(_driven(stack, say))
    inserts = inserted(stack, ROUNDS)
    insert = Peer(median(inserts), driven.settled / median(inserts), TIMES_THE_INSERT)
    say(f"{driven.settled:.0f}/s until settled, a plain INSERT {insert.measured:.0f}/s")
    rounds = [{"whole": rate, "plain_insert": one} for rate, one in zip(driven.rates, inserts, strict=True)]
    met = insert.met and driven.sustained
    return Result("whole", driven.settled, "commands/s", GOAL, met, rounds, {"plain_insert": insert}, driven.detail)


class _Driven(NamedTuple):
    """Commands a second until all had settled, those of each part of the time before, and whether nothing grew."""

    settled: float
    rates: Sequence[float]
    sustained: bool
    detail: Mapping[str, Any]


async def _driven(stack: Stack, say: Say) -> _Driven:
    plan = scale(read(PLAN), SHARE)
    days, course = list(history(plan, 1).days), Course()
    driver = Driver(stack, "whole", 1, course)
    driving = asyncio.create_task(driver.drive(days))
    await asyncio.sleep(WARM_UP)
    started, before, backlogs = time.monotonic(), course.done, list[int]()
    marks = [(started, before)]
    used = cpu.used(stack)
    while time.monotonic() - started < SECONDS and not driving.done():
        await asyncio.sleep(1)
        backlogs.append(await _backlog(stack))
        marks.append((time.monotonic(), course.done))
        if len(backlogs) % 10 == 0:
            say(f"{(course.done - before) / (time.monotonic() - started):.0f}/s, backlog {backlogs[-1]}")
    sent, seconds = course.done - before, time.monotonic() - started
    driving.cancel()
    with suppress(asyncio.CancelledError):
        await driving
    await driver.close()
    await settled(stack, SERVICES)
    settling = time.monotonic() - started - seconds
    spent = cpu.each(used, cpu.used(stack), course.done - before)
    third = max(len(backlogs) // 3, 1)
    growth = (mean(backlogs[-third:]) - mean(backlogs[:third])) / (seconds * 2 / 3)
    rate = sent / seconds
    until_settled = sent / (seconds + settling)
    detail = {
        "seconds": round(seconds, 1),
        "settling_seconds": round(settling, 1),
        "rate_while_driven": round(rate, 1),
        "backlog_growth_a_second": round(growth, 1),
        "backlog_mean": round(mean(backlogs), 1),
        "repeated": driver.repeated,
        "cpu_us_a_command": spent,
    }
    return _Driven(
        until_settled, rates_of_parts(marks, ROUNDS), growth <= MOST_GROWTH * rate and seconds >= SECONDS, detail
    )


def rates_of_parts(marks: Sequence[tuple[float, int]], parts: int) -> list[float]:
    """Give the rates of parts of about the same length, by moments and what was counted until then."""
    edges = [marks[part * (len(marks) - 1) // parts] for part in range(parts + 1)]
    return [(counted - before) / (at - began) for (began, before), (at, counted) in pairwise(edges)]


async def _backlog(stack: Stack) -> int:
    total = 0
    for service in SERVICES:
        client = Client(stack.url(service), stack.token("operator"), 1)
        status = await client.get("/status")
        await client.close()
        total += status["outbox"] + sum(p["lag"] or 0 for p in status["consumers"])
    return total
