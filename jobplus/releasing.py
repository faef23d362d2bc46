"""`jobplus release`: has the centre's figures up to a month's end published or corrected, or tells what was."""

import asyncio
import uuid
from collections.abc import Callable, Coroutine
from datetime import date
from http import HTTPStatus
from typing import Any

import orjson

from jobplus.client import Client, Refusal
from jobplus.settling import Addresses
from jobplus.stack.errors import OptionRefused, StackFailed
from jobplus.stack.keys import Bearer

PATIENCE = 60.0
"""Seconds for reporting to count what has arrived before."""
PAUSE = 0.5


def release(addresses: Addresses, day: date) -> dict[str, Any]:
    """Publish a release; gives its day, its position in the ledger, its hash and the one before (raises OptionRefused
    where reporting refuses it, StackFailed). While events are still to be counted it waits."""
    return asyncio.run(_with_client(addresses, lambda client: _counted(client, "/releases", {"day": day})))


def correct(addresses: Addresses, day: date, reason: str | None) -> dict[str, Any]:
    """Publish what became known of a release since; gives the correction (raises as `release`)."""
    path, form = f"/releases/{day}/corrections", {"reason": reason}
    return asyncio.run(_with_client(addresses, lambda client: _counted(client, path, form)))


def released(addresses: Addresses) -> list[dict[str, Any]]:
    """List all releases, the newest first (raises as `release`)."""
    return asyncio.run(_with_client(addresses, lambda client: client.get("/releases")))


async def _with_client(addresses: Addresses, work: Callable[[Client], Coroutine[Any, Any, Any]]) -> Any:
    client = addresses.client("reporting", Bearer("manager"), 1)
    try:
        return await work(client)
    except Refusal as error:
        problem = _problem(error)
        if error.answer.status in {HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY}:
            raise OptionRefused(problem) from error
        raise StackFailed(f"reporting refuses: {problem}") from error
    except OSError as error:
        raise StackFailed(f"reporting does not answer: {error}; a local stack starts with: jobplus up") from error
    finally:
        await client.close()


async def _counted(client: Client, path: str, form: dict[str, Any]) -> dict[str, Any]:
    """Post a form once all that has arrived is counted."""
    until = asyncio.get_running_loop().time() + PATIENCE
    while True:
        try:
            return await client.post(path, orjson.dumps(form), str(uuid.uuid4()))
        except Refusal as error:
            if not error.answer.body.count(b":still-counting") or asyncio.get_running_loop().time() > until:
                raise
            await asyncio.sleep(PAUSE)


def _problem(error: Refusal) -> str:
    try:
        told = orjson.loads(error.answer.body)
        errors = "; ".join(f"{one['field']}: {one['reason']}" for one in told.get("errors", ()))
        return f"{told['title']}: {errors or told['detail']}"
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return str(error)
