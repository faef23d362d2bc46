"""`register`: a POST of a registration, answered after the commit with its event in the outbox.

One api process, 64 connections, beside a plain single INSERT, the usual dual write, and the same app without a
database. Each has its turn in each round, and nothing else runs in it: intake's processes are ended while a peer is
measured, and started and warmed again for their own turn, in which the relay sends all the while.
"""

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager
from itertools import count
from typing import Literal, NamedTuple

import uvloop

from jobplus.bench import cpu
from jobplus.bench.beside import started, stop_services
from jobplus.bench.load import for_seconds, register
from jobplus.bench.peers import DUAL_WRITTEN, PEERS
from jobplus.bench.result import Result, medians, peers_of, spread
from jobplus.client import Client
from jobplus.settling import settled
from jobplus.stack.local import Stack

ROUNDS = 5
SECONDS = 6.0
WARM_UP = 3.0
GOALS = {"plain_insert": 1.5, "dual_write": 3.0, "no_database": None}
GOAL = "at least 1.5 x a plain INSERT, at least 3 x the usual dual write"
OURS = [f"intake-{role}" for role in ("api", "worker", "relay")]
PEER_PORT = 60
"""Behind the stack's first port."""

CLOCK: Literal["system", "simulated"] = "system"

Say = Callable[[str], None]


class _Turn(NamedTuple):
    """What one had in its turn: requests a second, and the CPU of a request, in microseconds: of its own process, and
    of all."""

    rate: float
    own: float
    all: float


def run(stack: Stack, say: Say) -> Result:
    """Measure on a stack of its own."""
    stack.up(only=["intake"])
    stack.make_topics([DUAL_WRITTEN])
    for name in OURS:
        stack.stop(name)
    numbers = count()
    turns: list[dict[str, _Turn]] = []
    for number in range(1, ROUNDS + 1):
        turns.append({"register": _ours(stack, numbers), **{name: _peers(stack, name, numbers) for name in GOALS}})
        shown = ", ".join(f"{name} {turn.rate:.0f}/s" for name, turn in turns[-1].items())
        say(f"round {number} of {ROUNDS}: {shown}")
    rounds = [{name: turn.rate for name, turn in one.items()} for one in turns]
    middle = medians(rounds)
    peers = peers_of("register", middle, GOALS)
    detail = {"spread": spread(rounds), "cpu_us_a_request": cpu.of_turns(turns)}
    return Result(
        "register",
        middle["register"],
        "requests/s",
        GOAL,
        all(peer.met for peer in peers.values()),
        rounds,
        peers,
        detail,
    )


def _ours(stack: Stack, numbers: "count[int]") -> _Turn:
    for name in OURS:
        stack.start(name)
    try:
        api = stack.pid("intake-api")
        assert api is not None
        return uvloop.run(_turn(stack, stack.url("intake"), api, numbers, outbox=True))
    finally:
        for name in OURS:
            stack.stop(name)


def _peers(stack: Stack, name: str, numbers: "count[int]") -> _Turn:
    with peer(stack, name, PEER_PORT) as (address, pid):
        return uvloop.run(_turn(stack, address, pid, numbers, outbox=False))


async def _turn(stack: Stack, address: str, pid: int, numbers: "count[int]", *, outbox: bool) -> _Turn:
    client = Client(address, stack.token("counsellor"))
    try:
        await for_seconds(client, WARM_UP, register, numbers)
        before, own = cpu.used(stack), cpu.of(pid)
        rate = await for_seconds(client, SECONDS, register, numbers)
        if outbox:
            await settled(stack, ["intake"])  # what the relay has left to send is part of the price
        requests = rate * SECONDS
        own, after = cpu.of(pid) - own, cpu.used(stack)
    finally:
        await client.close()
    spent = cpu.each(before, after, round(requests))["all"]
    return _Turn(rate, own / requests * 1e6, spent if outbox else spent + own / requests * 1e6)


def inserted(stack: Stack, rounds: int) -> list[float]:
    """Give how many plain INSERTs were answered a second, round by round, with nothing else running."""
    stop_services(stack)
    numbers = count()
    return [_peers(stack, "plain_insert", numbers).rate for _ in range(rounds)]


@contextmanager
def peer(stack: Stack, name: str, offset: int) -> Generator[tuple[str, int]]:
    """Run a peer on a port so far behind the stack's first; gives its address and its process id."""
    assert name in PEERS
    port = stack.base_port + offset
    environment = {**stack.environment("intake", "api"), "JOBPLUS_HTTP_PORT": str(port)}
    with started(stack, name, ["-m", "jobplus.bench.peers", name], environment) as process:
        yield _when_listening(port), process.pid


def _when_listening(port: int) -> str:
    async def connect() -> None:
        for _ in range(200):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                writer.close()
                return
        raise TimeoutError(f"nothing listens on port {port}")

    asyncio.run(connect())
    return f"http://127.0.0.1:{port}"
