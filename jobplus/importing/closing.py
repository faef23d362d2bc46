"""`jobplus import close`: has the services forget which rows of an import they took."""

import asyncio
import uuid
from collections.abc import Callable, Sequence

import orjson

from jobplus.client import Refusal, Unanswered
from jobplus.importing.run import SERVICES
from jobplus.settling import Addresses
from jobplus.stack.errors import OptionRefused, StackFailed
from jobplus.stack.keys import Bearer, Role

CLOSES: Role = "manager"


def close(name: str, addresses: Callable[[Sequence[Role]], Addresses]) -> dict[str, dict[str, int]]:
    """Close an import; gives by service and address how many rows were forgotten (raises StackFailed,
    OptionRefused)."""
    try:
        return asyncio.run(_close(name, addresses((CLOSES,))))
    except Refusal as refusal:
        if refusal.answer.status == 422:
            raise OptionRefused(f"the name {name}: {refusal.answer.json()['detail']}") from refusal
        raise StackFailed(f"the import isn't closed: {refusal}; run the same command again") from refusal
    except (Unanswered, OSError) as error:
        raise StackFailed(f"the import isn't closed: {error}; run the same command again") from error


async def _close(name: str, addresses: Addresses) -> dict[str, dict[str, int]]:
    forgotten: dict[str, dict[str, int]] = {}
    for service in SERVICES:
        client = addresses.client(service, Bearer(CLOSES), 1)
        try:
            answer = await client.post("/imports/closing", orjson.dumps({"import_name": name}), str(uuid.uuid4()))
        finally:
            await client.close()
        forgotten[service] = answer["forgotten"]
    return forgotten
