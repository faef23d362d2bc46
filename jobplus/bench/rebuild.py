"""`rebuild`: reporting is emptied, and made anew from the topics; then its facts once more from its ledger.

The ledger, the facts and the offsets are emptied, and the worker reads the topics from their beginning; the targets,
which are reporting's own, stay. Then the facts are made anew from the ledger as a release does it
(`python -m services.reporting.rebuild`). The figures are the same after each, or it has lost something.
"""

import subprocess
import time
from collections.abc import Callable
from statistics import median
from typing import Literal

from jobplus.bench.beside import started, stop_services
from jobplus.bench.history import fill
from jobplus.bench.reading import compare_figures, figures, read_anew
from jobplus.bench.result import Lost, Result, medians, spread
from jobplus.stack.local import Stack

ROUNDS = 3
EVENTS = 60_000
ANEW_SECONDS = 3600.0
GOAL = "the same figures; no slower than project, where that ran before"

CLOCK: Literal["system", "simulated"] = "simulated"

Say = Callable[[str], None]


def run(stack: Stack, say: Say, events: int = EVENTS) -> Result:
    """Measure on a stack of its own (raises Lost)."""
    stack.up()
    published = fill(stack, events, say)
    before = figures(stack)
    stop_services(stack)
    rounds: list[dict[str, float]] = []
    seconds: list[float] = []
    for number in range(1, ROUNDS + 1):
        began = time.monotonic()
        turn = read_anew(stack, published)
        compare_figures(stack, before, "read anew from the topics")
        counted = _count_anew(stack)
        compare_figures(stack, before, "counted anew from the ledger")
        rounds.append({"rebuild": turn.rate, "from_the_ledger": published / counted})
        seconds.append(time.monotonic() - began)
        again = f"{turn.rate:.0f}/s from the topics, {published / counted:.0f}/s from the ledger"
        say(f"round {number} of {ROUNDS}: {again}")
    middle = medians(rounds)
    detail = {
        "events": published,
        "spread": spread(rounds),
        "seconds_with_both_and_the_comparing": round(median(seconds), 1),
    }
    return Result("rebuild", middle["rebuild"], "events/s", GOAL, True, rounds, detail=detail)


def _count_anew(stack: Stack) -> float:
    began = time.monotonic()
    with started(
        stack, "rebuild", ["-m", "services.reporting.rebuild"], stack.environment("reporting", "worker")
    ) as process:
        try:
            code = process.wait(ANEW_SECONDS)
        except subprocess.TimeoutExpired:
            raise TimeoutError(f"the facts weren't counted anew within {ANEW_SECONDS:.0f} s") from None
    if code:
        raise Lost(f"services.reporting.rebuild ended with code {code}")
    return time.monotonic() - began
