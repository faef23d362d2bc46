"""Registrations offered at a constant rate, some of them wrong, whether or not earlier ones were answered; and what is
asked beside them meanwhile."""

import asyncio
import gc
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

import orjson

from jobplus.bench.latency import Waits
from jobplus.bench.load import key_of, registration
from jobplus.client import Client

BAD_EVERY = 50
"""One in so many can't be taken: 2 %."""
BAD = (b'{"name": ', b"[]", orjson.dumps({"name": "\uae40", "birth_date": "1979-13-14"}))
REFUSALS = (b"urn:jobplus:problem:overloaded", b"urn:jobplus:problem:over-share")
PAUSE = 0.05
"""Between two questions of one kind that are asked beside."""


@dataclass
class Tally:
    """What became of registrations, each measured from when it was due, in seconds; `unknown` are the numbers of those
    that had no answer, and `others` the statuses of answers that there shouldn't be."""

    accepted: list[float] = field(default_factory=list[float])
    refused: list[float] = field(default_factory=list[float])
    wrong: int = 0
    others: Counter[int] = field(default_factory=Counter[int])
    unknown: list[int] = field(default_factory=list[int])
    late: list[float] = field(default_factory=list[float])
    """How late each was sent: what the load itself adds."""
    afterwards: int = 0
    """Those that were accepted once the load was over."""


async def offered(client: Client, rate: float, seconds: float, numbers: "count[int]") -> Tally:
    """Offer registrations at a rate for so many seconds, and wait for all answers. Meanwhile the load collects no
    garbage, which would make it late by as much as a second."""
    gc.collect()
    gc.disable()
    try:
        return await _offered(client, rate, seconds, numbers)
    finally:
        gc.enable()


async def _offered(client: Client, rate: float, seconds: float, numbers: "count[int]") -> Tally:
    tally, started, asking = Tally(), time.monotonic(), set[asyncio.Task[None]]()
    for place in range(round(rate * seconds)):
        due = started + place / rate
        if (early := due - time.monotonic()) > 0:
            await asyncio.sleep(early)
        task = asyncio.create_task(_offer(client, next(numbers), due, tally, bad=place % BAD_EVERY == 0))
        asking.add(task)
        task.add_done_callback(asking.discard)
    await asyncio.gather(*asking)
    return tally


async def _offer(client: Client, number: int, due: float, tally: Tally, *, bad: bool) -> None:
    tally.late.append(time.monotonic() - due)
    body = BAD[number % len(BAD)] if bad else registration(number)
    try:
        status, answer = await client.once("POST", "/seekers", body, headers_of(number))
    except OSError:
        if not bad:
            tally.unknown.append(number)
        return
    waited = time.monotonic() - due
    if status == 201 and not bad:
        tally.accepted.append(waited)
    elif status in {429, 503} and any(kind in answer for kind in REFUSALS):
        tally.refused.append(waited)
    elif status == 422 and bad:
        tally.wrong += 1
    else:
        tally.others[status] += 1
        if not bad:
            tally.unknown.append(number)


def headers_of(number: int) -> dict[str, str]:
    """Give the headers of a registration."""
    return {"Idempotency-Key": key_of(number), "Content-Type": "application/json"}


class Beside:
    """Asks for something again and again; `waits` tells how long it waited, `failed` what was answered otherwise."""

    def __init__(self, client: Client, path: str) -> None:
        self._client = client
        self._path = path
        self._seconds: list[float] = []
        self.failed = Counter[str]()

    @property
    def waits(self) -> Waits:
        return Waits.of(self._seconds)

    async def ask(self, until: Callable[[], bool]) -> None:
        """Ask until it is over."""
        while not until():
            started = time.monotonic()
            try:
                status = (await self._client.once("GET", self._path)).status
            except OSError as error:
                self.failed[type(error).__name__] += 1
            else:
                self._seconds.append(time.monotonic() - started)
                if status != 200:
                    self.failed[str(status)] += 1
            await asyncio.sleep(PAUSE)
