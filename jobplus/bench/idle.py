"""`idle`: the CPU that a whole stack uses with nothing to do, counted over SECONDS once all has settled."""

import time
from collections.abc import Callable
from typing import Literal

import uvloop

from jobplus.bench import cpu
from jobplus.bench.result import Result, medians, spread
from jobplus.settling import settled
from jobplus.stack.local import Stack
from jobplus.stack.ports import ROLES, SERVICES

ROUNDS = 3
SECONDS = 60.0
WARM_UP = 30.0
"""In which what was left of starting ends, Java's compiling above all."""
MOST_PERCENT = 3.0
GOAL = f"the {len(SERVICES) * len(ROLES)} processes of the services together at most {MOST_PERCENT:g} % of a core"

CLOCK: Literal["system", "simulated"] = "system"

Say = Callable[[str], None]


def run(stack: Stack, say: Say) -> Result:
    """Measure on a stack of its own."""
    stack.up()
    uvloop.run(settled(stack, SERVICES))
    time.sleep(WARM_UP)
    processes: list[dict[str, float]] = []
    rounds: list[dict[str, float]] = []
    for number in range(1, ROUNDS + 1):
        before = cpu.used(stack)
        time.sleep(SECONDS)
        after = cpu.used(stack)
        processes.append({name: (after[name] - before[name]) / SECONDS * 100 for name in stack.names()})
        rounds.append(of_parts(processes[-1]))
        say(f"round {number} of {ROUNDS}: " + ", ".join(f"{name} {used:.1f} %" for name, used in rounds[-1].items()))
    measured = medians(rounds)["idle"]
    detail = {
        "seconds": SECONDS,
        "spread": spread(rounds, digits=1),
        "percent_of_a_core": {name: round(used, 2) for name, used in medians(processes).items()},
    }
    return Result("idle", measured, "% of a core", GOAL, measured <= MOST_PERCENT, rounds, detail=detail)


def of_parts(processes: dict[str, float]) -> dict[str, float]:
    """Add up the services as `idle`, and each role of theirs; Kafka and PostgreSQL stay as they are."""
    roles = {role: sum(used for name, used in processes.items() if name.endswith(f"-{role}")) for role in ROLES}
    servers = {name: used for name, used in processes.items() if name.partition("-")[0] not in SERVICES}
    return {"idle": sum(roles.values()), **roles, **servers}
