"""Load for a while: many connections, each sending the next request as soon as the last is answered."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from itertools import count

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
