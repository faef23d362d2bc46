"""What registrations are measured against answers what intake answers: a measure beside a broken peer says nothing."""

import asyncio
import hashlib
import inspect
from typing import Any

import pytest

from jobplus.bench import peers
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


@pytest.mark.parametrize(("name", "offset"), [("no_database", 60), ("plain_insert", 61), ("dual_write", 62)])
def test_a_peer_registers_whom_intake_registers(stack: Stack, name: str, offset: int) -> None:
    stack.make_topics([peers.DUAL_WRITTEN])
    with peer(stack, name, offset) as (address, _):
        answer = asyncio.run(registered(address, stack.token("counsellor"), f"peer-{name}"))
    assert set(answer) == {"seeker_id"}


def test_the_plain_insert_is_what_it_always_was() -> None:
    # Every ratio that was written down is to this peer: whoever changes it measures all of them anew.
    parts = (peers.PlainSeeker, peers.PlainAnswer, peers.plain_insert, peers.main)
    written = "".join(map(inspect.getsource, parts)).encode()
    assert hashlib.sha256(written).hexdigest() == "08887d5e7051e5b403d6cc4dee30395996b9da89dca6cfe493a6a30cf3cb8c45"
