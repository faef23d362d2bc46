"""Reads that people wait for: eight connections at once, each of which asks again as soon as it is answered.

Each row is compared with a peer that is read in the same rounds, GET /vacancies/{id}: a record by its id, the cheapest
read that the services have.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import cycle
from statistics import median
from typing import NamedTuple

from jobplus.bench.latency import Waits
from jobplus.client import Client

CONNECTIONS = 8
PEER = "GET /vacancies/{id}"

SETTINGS = {"COSTLY_READS": "8", "COSTLY_READS_EACH": "8", "DATABASE_POOL": "12"}
"""So many are read at once, by one subject."""


class Size(NamedTuple):
    """How much is measured: so many rounds, in each of which each row is read for so many seconds, of the two years
    made of so many copies of a fiftieth."""

    rounds: int
    seconds: float
    copies: int


class Row(NamedTuple):
    """What is read: addresses, one after the other; at most so many times as long as the peer, at the 99th of 100."""

    client: Client
    paths: Sequence[str]
    most: float


async def vacancy_paths(client: Client, ending: str = "") -> list[str]:
    """Give the addresses of the newest vacancies."""
    page = await client.get("/vacancies?limit=40")
    return [f"/vacancies/{vacancy['vacancy_id']}{ending}" for vacancy in page["vacancies"]]


async def rounds_of(
    rows: Mapping[str, Row], peer: Row, size: Size, say: Callable[[str], None]
) -> list[dict[str, Waits]]:
    """Read the rows, each after its peer, in as many rounds; before them each address once."""
    for row in (peer, *rows.values()):
        for path in row.paths:
            await row.client.get(path)
    rounds: list[dict[str, Waits]] = []
    for number in range(1, size.rounds + 1):
        read: dict[str, Waits] = {}
        for name, row in rows.items():
            read[_peer_of(name)] = await _waits(peer, size.seconds)
            read[name] = await _waits(row, size.seconds)
            say(f"round {number} of {size.rounds}: {name} {read[name]}, {PEER} {read[_peer_of(name)]}")
        rounds.append(read)
    return rounds


def _peer_of(name: str) -> str:
    return f"{PEER} beside {name}"


async def _waits(row: Row, seconds: float) -> Waits:
    end = time.monotonic() + seconds
    taken, turn = list[float](), cycle(row.paths)

    async def connection() -> None:
        while (asked := time.monotonic()) < end:
            await row.client.get(next(turn))
            taken.append(time.monotonic() - asked)

    await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    return Waits.of(taken)


class Beside(NamedTuple):
    """A row and its peer: medians of the rounds, in milliseconds, and how many times as long it takes at the 99th."""

    p50: float
    p99: float
    peer_p50: float
    peer_p99: float
    times: float
    most: float

    @property
    def met(self) -> bool:
        return self.times <= self.most


def beside(rounds: Sequence[Mapping[str, Waits]], rows: Mapping[str, Row]) -> dict[str, Beside]:
    """Give each row beside its peer, over all rounds."""

    def middle(name: str, part: Callable[[Waits], float]) -> float:
        return round(1000 * median(part(one[name]) for one in rounds), 2)

    found: dict[str, Beside] = {}
    for name, row in rows.items():
        (p50, p99), (peer_p50, peer_p99) = (
            (middle(one, lambda waits: waits.p50), middle(one, lambda waits: waits.p99))
            for one in (name, _peer_of(name))
        )
        found[name] = Beside(p50, p99, peer_p50, peer_p99, round(p99 / peer_p99, 2), row.most)
    return found
