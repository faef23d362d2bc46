"""`project`: events from Kafka into reporting's ledger, facts and figures, beside others who read the same.

The replay's history stands in the topics when the turns begin; then nothing runs but Kafka, PostgreSQL and whoever has
its turn. Reporting's worker reads all of it into an emptied ledger; a peer, which is slower, reads for SECONDS. Rates
are from the first event that is kept. What a peer does is told in `jobplus/bench/readers.py`.
"""

from collections.abc import Callable
from typing import Literal

from jobplus.bench import cpu
from jobplus.bench.beside import stop_services
from jobplus.bench.history import fill
from jobplus.bench.reading import Turn, compare_figures, figures, read_anew, read_by_peer
from jobplus.bench.result import Result, medians, peers_of, spread
from jobplus.stack.local import Stack

ROUNDS = 3
EVENTS = 60_000
SECONDS = 12.0
GOALS = {"one_at_a_time": 10.0, "faststream": 10.0, "faust_table": 10.0, "faststream_batch": None}
GOAL = "at least 10 x one event at a time, FastStream's subscriber, and a table of faust"

CLOCK: Literal["system", "simulated"] = "simulated"

Say = Callable[[str], None]


def run(stack: Stack, say: Say, events: int = EVENTS) -> Result:
    """Measure on a stack of its own (raises Lost)."""
    stack.up()
    published = fill(stack, events, say)
    before = figures(stack)
    stop_services(stack)
    turns: list[dict[str, Turn]] = []
    for number in range(1, ROUNDS + 1):
        turn = {"project": read_anew(stack, published)}
        for name in GOALS:
            turn[name] = read_by_peer(stack, name, f"{name}-{number}", published, SECONDS)
        turns.append(turn)
        said = ", ".join(f"{name} {one.rate:.0f}/s" for name, one in turn.items())
        say(f"round {number} of {ROUNDS}: {said}")
    compare_figures(stack, before, "read anew from the topics")
    rounds = [{name: one.rate for name, one in turn.items()} for turn in turns]
    middle = medians(rounds)
    peers = peers_of("project", middle, GOALS)
    detail = {
        "events": published,
        "spread": spread(rounds),
        "cpu_us_an_event": cpu.of_turns(turns),
    }
    return Result(
        "project", middle["project"], "events/s", GOAL, all(peer.met for peer in peers.values()), rounds, peers, detail
    )
