"""When everything that was asked has arrived everywhere: no outbox, no lag, no due work left, nothing new meanwhile.

It is told from the services' own status over HTTP, so it works wherever they run. The outboxes are seen empty;
then every partition is looked at by its consumer after that moment and has no lag; then nothing was published
meanwhile. Only then can no chain of events be under way.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

from jobplus.client import CONNECTIONS, Client, Refusal
from jobplus.stack.keys import Bearer

LOOK_SECONDS = 0.15
ANSWER_TRIES = 200

Tell = Callable[[str], None]


class Addresses(Protocol):
    """Where the services are, and who may ask them: a local stack, or any other."""

    @property
    def services(self) -> Sequence[str]: ...
    def token_of(self, bearer: Bearer) -> str: ...
    def client(self, service: str, bearer: Bearer, connections: int = CONNECTIONS) -> Client: ...


class Unsettled(Exception):
    """It takes too long: says what is left."""


async def settled(
    addresses: Addresses, services: Sequence[str], *, seconds: float = 600.0, tell: Tell = lambda _: None
) -> list[dict[str, Any]]:
    """Wait until all has settled; gives the statuses. Raises Unsettled after `seconds` without any progress, Refusal
    where the token is not valid."""
    clients = [addresses.client(service, Bearer("operator"), 1) for service in services]
    loop = asyncio.get_running_loop()
    moved, before = loop.time(), ""
    try:
        while True:
            first = await _statuses(clients)
            left = _left(first)
            if not left:
                second = await _looked_at_since(clients, first)
                if second is not None and not _left(second) and _published(first) == _published(second):
                    return second
                left = "the consumers to look again"
            if left != before:
                moved, before = loop.time(), left
            tell(left)
            if loop.time() - moved > seconds:
                raise Unsettled(f"nothing moved for {seconds:.0f} s; left: {left}")
            await asyncio.sleep(LOOK_SECONDS)
    finally:
        for client in clients:
            await client.close()


async def _statuses(clients: Sequence[Client]) -> list[dict[str, Any]]:
    away: Exception | None = None
    for _ in range(ANSWER_TRIES):
        try:
            return list(await asyncio.gather(*(client.get("/status") for client in clients)))
        except (OSError, Refusal) as error:
            if isinstance(error, Refusal) and error.of_token:
                raise
            away = error
            await asyncio.sleep(LOOK_SECONDS)
    raise Unsettled(f"a service doesn't tell its status: {away}")


async def _looked_at_since(clients: Sequence[Client], first: Sequence[dict[str, Any]]) -> list[dict[str, Any]] | None:
    """Give statuses in which every partition was looked at after the first ones, None when that takes long."""
    moment = max(datetime.fromisoformat(status["at"]) for status in first)
    for _ in range(20):
        statuses = await _statuses(clients)
        partitions = [partition for status in statuses for partition in status["consumers"]]
        if all(p["checked_at"] and datetime.fromisoformat(p["checked_at"]) > moment for p in partitions):
            return statuses
        await asyncio.sleep(LOOK_SECONDS)
    return None


def _published(statuses: Sequence[dict[str, Any]]) -> list[Any]:
    return [status["published"] for status in statuses]


def _left(statuses: Sequence[dict[str, Any]]) -> str:
    """Say what is left to do, "" when nothing is."""
    outbox = sum(status["outbox"] for status in statuses)
    lag = sum(p["lag"] if p["lag"] is not None else 1 for status in statuses for p in status["consumers"])
    due = [s["service"] for s in statuses if s["due_through"] != s["clock"]["day"]]
    deaf = [s["service"] for s in statuses if s["listens"] and not s["consumers"]]
    parts = [f"{outbox} events to send" if outbox else "", f"{lag} to apply" if lag else ""]
    parts.append(f"the consumers of {', '.join(deaf)} to start" if deaf else "")
    lost = sorted({s["service"] for s in statuses for p in s["consumers"] if p["lost"]})
    parts.append(f"what {', '.join(lost)} lost of Kafka's history" if lost else "")
    parts.append(f"due work of {', '.join(due)}" if due else "")
    return ", ".join(part for part in parts if part)
