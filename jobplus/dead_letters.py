"""`jobplus dlq`: the services' dead letters, and the events that Kafka refuses, by their HTTP interfaces."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from jobplus.client import Client, Refusal
from jobplus.settling import Addresses
from jobplus.stack.errors import StackFailed
from jobplus.stack.keys import Bearer

Given = TypeVar("Given")


def _with(addresses: Addresses, service: str, work: Callable[[Client], Awaitable[Given]]) -> Given:
    async def run() -> Given:
        client = addresses.client(service, Bearer("operator"), 1)
        try:
            return await work(client)
        finally:
            await client.close()

    try:
        return asyncio.run(run())
    except (OSError, Refusal) as error:
        raise StackFailed(f"{service}: {error}") from error


def listed(addresses: Addresses, service: str) -> list[dict[str, Any]]:
    """List a service's dead letters (raises StackFailed)."""
    return _with(addresses, service, lambda client: _all(client, "/dead-letters", "letters"))


def unsent(addresses: Addresses, service: str) -> list[dict[str, Any]]:
    """List the events of a service that Kafka refused (raises StackFailed)."""
    return _with(addresses, service, lambda client: _all(client, "/unsent-events", "events"))


async def _all(client: Client, path: str, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        page = await client.get(f"{path}?limit=500&after={after}")
        found += page[name]
        after = page["next"]
    return found


def shown(addresses: Addresses, service: str, letter_id: int) -> dict[str, Any]:
    """Show one, with what is parked behind it (raises StackFailed)."""
    return _with(addresses, service, lambda client: client.get(f"/dead-letters/{letter_id}"))


def settle(addresses: Addresses, service: str, letter_id: int, what: str) -> dict[str, Any]:
    """Redrive or discard one (raises StackFailed)."""
    path, key = f"/dead-letters/{letter_id}/{what}", str(uuid.uuid4())
    return _with(addresses, service, lambda client: client.post(path, b"", key, patience=10.0))


def redriven(service: str, letter_id: int, answer: Mapping[str, Any]) -> str:
    """Say what came of a redrive, and what to do where it didn't get as far as the letter, or no further."""
    stopped_at, error = answer["stopped_at"], answer["error"]
    if stopped_at is None:
        return "applied"
    if stopped_at == letter_id:
        return f"failed again: {error}"
    if answer["applied"]:
        return f"applied; {_then_stopped(answer)}"
    return (
        f"not tried: letter {stopped_at} is older, of the same key, and failed again: {error}\n"
        f"  see to that one first: jobplus dlq show {service} {stopped_at}; redrive it, or give it up by discard"
    )


def discarded(answer: Mapping[str, Any]) -> str:
    """Say what came of a discarding."""
    return "discarded" if answer["stopped_at"] is None else f"discarded; {_then_stopped(answer)}"


def _then_stopped(answer: Mapping[str, Any]) -> str:
    return f"then its key stopped at letter {answer['stopped_at']}: {answer['error']}"


def send_again(addresses: Addresses, service: str, unsent_id: int) -> int:
    """Have an event that Kafka refused sent again, with what is parked behind it; gives how many those are (raises
    StackFailed)."""
    path, key = f"/unsent-events/{unsent_id}/redrive", str(uuid.uuid4())
    return _with(addresses, service, lambda client: client.post(path, b"", key, patience=10.0))["moved"]
