"""`growth`: registrations, single commands, a ranking and figures, while the centre's data grow to 3 and 10 times two
years.

Two years of a fiftieth of the plan are driven through the services, and two years more in which nobody comes, so that
nothing is due any more; then each size is made of copies of all that they keep (`copies.py`). At each size everything
is measured as at the first, the plan's own years being driven on; what is compared is what one costs beside a peer of
the same minutes, lest it is the machine that differs.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import count
from statistics import median
from typing import Literal, NamedTuple

import asyncpg
import uvloop

from jobplus.bench import copies, figures, reads, two_years
from jobplus.bench.history import PLANNED_EVENTS
from jobplus.bench.load import for_seconds, register
from jobplus.bench.reads import Row, Size, beside, rounds_of, vacancy_paths
from jobplus.bench.register import inserted
from jobplus.bench.result import Result
from jobplus.client import Client
from jobplus.replay.drawing.history import history
from jobplus.replay.driving.actions import Day
from jobplus.replay.driving.calls import SERVICES
from jobplus.replay.driving.course import Course
from jobplus.replay.driving.driver import Driver
from jobplus.replay.planning.model import Plan
from jobplus.replay.planning.plan import read
from jobplus.replay.planning.scaling import scale
from jobplus.settling import settled
from jobplus.stack.local import Stack

SETTINGS = reads.SETTINGS
PART = Fraction(1, 50)
TIMES = (1, 3, 10, 30)
"""So many times the centre's two years."""
YEARS_BEFORE = 4
MOST = 1.3
GOAL = f"what one costs at 3 x and 10 x the centre's data at most {MOST:g} x what it costs at once"
WARM_UP = 4.0

CLOCK: Literal["system", "simulated"] = "simulated"

Say = Callable[[str], None]


class Lengths(NamedTuple):
    """Of how many copies two years are made, and how long each is measured, in seconds and rounds."""

    copies: int
    seconds: float
    rounds: int


LENGTHS = {False: Lengths(50, 15.0, 3), True: Lengths(2, 3.0, 1)}
"""As it is measured, and in short."""

Costs = Mapping[str, float]
"""What one of each costs, as a multiple of what its peer does."""


def run(stack: Stack, say: Say, events: int = 10 * PLANNED_EVENTS, *, short: bool = False) -> Result:
    """Measure on a stack of its own, up to so many events' data."""
    stack.up()
    sizes = [times for times in TIMES if times * PLANNED_EVENTS <= events]
    costs = uvloop.run(_grown(stack, sizes, LENGTHS[short], say))
    once, *grown = costs.items()
    by_once = {times: {name: round(cost / once[1][name], 2) for name, cost in found.items()} for times, found in grown}
    worst = max((cost for found in by_once.values() for cost in found.values()), default=1.0)
    detail = {
        "by_once": {f"{times} x": found for times, found in by_once.items()},
        "beside_the_peer": {
            f"{times} x": {name: round(cost, 2) for name, cost in found.items()} for times, found in costs.items()
        },
    }
    return Result("growth", worst, "x what it costs at once, the worst", GOAL, worst <= MOST, [], detail=detail)


async def _grown(stack: Stack, sizes: list[int], lengths: Lengths, say: Say) -> dict[int, Costs]:
    """Make each size, and measure at it."""
    plan = read(two_years.PLAN)
    await _originals(stack, plan, say)
    days, course, made = list(history(plan, 1).days), Course(), 1
    driver = Driver(stack, "growth", 1, course)
    costs: dict[int, Costs] = {}
    try:
        for times in sizes:
            await asyncio.to_thread(stack.up)  # what the insert's turn had ended: the relay sums up behind the copies
            await _copy(stack, range(made, times * lengths.copies), say)
            made = times * lengths.copies
            rates = {"register": await _register(stack, course.done, lengths)}
            rates["whole"] = await _whole(stack, driver, days, course, lengths.seconds)
            reads_of = await _reads(stack, lengths, say)
            insert = median(await asyncio.to_thread(inserted, stack, lengths.rounds))
            costs[times] = {**{name: insert / rate for name, rate in rates.items()}, **reads_of}
            beside_it = ", ".join(f"{name} {cost:.2f} x its peer" for name, cost in costs[times].items())
            say(
                f"{times} x two years: {', '.join(f'{name} {rate:.0f}/s' for name, rate in rates.items())}; {beside_it}"
            )
    finally:
        await driver.close()
    return costs


