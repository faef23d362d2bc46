"""What registrations are measured against answers what intake answers: a measure beside a broken peer says nothing."""

import asyncio
from typing import Any

import pytest

from jobplus.bench.load import registration
from jobplus.bench.register import peer
from jobplus.client import Client
from jobplus.stack.local import Stack


async def registered(address: str, token: str, key: str) -> dict[str, Any]:
    client = Client(address, token, 1)
    try:
        return await client.post("/seekers", registration(1), key)
    finally:
        await client.close()


@pytest.mark.parametrize(("name", "offset"), [("no_database", 60), ("plain_insert", 61)])
def test_a_peer_registers_whom_intake_registers(stack: Stack, name: str, offset: int) -> None:
    with peer(stack, name, offset) as address:
        answer = asyncio.run(registered(address, stack.token("counsellor"), f"peer-{name}"))
    assert set(answer) == {"seeker_id"}
