"""`register`: a POST of a registration, answered after the commit with its event in the outbox.

One api process, 64 connections, beside the same app without a database and a plain single INSERT, in turn.
"""

import asyncio
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from itertools import count
from typing import Literal

import uvloop

from jobplus.bench.load import for_seconds, registration
from jobplus.bench.result import Peer, Result, medians, spread
from jobplus.client import Client
from jobplus.settling import settled
from jobplus.stack.local import Stack

ROUNDS = 5
SECONDS = 6.0
WARM_UP = 2.0
NO_DATABASE, PLAIN_INSERT = 0.8, 1.5
GOAL = f"at least {NO_DATABASE} of the same app without a database, at least {PLAIN_INSERT} x a plain INSERT"

CLOCK: Literal["system", "simulated"] = "system"

Say = Callable[[str], None]


def run(stack: Stack, say: Say) -> Result:
    """Measure on a stack of its own."""
    stack.up(only=["intake"])
    with peer(stack, "no_database", 60) as no_database, peer(stack, "plain_insert", 61) as plain_insert:
        addresses = {"register": stack.url("intake"), "no_database": no_database, "plain_insert": plain_insert}
        rounds = uvloop.run(_rounds(stack, addresses, say))
    middle = medians(rounds)
    ours = middle["register"]
    peers = {
        "no_database": Peer(middle["no_database"], ours / middle["no_database"], NO_DATABASE),
        "plain_insert": Peer(middle["plain_insert"], ours / middle["plain_insert"], PLAIN_INSERT),
    }
    met = all(peer.met for peer in peers.values())
    return Result("register", ours, "requests/s", GOAL, met, rounds, peers, {"spread": spread(rounds)})


async def _rounds(stack: Stack, addresses: dict[str, str], say: Say) -> list[dict[str, float]]:
    token = stack.token("counsellor")
    clients = {name: Client(url, token) for name, url in addresses.items()}
    numbers = count()
    for client in clients.values():
        await for_seconds(client, WARM_UP, _register, numbers)
    rounds: list[dict[str, float]] = []
    for number in range(1, ROUNDS + 1):
        measured: dict[str, float] = {}
        for name, client in clients.items():
            measured[name] = await for_seconds(client, SECONDS, _register, numbers)
            await settled(stack, ["intake"])
        say(f"round {number} of {ROUNDS}: " + ", ".join(f"{name} {rate:.0f}/s" for name, rate in measured.items()))
        rounds.append(measured)
    for client in clients.values():
        await client.close()
    return rounds


async def _register(client: Client, number: int) -> None:
    await client.post("/seekers", registration(number), f"register-{number}")


@contextmanager
def peer(stack: Stack, name: str, offset: int) -> Generator[str]:
    """Run a peer on a port so far behind the stack's first; gives its address."""
    port = stack.base_port + offset
    environment = {**stack.environment("intake", "api"), "JOBPLUS_HTTP_PORT": str(port)}
    with (stack.home.logs / f"{name}.log").open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "jobplus.bench.peers", name], env=environment, stdout=output, stderr=output
        )
        try:
            yield _when_listening(port)
        finally:
            process.terminate()
            process.wait(30)


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
