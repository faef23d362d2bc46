"""Load for a while: many connections, each sending the next request as soon as the last is answered; and registrations,
which most benchmarks send."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from itertools import count

import orjson

from jobplus.client import Client

CONNECTIONS = 64

Send = Callable[[Client, int], Awaitable[object]]
"""(client, number of the request) -> sends it."""


async def for_seconds(client: Client, seconds: float, send: Send, numbers: "count[int]") -> float:
    """Send for so many seconds; gives the rate of answered requests a second."""
    started = time.monotonic()
    end = started + seconds
    answered = 0

    async def connection() -> None:
        nonlocal answered
        while time.monotonic() < end:
            await send(client, next(numbers))
            answered += 1

    await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    return answered / (time.monotonic() - started)


async def register(client: Client, number: int) -> None:
    """Register somebody new; asked again by the same number it is the same request."""
    await client.post("/seekers", registration(number), key_of(number))


def key_of(number: int) -> str:
    """Name the request of a registration."""
    return f"register-{number}"


REGISTERED = "/figures/split?measure=registered&by=gender"


async def registered(reporting: Client) -> int:
    """Tell how many registrations the figures count."""
    return (await reporting.get(REGISTERED))["total"]


def registration(number: int) -> bytes:
    """Give the body of a registration of somebody new."""
    return orjson.dumps(
        {
            "name": f"김{number}",
            "birth_date": "1979-05-14",
            "phone": "010-0000-1234",
            "gender": "female",
            "district": "11440",
            "wanted_occupations": ["02", "10"],
        }
    )