async def _originals(stack: Stack, plan: Plan, say: Say) -> None:
    """Drive what is copied, years before the plan's first day, and go on until nothing is due any more."""
    before = _years_before(scale(plan, PART))
    made = history(before, 2)
    quiet = [Day(before.to + timedelta(day), (), ()) for day in range(1, (plan.from_ - before.to).days)]
    course = Course(made.total)
    driver = Driver(stack, "before", 2, course, in_bulk=True)
    try:
        await driver.drive([*made.days, *quiet])
        await settled(stack, SERVICES)
    finally:
        await driver.close()
    for service in SERVICES:
        async with _connected(stack, service) as conn:
            await copies.keep_originals(conn, service)
    say(f"{course.done} actions driven")


def _years_before(plan: Plan) -> Plan:
    """Give the plan some years earlier, without what it wants of single days and years."""
    return replace(
        plan,
        from_=_earlier(plan.from_),
        to=_earlier(plan.to),
        internships=tuple(replace(one, year=one.year - YEARS_BEFORE) for one in plan.internships),
        surveys=(),
        unplaced_top_occupations=None,
        targets=(),
    )


def _earlier(day: date) -> date:
    return day.replace(year=day.year - YEARS_BEFORE)


async def _copy(stack: Stack, numbers: range, say: Say) -> None:
    for service in SERVICES:
        began = time.monotonic()
        async with _connected(stack, service) as conn:
            await two_years.copy(conn, await copies.statements(conn, service), numbers, of=copies.ORIGINALS)
            if service == "reporting":
                await two_years.summed_up(conn)
        say(f"{len(numbers)} copies of {service} in {time.monotonic() - began:.0f} s")


async def _register(stack: Stack, first: int, lengths: Lengths) -> float:
    """Give how many registrations are answered a second."""
    client = Client(stack.url("intake"), stack.token("counsellor"))
    try:
        numbers, seconds = count(first), lengths.seconds / lengths.rounds
        await for_seconds(client, WARM_UP, register, numbers)
        rates = [await for_seconds(client, seconds, register, numbers) for _ in range(lengths.rounds)]
        await settled(stack, SERVICES)
    finally:
        await client.close()
    return median(rates)


async def _whole(stack: Stack, driver: Driver, days: list[Day], course: Course, seconds: float) -> float:
    """Drive the days on, whole ones, take them off the list, and give how many commands are answered a second."""
    until = time.monotonic() + WARM_UP + seconds
    driving = asyncio.create_task(driver.drive(days, enough=lambda: time.monotonic() > until))
    await asyncio.sleep(WARM_UP)
    began, done = time.monotonic(), course.done
    await asyncio.sleep(seconds)
    rate = (course.done - done) / (time.monotonic() - began)
    last = await driving
    days[:] = [day for day in days if day.day > last]
    await settled(stack, SERVICES)
    return rate


async def _reads(stack: Stack, lengths: Lengths, say: Say) -> Costs:
    """Give how many times as long as its peer each read takes at the median."""
    matching = Client(stack.url("matching"), stack.token("manager"))
    reporting = Client(stack.url("reporting"), stack.token("evaluator"))
    try:
        days = [str(_earlier(date.fromisoformat(day))) for day in figures.DAYS]
        rows = {what: Row(reporting, paths, 1) for what, paths in figures.addresses(days).items()}
        rows["rank"] = Row(matching, await vacancy_paths(matching, "/candidates"), 1)
        size = Size(lengths.rounds, lengths.seconds / lengths.rounds, lengths.copies)
        rounds = await rounds_of(rows, Row(matching, await vacancy_paths(matching), 1), size, say)
        return {name: one.p50 / one.peer_p50 for name, one in beside(rounds, rows).items()}
    finally:
        await matching.close()
        await reporting.close()


@asynccontextmanager
async def _connected(stack: Stack, service: str) -> AsyncGenerator[asyncpg.Connection]:
    conn = await asyncpg.connect(stack.database_url(service))
    try:
        yield conn
    finally:
        await conn.close()
