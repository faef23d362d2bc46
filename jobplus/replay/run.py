"""`jobplus replay`: reads and checks a plan, makes its history, drives it, waits, compares and prints."""

import sys
import time
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import orjson
import uvloop
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from jobplus.client import Client, Refusal, Unanswered
from jobplus.replay import compare
from jobplus.replay.calls import SERVICES
from jobplus.replay.driver import Driver
from jobplus.replay.history import history
from jobplus.replay.model import Plan
from jobplus.replay.plan import read
from jobplus.replay.scaling import scale
from jobplus.settling import Addresses, Unsettled, settled
from jobplus.stack.errors import StackFailed


@dataclass(frozen=True)
class Replayed:
    """What a replay came to. Seconds are wall time: of the driving, and of the waiting until all had settled."""

    rows: list[compare.Row]
    figures: dict[str, Any]
    actions: int
    repeated: int
    driving_seconds: float
    settling_seconds: float


def planned(path: Path, by: Fraction) -> Plan:
    """Read, check and scale a plan (raises PlanRefused)."""
    plan = read(path)
    return plan if by == 1 else scale(plan, by)


def replay(plan: Plan, addresses: Addresses, seed: int, *, scaled: bool) -> Replayed:
    """Replay a plan on a stack that holds no data (raises StackFailed)."""
    return uvloop.run(_replay(plan, addresses, seed, scaled))


async def _replay(plan: Plan, addresses: Addresses, seed: int, scaled: bool) -> Replayed:
    try:
        await _refuse_data(addresses)
        made = history(plan, seed)
        with _progress() as progress:
            task = progress.add_task("driving", total=made.total)
            driver = Driver(addresses, f"{plan.name}-{seed}", seed, lambda done: progress.advance(task, done))
            started = time.monotonic()
            try:
                await driver.drive(list(made.days), plan.to, made.surveys, plan.targets)
            finally:
                await driver.close()
            driven = time.monotonic()
            progress.update(task, description="settling")
            await settled(addresses, SERVICES, tell=lambda left: progress.update(task, description=f"settling: {left}"))
            progress.update(task, description="settled")
        settling = time.monotonic() - driven
        figures = await _figures(addresses, plan)
    except (Refusal, Unanswered, Unsettled, OSError) as error:
        raise StackFailed(f"the replay can't go on: {error}; jobplus status tells how the services are") from error
    rows = compare.rows(plan, figures, scaled)
    return Replayed(rows, figures, made.total, driver.repeated, driven - started, settling)


async def _refuse_data(addresses: Addresses) -> None:
    for service in SERVICES:
        client = Client(addresses.url(service), addresses.token("operator"), 1)
        try:
            status = await client.get("/status")
        finally:
            await client.close()
        if status["clock"]["mode"] != "simulated":
            raise StackFailed(f"{service} runs on the system's clock: a replay needs JOBPLUS_CLOCK=simulated")
        if status["published"]:
            raise StackFailed("the stack holds data already; empty it with: jobplus down --wipe && jobplus up")


async def _figures(addresses: Addresses, plan: Plan) -> dict[str, Any]:
    client = Client(addresses.url("reporting"), addresses.token("analyst"), 1)
    try:
        return await client.get(f"/figures?as_of={plan.to}")
    finally:
        await client.close()


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )


def tell(replayed: Replayed, plan: Plan, *, as_json: bool) -> int:
    """Print what a replay came to; gives the exit code: 0 exact, 1 a difference."""
    different = compare.differences(replayed.rows)
    if as_json:
        told = {
            "plan": plan.name,
            **compare.to_json(replayed.rows),
            "actions": replayed.actions,
            "repeated": replayed.repeated,
            "driving_seconds": round(replayed.driving_seconds, 1),
            "settling_seconds": round(replayed.settling_seconds, 1),
        }
        print(orjson.dumps(told).decode())
    else:
        console = Console()
        console.print(compare.render(replayed.rows))
        rate = replayed.actions / max(replayed.driving_seconds, 0.001)
        console.print(
            f"{replayed.actions} actions in {replayed.driving_seconds:.1f} s ({rate:.0f}/s), "
            f"settled after {replayed.settling_seconds:.1f} s more"
        )
        console.print("exact" if not different else f"{len(different)} figures differ", style="bold")
    for row in different:
        print(f"differs: {row.figure}: plan {row.plan}, got {row.got}", file=sys.stderr)
    return 1 if different else 0
