"""`memory`: what each process of the services holds in memory, once so many events have passed through all of them.

It is the resident set, of which pages of libraries that processes share are counted in each.
"""

from collections.abc import Callable
from typing import Literal

import psutil

from jobplus.bench.history import fill
from jobplus.bench.result import Peer, Result
from jobplus.stack.local import Stack
from jobplus.stack.ports import SERVICES

EVENTS = 60_000
MOST_MIB = 120.0
MIB = 1024 * 1024
GOAL = f"each of the processes of the services at most {MOST_MIB:g} MiB, after a million events"

CLOCK: Literal["system", "simulated"] = "simulated"

Say = Callable[[str], None]


def run(stack: Stack, say: Say, events: int = EVENTS) -> Result:
    """Measure on a stack of its own."""
    stack.up()
    at_start = _held(stack)
    published = fill(stack, events, say)
    held = _held(stack)
    most = max(held, key=lambda name: held[name])
    say(f"the most is {most}: {held[most]:.0f} MiB, {at_start[most]:.0f} at the start")
    peers = {"limit": Peer(MOST_MIB, MOST_MIB / held[most], 1.0)}
    detail = {
        "events": published,
        "most": most,
        "mib": {name: round(mib, 1) for name, mib in sorted(held.items(), key=lambda one: -one[1])},
        "mib_at_the_start": {name: round(mib, 1) for name, mib in at_start.items()},
    }
    return Result("memory", held[most], "MiB", GOAL, peers["limit"].met, [held], peers, detail)


def _held(stack: Stack) -> dict[str, float]:
    """Give the resident set of each process of the services, in MiB."""
    pids = {name: stack.pid(name) for name in stack.names() if name.partition("-")[0] in SERVICES}
    return {name: psutil.Process(pid).memory_info().rss / MIB for name, pid in pids.items() if pid is not None}
