"""`jobplus replay`: reads and checks a plan, makes its history, drives it, waits, compares and prints."""

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import orjson
import uvloop
from rich.console import Console

from jobplus.client import Refusal, Unanswered
from jobplus.replay.comparing import compare
from jobplus.replay.comparing.expected import expected
from jobplus.replay.drawing.history import history
from jobplus.replay.driving.calls import SERVICES
from jobplus.replay.driving.course import Course, Spent, shown, where_time_went
from jobplus.replay.driving.driver import Driver
from jobplus.replay.planning.model import Plan
from jobplus.replay.planning.plan import read
from jobplus.replay.planning.scaling import scale
from jobplus.settling import Addresses, Unsettled, settled
from jobplus.stack.errors import StackFailed
from jobplus.stack.keys import Bearer


@dataclass(frozen=True)
class Replayed:
    """What a replay came to. Seconds are wall time: of drawing the history, of driving it (and on what the lanes, which
    are driven at once, spent it), and of the waiting until all had settled."""

    rows: list[compare.Row]
    figures: dict[str, Any]
    actions: int
    repeated: int
    drawing_seconds: float
    driving_seconds: float
    lanes: Mapping[str, Mapping[Spent, float]]
    settling_seconds: float


def planned(path: Path, by: Fraction) -> Plan:
    """Read, check and scale a plan (raises PlanRefused)."""
    plan = read(path)
    return plan if by == 1 else scale(plan, by)


def replay(plan: Plan, addresses: Addresses, seed: int, *, scaled: bool, in_bulk: bool = True) -> Replayed:
    """Replay a plan on a stack that holds no data (raises StackFailed)."""
    return uvloop.run(_replay(plan, addresses, seed, scaled, in_bulk))


async def _replay(plan: Plan, addresses: Addresses, seed: int, scaled: bool, in_bulk: bool) -> Replayed:
    try:
        await _refuse_data(addresses)
        began = time.monotonic()
        made = history(plan, seed)
        days, course = list(made.days), Course(made.total)
        driver = Driver(addresses, f"{plan.name}-{seed}", seed, course, in_bulk=in_bulk)
        try:
            async with shown(course):
                started = time.monotonic()
                await driver.drive(days, made.surveys, plan.targets)
                driven = time.monotonic()
                await settled(addresses, SERVICES, tell=course.settle)
                settling = time.monotonic() - driven
            followed_up = await driver.followed_up(plan.to)
            answered = await driver.afterwards()
        finally:
            await driver.close()
        figures = await _figures(addresses, plan)
    except (Refusal, Unanswered, Unsettled, OSError) as error:
        raise StackFailed(f"the replay can't go on: {error}; jobplus status tells how the services are") from error
    got = {**figures, "afterwards": answered}
    rows = compare.rows(plan, got, scaled, expected(made, plan, followed_up))
    return Replayed(
        rows, figures, made.total, driver.repeated, started - began, driven - started, course.seconds, settling
    )


async def _refuse_data(addresses: Addresses) -> None:
    for service in SERVICES:
        client = addresses.client(service, Bearer("operator"), 1)
        try:
            status = await client.get("/status")
        finally:
            await client.close()
        if status["clock"]["mode"] != "simulated":
            raise StackFailed(f"{service} runs on the system's clock: a replay needs JOBPLUS_CLOCK=simulated")
        if status["published"]:
            raise StackFailed("the stack holds data already; empty it with: jobplus down --wipe && jobplus up")


async def _figures(addresses: Addresses, plan: Plan) -> dict[str, Any]:
    client = addresses.client("reporting", Bearer("analyst"), 1)
    try:
        return await client.get(f"/figures?as_of={plan.to}")
    finally:
        await client.close()


def tell(replayed: Replayed, plan: Plan, *, as_json: bool) -> int:
    """Print what a replay came to; gives the exit code: 0 exact, 1 a difference."""
    different = compare.differences(replayed.rows)
    if as_json:
        told = {
            "plan": plan.name,
            **compare.to_json(replayed.rows),
            "actions": replayed.actions,
            "repeated": replayed.repeated,
            "drawing_seconds": round(replayed.drawing_seconds, 1),
            "driving_seconds": round(replayed.driving_seconds, 1),
            "lanes": {
                lane: {on: round(seconds, 1) for on, seconds in spent.items()} for lane, spent in replayed.lanes.items()
            },
            "settling_seconds": round(replayed.settling_seconds, 1),
        }
        print(orjson.dumps(told).decode())
    else:
        console = Console()
        console.print(compare.render(replayed.rows))
        rate = replayed.actions / max(replayed.driving_seconds, 0.001)
        console.print(
            f"{replayed.actions} actions in {replayed.driving_seconds:.1f} s ({rate:.0f}/s), "
            f"settled after {replayed.settling_seconds:.1f} s more; drawn in {replayed.drawing_seconds:.1f} s before"
        )
        for line in where_time_went(replayed.lanes):
            console.print(line)
        console.print("exact" if not different else f"{len(different)} figures differ", style="bold")
    for row in different:
        print(f"differs: {row.figure}: plan {row.plan}, got {row.got}", file=sys.stderr)
    return 1 if different else 0
